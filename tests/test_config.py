"""Settings of a desk: what is written is read again, what is wrong is named and never repaired."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kbsearch import RankingSettings, Settings
from kbsearch.config import (
    CleaningSettings,
    DType,
    EmbedderKind,
    EmbedderSettings,
    ImportSettings,
    PassageSettings,
    RedactionSettings,
    RerankerSettings,
    SharingSettings,
    SnapshotSettings,
    StaffRankingSettings,
    StoreSettings,
    VoiceKind,
    VoiceSettings,
    WordSettings,
    load_settings,
    settings_to_toml,
)
from kbsearch.errors import ConfigError


def loaded(folder: Path, text: str) -> Settings:
    path = folder / "kbsearch.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


OTHER_THAN_DEFAULT = Settings(
    embedder=EmbedderSettings(
        kind=EmbedderKind.STATIC,
        model="models/our-own",
        revision="0f1e2d",
        allow_download=True,
        dtype=DType.BFLOAT16,
        max_tokens=64,
        query_prompt='query: "\\n"',
        passage_prompt="Passage\n\t→ ",
        dim=64,
    ),
    passages=PassageSettings(max_tokens=48, title_max_tokens=0),
    words=WordSettings(language="german", languages=("de", "en"), correct_spelling=False),
    ranking=RankingSettings(
        passage_weight=0.3,
        title_weight=0.0,
        bm25_weight=1.0,
        coverage_weight=0.25,
        title_words_weight=0.1,
        n_candidates=10,
        bm25_k1=0.0,
        bm25_b=1.0,
        bm25_title_weight=7,
        open_ticket_prior=0.5,
        bad_outcome_prior=0.55,
        out_of_date_prior=0.6,
        other_language_prior=0.7,
        recency_half_life_days=90.0,
        recency_share=0.2,
        accept_false=0.2,
    ),
    staff_ranking=StaffRankingSettings(
        passage_weight=0.4,
        title_weight=0.1,
        bm25_weight=0.2,
        coverage_weight=0.3,
        title_words_weight=0.0,
        bm25_k1=1.2,
        bm25_b=0.9,
        bm25_title_weight=1,
        open_ticket_prior=0.95,
        bad_outcome_prior=0.9,
        recency_half_life_days=30.0,
        recency_share=0.5,
    ),
    reranker=RerankerSettings(
        model="models/our-own-judge",
        revision="0f1e2d",
        allow_download=True,
        top=7,
        budget_ms=1,
        weight=0.25,
    ),
    snapshots=SnapshotSettings(keep=5, fold_at_passages=1, gate=True),
    store=StoreSettings(lock_wait_s=0),
    cleaning=CleaningSettings(mail=False, boilerplate=False),
    redaction=RedactionSettings(
        secrets=False, personal=False, people=False, phone_regions=("US", "DE")
    ),
    imports=ImportSettings(publish_share=0.5, delete_share=0.0, at_least=3),
    voice=VoiceSettings(
        external=(VoiceKind.BLAME,),
        internal=(VoiceKind.INFORMAL, VoiceKind.READABILITY),
        known_abbreviations=("LK", "SLA"),
        max_reading_grade=9.5,
        max_reading_grade_internal=14.0,
        max_sentence_words=30,
    ),
    sharing=SharingSettings(
        internal_domains=("bw.internal",), own_contacts=("+1 555 0100",), replies_to_others=False
    ),
)


@pytest.mark.parametrize("written", [Settings(), OTHER_THAN_DEFAULT], ids=["default", "other"])
def test_settings_survive_the_way_through_the_file(tmp_path: Path, written: Settings) -> None:
    """Each field, at its default and not."""
    assert loaded(tmp_path, settings_to_toml(written)) == written


def test_the_example_above_leaves_no_field_at_its_default() -> None:
    """A control: a field added later must be part of the round trip."""
    for section in Settings.model_fields:
        default, other = getattr(Settings(), section), getattr(OTHER_THAN_DEFAULT, section)
        same = {name for name, value in default if value == getattr(other, name)}

        assert same == set(), section


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(prompt=st.text(max_size=30), weight=st.floats(0, 1), k1=st.floats(0, 10))
@example('"""\\u0041', 1e-300, 5e-324)
@example("\x00\x1b\x7f\r\n\x85\u2028😀", 0.1, 10)
def test_any_prompt_and_any_number_survive_the_way_through_toml(
    prompt: str, weight: float, k1: float
) -> None:
    """Prompts are free text: quotes, controls and astral characters included."""
    written = Settings(
        embedder=EmbedderSettings(query_prompt=prompt),
        ranking=RankingSettings(passage_weight=weight, bm25_k1=k1),
    )

    assert Settings.model_validate(tomllib.loads(settings_to_toml(written))) == written


def test_an_empty_file_and_a_file_of_comments_mean_the_defaults(tmp_path: Path) -> None:
    """Delete a line to get its default back: so the file says."""
    assert loaded(tmp_path, "") == loaded(tmp_path, "# nothing\n") == Settings()


def test_one_setting_leaves_the_others_at_their_defaults(tmp_path: Path) -> None:
    """A desk's file needs to hold only what is decided."""
    assert loaded(tmp_path, "[ranking]\npassage_weight = 0.5") == Settings(
        ranking=RankingSettings(passage_weight=0.5)
    )


def test_what_has_no_value_is_shown_as_a_comment() -> None:
    """TOML has no null; the name is there to be filled in."""
    lines = settings_to_toml(Settings()).splitlines()

    assert "# revision =" in lines
    assert "[snapshots]" in lines


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "[ranking]\npassage_wieght = 0.5",
            r"ranking\.passage_wieght: Extra inputs are not permitted",
        ),
        ("[rankings]\npassage_weight = 0.5", r"rankings: Extra inputs are not permitted"),
        ("[ranking]\npassage_weight = 1.5", r"ranking\.passage_weight: .*less than or equal to 1"),
        ("[ranking]\npassage_weight = nan", r"ranking\.passage_weight: "),
        ("[ranking]\npassage_weight = 'half'", r"ranking\.passage_weight: .*valid number"),
        ("[ranking]\nbm25_k1 = inf", r"ranking\.bm25_k1: "),
        ("[ranking]\nn_candidates = 9", r"ranking\.n_candidates: .*greater than or equal to 10"),
        ("[ranking]\nn_candidates = 10.5", r"ranking\.n_candidates: .*integer"),
        ("[snapshots]\nkeep = 0", r"snapshots\.keep: .*greater than or equal to 1"),
        ("[embedder]\nkind = 'bert'", r"embedder\.kind: .*'sentence-transformers', 'static' or"),
        ("[embedder]\nmodel = 7", r"embedder\.model: .*valid string"),
        ("[embedder]\ndim = 4", r"embedder\.dim: "),
        ("ranking = 3", r"ranking: Input should be a valid dictionary"),
        ("[ranking]\nx = 1\ny = 2", r"ranking\.x: .*; ranking\.y: "),
    ],
)
def test_a_wrong_setting_is_an_error_that_names_it(tmp_path: Path, text: str, named: str) -> None:
    """And the file; a misspelt name in silence would leave its default in force."""
    with pytest.raises(ConfigError, match=named) as caught:
        loaded(tmp_path, text)

    assert str(tmp_path / "kbsearch.toml") in str(caught.value)
    assert str(caught.value).endswith("Correct the file.")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"passage_weight 0.5", r"Expected '='"),
        (b"[ranking", r"line 1|end of document"),
        (b"[ranking]\npassage_weight = 0.5\npassage_weight = 0.6", r"Cannot overwrite a value"),
        (b"\xff\xfe[\x00", r"can't decode byte 0xff"),
        (b"\x00", r"line 1"),
    ],
)
def test_a_file_that_is_no_toml_is_an_error_that_says_where(
    tmp_path: Path, content: bytes, named: str
) -> None:
    """Also one that is no text at all."""
    path = tmp_path / "kbsearch.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=named):
        load_settings(path)


def test_the_mark_that_some_editors_put_before_utf_8_is_no_part_of_the_file(tmp_path: Path) -> None:
    """As Windows' Notepad writes it."""
    path = tmp_path / "kbsearch.toml"
    path.write_bytes(codecs.BOM_UTF8 + b"[ranking]\nn_candidates = 77\n")

    assert load_settings(path).ranking.n_candidates == 77


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    """Missing, or a directory of that name."""
    with pytest.raises(ConfigError, match=r"absent\.toml.*No such file"):
        load_settings(tmp_path / "absent.toml")
    with pytest.raises(ConfigError, match="Is a directory"):
        load_settings(tmp_path)


@pytest.mark.parametrize("fields", [{"passage_weight": -0.1}, {"bm25_b": 2}, {"colour": "red"}])
def test_settings_made_in_code_are_checked_alike(fields: dict[str, Any]) -> None:
    """The file is one way to them, not the only one."""
    with pytest.raises(ValidationError, match=next(iter(fields))):
        RankingSettings(**fields)
