"""The settings of a desk, as kbsearch.toml holds them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError

from kbsearch.errors import ConfigError
from kbsearch.models.base import Audience, FrozenModel, Language
from kbsearch.models.hit import Stage
from kbsearch.models.parsing import describe_validation


class EmbedderKind(StrEnum):
    """Which of the shipped embedders a desk uses."""

    SENTENCE_TRANSFORMERS = "sentence-transformers"
    STATIC = "static"
    HASHING = "hashing"


class DType(StrEnum):
    """Number format of the model's weights while it computes."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


class VoiceKind(StrEnum):
    """What a text can be checked for, by the names of the findings."""

    INTERNAL_TERM = "internal_term"
    ABBREVIATION = "abbreviation"
    BLAME = "blame"
    INFORMAL = "informal"
    READABILITY = "readability"


class EmbedderSettings(FrozenModel):
    """
    What turns text into vectors.

    Attributes:
        kind: Family of the model.
        model: Name or path; `all-MiniLM-L6-v2` comes from an installed package.
        revision: Commit of a model on a hub; left out, the newest one at hand.
        allow_download: Fetch a model that is not on this machine.
        dtype: bfloat16 is about twice as fast on processors that have it.
        max_tokens: Read at most so many tokens of a text; left out, the model's own limit.
        query_prompt: Put before every query, for models trained with one.
        passage_prompt: Put before every passage, likewise.
        dim: Length of the hashing embedder's vectors; other models have their own.
    """

    kind: EmbedderKind = EmbedderKind.SENTENCE_TRANSFORMERS
    model: str = "all-MiniLM-L6-v2"
    revision: str | None = None
    allow_download: bool = False
    dtype: DType = DType.FLOAT32
    max_tokens: int | None = Field(default=None, ge=16, le=32768)
    query_prompt: str = ""
    passage_prompt: str = ""
    dim: int = Field(default=512, ge=8, le=8192)


class PassageSettings(FrozenModel):
    """
    How documents are cut.

    Attributes:
        max_tokens: Longest passage, title included; left out, what the model can read.
        title_max_tokens: So much of a long title is put before each passage.
    """

    max_tokens: int | None = Field(default=None, ge=16, le=32768)
    title_max_tokens: int = Field(default=48, ge=0, le=512)


class WordSettings(FrozenModel):
    """
    How words are compared.

    Attributes:
        language: Snowball language whose stemmer and stop words are used, or "none", or
            "auto": each document by its own, which is detected if it does not name it.
        languages: With "auto", codes of those that the desk is written in, the main one
            first; left out, any, and English is the main one.
        correct_spelling: Search also for known words that are nearly those of a query, be it but
            for a blank.
    """

    language: str = "english"
    languages: tuple[Language, ...] = ()
    correct_spelling: bool = True


class CleaningSettings(FrozenModel):
    """
    What is cut out of texts before they are searched; documents stay as they are.

    Attributes:
        mail: Cut quoted replies, signatures, forwarded headers and disclaimers out of messages.
        boilerplate: Learn lines that many documents of a shelf share, and cut them.
    """

    mail: bool = True
    boilerplate: bool = True


class RedactionSettings(FrozenModel):
    """
    What is replaced in documents before anything of them is stored.

    Attributes:
        secrets: Passwords, keys and tokens, on both shelves.
        personal: Addresses, numbers of phones, cards and accounts, ids, for customers.
        people: Names and addresses of those named in a ticket's own fields, for customers.
        phone_regions: Countries as US or DE whose national phone numbers are known too.
    """

    secrets: bool = True
    personal: bool = True
    people: bool = True
    phone_regions: tuple[str, ...] = ()


class ImportSettings(FrozenModel):
    """
    Brakes of a run that reads a whole export: beyond them it stops and asks.

    Attributes:
        publish_share: Of the documents on the external shelf, how many may newly come to it.
        delete_share: Of the source's documents, how many may be deleted by `sync`.
        at_least: So many may in any case.
    """

    publish_share: float = Field(default=0.05, ge=0, le=1)
    delete_share: float = Field(default=0.05, ge=0, le=1)
    at_least: int = Field(default=20, ge=0)


class RankingSettings(FrozenModel):
    """
    How hits are ordered.

    The weights are relative: only their proportions count.

    Attributes:
        passage_weight: Of the cosine of the best passage.
        title_weight: Of the cosine of the title.
        bm25_weight: Of BM25 beside the best document's.
        coverage_weight: Of the share of the query's words that a document holds.
        title_words_weight: Of the share that its title holds.
        n_candidates: Documents that each retriever proposes to the fusion.
        bm25_k1: Saturation of repeated words.
        bm25_b: How far long documents are discounted.
        bm25_title_weight: A word of a title counts as often as so many of a text.
        open_ticket_prior: What the score of a ticket without an answer is multiplied by.
        bad_outcome_prior: Likewise of a ticket that was reopened or followed up, or whose
            asker was dissatisfied, for staff: nothing on customers' shelf tells of it.
        out_of_date_prior: Likewise of an article that is not valid now, for staff.
        other_language_prior: Likewise of a document in another language than the query.
        recency_half_life_days: After so many days age has taken half of what it may;
            left out, age does not count.
        recency_share: Of a score, what age may take at most.
        accept_false: Of the questions that nothing answers, the share that may get a
            suggestion all the same; left out, every hit is shown.
    """

    passage_weight: float = Field(default=0.6, ge=0, le=1)
    title_weight: float = Field(default=0.15, ge=0, le=1)
    bm25_weight: float = Field(default=0.2, ge=0, le=1)
    coverage_weight: float = Field(default=0.3, ge=0, le=1)
    title_words_weight: float = Field(default=0.3, ge=0, le=1)
    n_candidates: int = Field(default=100, ge=10, le=10_000)
    bm25_k1: float = Field(default=1.5, ge=0, le=10)
    bm25_b: float = Field(default=0.75, ge=0, le=1)
    bm25_title_weight: int = Field(default=3, ge=1, le=20)
    open_ticket_prior: float = Field(default=0.97, gt=0, le=1)
    bad_outcome_prior: float = Field(default=0.97, gt=0, le=1)
    out_of_date_prior: float = Field(default=0.8, gt=0, le=1)
    other_language_prior: float = Field(default=0.9, gt=0, le=1)
    recency_half_life_days: float | None = Field(default=None, ge=1, le=36_500)
    recency_share: float = Field(default=0.35, ge=0, le=1)
    accept_false: float | None = Field(default=None, ge=0, le=1)

    @property
    def weights(self) -> dict[Stage, float]:
        """By stage of the fusion."""
        return {
            Stage.PASSAGES: self.passage_weight,
            Stage.TITLES: self.title_weight,
            Stage.BM25: self.bm25_weight,
            Stage.COVERAGE: self.coverage_weight,
            Stage.TITLE_WORDS: self.title_words_weight,
        }


class StaffRankingSettings(FrozenModel):
    """
    How hits for staff are ordered where that differs from `RankingSettings`.

    Customers' order is made of `[ranking]` alone: what is fitted to staff's labels
    stands here. BM25's parameters are those of staff's shelves.

    Attributes:
        passage_weight: As there, and so are the others; left out, the same as there.
    """

    passage_weight: float | None = Field(default=None, ge=0, le=1)
    title_weight: float | None = Field(default=None, ge=0, le=1)
    bm25_weight: float | None = Field(default=None, ge=0, le=1)
    coverage_weight: float | None = Field(default=None, ge=0, le=1)
    title_words_weight: float | None = Field(default=None, ge=0, le=1)
    bm25_k1: float | None = Field(default=None, ge=0, le=10)
    bm25_b: float | None = Field(default=None, ge=0, le=1)
    bm25_title_weight: int | None = Field(default=None, ge=1, le=20)
    open_ticket_prior: float | None = Field(default=None, gt=0, le=1)
    bad_outcome_prior: float | None = Field(default=None, gt=0, le=1)
    recency_half_life_days: float | None = Field(default=None, ge=1, le=36_500)
    recency_share: float | None = Field(default=None, ge=0, le=1)


class RerankerSettings(FrozenModel):
    """
    A second look at the best hits by a model that reads query and text together.

    Attributes:
        model: Name or path of a cross-encoder; "" for none.
        revision: Commit of a model on a hub; left out, the newest one at hand.
        allow_download: Fetch a model that is not on this machine.
        top: So many hits get a second look.
        budget_ms: So long it may take for one query; what is not looked at by then
            keeps its place behind the rest.
        weight: Of the model's word in a hit's score; the other stages share the rest.
    """

    model: str = ""
    revision: str | None = None
    allow_download: bool = False
    top: int = Field(default=30, ge=1, le=1000)
    budget_ms: int = Field(default=500, ge=1, le=600_000)
    weight: float = Field(default=0.5, ge=0, le=1)


class SnapshotSettings(FrozenModel):
    """
    When indexes are folded and how many are kept.

    Attributes:
        keep: Snapshots that stay on disk, the live one included.
        fold_at_passages: A write that leaves more unfolded passages than this, and
            more than a tenth of the snapshot, publishes a new snapshot.
        gate: Let `rebuild` publish only what answers no worse than what is live.
    """

    keep: int = Field(default=2, ge=1, le=100)
    fold_at_passages: int = Field(default=1000, ge=1)
    gate: bool = False


class VoiceSettings(FrozenModel):
    """
    What texts are checked for before others read them; the glossary has a file of its own.

    Attributes:
        external: Kinds of findings in what customers read.
        internal: Likewise in what staff read.
        known_abbreviations: Need no explanation, beside the usual ones as PDF and VPN.
        max_reading_grade: Years of school that customers' texts may ask for.
        max_reading_grade_internal: Likewise staff's texts.
        max_sentence_words: A sentence with more words is too long to follow.
    """

    external: tuple[VoiceKind, ...] = tuple(VoiceKind)
    internal: tuple[VoiceKind, ...] = ()
    known_abbreviations: tuple[str, ...] = ()
    max_reading_grade: float = Field(default=12.0, ge=1, le=30)
    max_reading_grade_internal: float = Field(default=16.0, ge=1, le=30)
    max_sentence_words: int = Field(default=40, ge=5, le=500)


class StoreSettings(FrozenModel):
    """
    How writers of one desk take turns.

    Attributes:
        lock_wait_s: So long a write waits for another process or thread that writes.
    """

    lock_wait_s: float = Field(default=10.0, ge=0, le=3600)


class SharingSettings(FrozenModel):
    """
    What a text must not hold before it leaves the house.

    Attributes:
        internal_domains: Names under which only staff reach anything, as "bw.internal".
        own_contacts: Your own addresses and numbers that customers know: they are
            no finding, however written, as "support@brightwater.example".
        replies_to_others: What agents told another customer counts as that customer's.
    """

    internal_domains: tuple[str, ...] = ()
    own_contacts: tuple[str, ...] = ()
    replies_to_others: bool = True


class Settings(FrozenModel):
    """All settings; every one has a default that works."""

    embedder: EmbedderSettings = EmbedderSettings()
    passages: PassageSettings = PassageSettings()
    words: WordSettings = WordSettings()
    cleaning: CleaningSettings = CleaningSettings()
    redaction: RedactionSettings = RedactionSettings()
    imports: ImportSettings = ImportSettings()
    ranking: RankingSettings = RankingSettings()
    staff_ranking: StaffRankingSettings = StaffRankingSettings()
    reranker: RerankerSettings = RerankerSettings()
    snapshots: SnapshotSettings = SnapshotSettings()
    store: StoreSettings = StoreSettings()
    voice: VoiceSettings = VoiceSettings()
    sharing: SharingSettings = SharingSettings()

    def read_by(self, audience: Audience) -> Settings:
        """The same with the ranking of one audience, on whose shelves or for whom it counts."""
        own = self.staff_ranking.model_dump(exclude_none=True)
        if audience is Audience.EXTERNAL or not own:
            return self
        return self.model_copy(update={"ranking": self.ranking.model_copy(update=own)})


def load_settings(path: Path) -> Settings:
    """
    Read kbsearch.toml, with or without the mark that some editors put before UTF-8.

    Raises:
        ConfigError: If the file is no TOML, or a setting is unknown or out of range.
    """
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        reason = describe_validation(error)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        reason = f"{error}."
    raise ConfigError(f"The settings in {str(path)!r} cannot be used: {reason} Correct the file.")


SECTIONS_FOR_SERVING = (
    *("embedder", "passages", "words", "cleaning", "redaction", "ranking", "reranker"),
)
"""What searches of a shelf depend on: with these, and no others, a bundle is given away."""


def settings_to_toml(settings: Settings, sections: Iterable[str] | None = None) -> str:
    """
    The settings as the text of a kbsearch.toml, each section with all its values.

    Args:
        settings: Of a desk.
        sections: Only these; left out, all.
    """
    lines = ["# Settings of this desk. Delete a line to get its default back."]
    for section in type(settings).model_fields if sections is None else sections:
        lines += ["", f"[{section}]"]
        for name, value in getattr(settings, section).model_dump(mode="json").items():
            shown = f"# {name} =" if value is None else f"{name} = {_toml_value(value)}"
            lines.append(shown)
    return "\n".join(lines) + "\n"


def _toml_value(value: str | bool | int | float | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
