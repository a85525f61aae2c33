"""Twins: an internal and an external article on one subject, and where they drifted apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.indexing import ShelfWriter
from kbsearch.indexing.twin_notes import Pair, TwinNote, noted_twins, sentence_key
from kbsearch.models import Article, ArticleStatus, Audience, Document
from kbsearch.models.base import FrozenModel
from kbsearch.search import Searcher
from kbsearch.sharing.twin_suggestions import suggested_twins
from kbsearch.text import Analyzer, sentences, to_plain_text

_DOCUMENTS_PER_READ = 256
_MIN_OVERLAP = 0.2


class TwinState(StrEnum):
    """How two twins stand to each other."""

    IN_STEP = "in_step"
    INTERNAL_CHANGED = "internal_changed"
    EXTERNAL_CHANGED = "external_changed"
    BOTH_CHANGED = "both_changed"
    UNMARKED = "unmarked"
    GONE = "gone"
    SUGGESTED = "suggested"


class NewSentence(FrozenModel):
    """
    A sentence that one twin says since they were in step.

    `nearest` is the sentence of the other twin that shares most words with it and
    may need the same change; None if none shares a fifth of them. `overlap` is the
    share of words that both have, of those that either has.
    """

    sentence: str
    nearest: str | None
    overlap: float


class TwinChange(FrozenModel):
    """What changed in one twin. Sentences that are gone are known by hashes alone: a count."""

    side: Audience
    new: tuple[NewSentence, ...]
    n_gone: int


class TwinPair(FrozenModel):
    """
    Two articles on one subject.

    Attributes:
        internal_id: For staff.
        external_id: For customers.
        state: How they stand to each other.
        newer: Of an unmarked pair, the one with the later `updated_at`.
        at: When they were last said to be in step.
        by: Who said so.
        changes: Of each side that changed since.
        remarks: Sentences on what became of one that customers no longer read.
        likeness: Of a suggested pair, the cosine of its nearest passages.
    """

    internal_id: str
    external_id: str
    state: TwinState
    newer: Audience | None = None
    at: datetime | None = None
    by: str | None = None
    changes: tuple[TwinChange, ...] = ()
    remarks: tuple[str, ...] = ()
    likeness: float | None = None

    @property
    def is_out_of_step(self) -> bool:
        """Whether somebody should look: one changed, went, or is newer and nobody compared."""
        if self.state is TwinState.UNMARKED:
            return self.newer is not None
        return self.state not in (TwinState.IN_STEP, TwinState.SUGGESTED)


class TwinReport(FrozenModel):
    """Pairs that are out of step first, then the others, then suggestions; by their ids."""

    pairs: tuple[TwinPair, ...]

    @property
    def out_of_step(self) -> tuple[TwinPair, ...]:
        """Those that somebody should look at."""
        return tuple(pair for pair in self.pairs if pair.is_out_of_step)


class _Shelves(NamedTuple):
    internal: Mapping[str, Document]
    external: Mapping[str, Document]


def twin_report(
    internal: ShelfWriter, external: ShelfWriter, *, now: datetime, searcher: Searcher | None
) -> TwinReport:
    """
    Compare all pairs; nothing is written.

    Args:
        internal: Staff's shelf.
        external: Customers' shelf.
        now: Decides about dates.
        searcher: For staff; if there is one, pairs are suggested too.
    """
    notes = noted_twins(internal.records)
    articles = list(_articles(internal))
    pairs = dict.fromkeys([*_stated(articles), *notes])
    shelves = _Shelves(
        _documents(internal, (i for pair in pairs for i in pair)),
        _documents(external, (i for pair in pairs for i in pair)),
    )
    found = [_compared(pair, shelves, notes.get(pair), now, internal.analyzer) for pair in pairs]
    if searcher is not None:
        paired = {document_id for pair in pairs for document_id in pair}
        alone = [a for a in articles if a.audience is Audience.INTERNAL and a.id not in paired]
        found += [
            TwinPair(
                internal_id=one.internal_id,
                external_id=one.external_id,
                state=TwinState.SUGGESTED,
                likeness=one.cosine,
            )
            for one in suggested_twins(searcher, alone)
            if one.external_id not in paired
        ]
    return TwinReport(pairs=tuple(sorted(found, key=_place)))


def _place(pair: TwinPair) -> tuple[bool, bool, str, str]:
    is_suggested = pair.state is TwinState.SUGGESTED
    return not pair.is_out_of_step, is_suggested, pair.internal_id, pair.external_id


def baseline_of(
    internal: ShelfWriter,
    external: ShelfWriter,
    internal_id: str,
    external_id: str,
    *,
    by: str,
    at: datetime,
) -> TwinNote:
    """
    What two articles read now.

    Raises:
        ConfigError: If `by` is blank, or one of the two is no article.
        DocumentNotFoundError: If one does not stand on its shelf.
    """
    if not by.strip():
        raise ConfigError("Say who found them in step: `by` is blank. Nothing was noted.")
    keys = []
    for shelf, document_id in ((internal, internal_id), (external, external_id)):
        document = _documents(shelf, [document_id]).get(document_id)
        if document is None:
            raise DocumentNotFoundError(document_id)
        if not isinstance(document, Article):
            raise ConfigError(f"{document_id!r} is a ticket; twins are articles. Name an article.")
        keys.append(tuple(_sentences_of(document)))
    return TwinNote(at=at, by=by.strip(), internal=keys[0], external=keys[1])


def _articles(shelf: ShelfWriter) -> Iterator[Article]:
    keys = [each.document_key for each in shelf.records.attributes() if each.kind == "article"]
    for start in range(0, len(keys), _DOCUMENTS_PER_READ):
        found = shelf.records.documents(keys[start : start + _DOCUMENTS_PER_READ])
        yield from (each for each in found.values() if isinstance(each, Article))


def _documents(shelf: ShelfWriter, ids: Iterable[str]) -> dict[str, Document]:
    keys = [key for key, _ in shelf.records.keys_by_id(dict.fromkeys(ids)).values()]
    return {document.id: document for document in shelf.records.documents(keys).values()}


def _stated(articles: Iterable[Article]) -> Iterator[Pair]:
    """
    Pairs by `twin_id`, whichever of the two carries it.

    The staff's shelf has the internal article, and an external one while it is a
    draft or archived; the one that customers read has lost it.
    """
    ours = {article.id: article for article in articles}
    for article in ours.values():
        twin = article.twin_id
        if twin is None or twin == article.id:
            continue
        if article.audience is Audience.EXTERNAL:
            yield twin, article.id
        elif not (twin in ours and ours[twin].twin_id == article.id and twin < article.id):
            yield article.id, twin  # of two internal ones that name each other, one pair


def _compared(
    pair: Pair, shelves: _Shelves, note: TwinNote | None, now: datetime, analyzer: Analyzer
) -> TwinPair:
    inner, outer = shelves.internal.get(pair[0]), shelves.external.get(pair[1])
    made = TwinPair(
        internal_id=pair[0],
        external_id=pair[1],
        state=TwinState.UNMARKED,
        at=note.at if note else None,
        by=note.by if note else None,
    )
    remarks = tuple(_remarks(pair, shelves, now))
    if remarks or not isinstance(inner, Article) or not isinstance(outer, Article):
        return made.model_copy(update={"state": TwinState.GONE, "remarks": remarks})
    if note is None:
        return made.model_copy(update={"newer": _newer(inner, outer)})
    texts = {Audience.INTERNAL: _sentences_of(inner), Audience.EXTERNAL: _sentences_of(outer)}
    before = {Audience.INTERNAL: note.internal, Audience.EXTERNAL: note.external}
    others = {Audience.INTERNAL: Audience.EXTERNAL, Audience.EXTERNAL: Audience.INTERNAL}
    changes = tuple(
        _change(side, before[side], texts[side], texts[others[side]], analyzer)
        for side in others
        if set(before[side]) != set(texts[side])
    )
    return made.model_copy(update={"state": _state(changes), "changes": changes})


def _state(changes: tuple[TwinChange, ...]) -> TwinState:
    if len(changes) > 1:
        return TwinState.BOTH_CHANGED
    if not changes:
        return TwinState.IN_STEP
    is_internal = changes[0].side is Audience.INTERNAL
    return TwinState.INTERNAL_CHANGED if is_internal else TwinState.EXTERNAL_CHANGED


def _newer(inner: Article, outer: Article) -> Audience | None:
    if inner.updated_at is None or outer.updated_at is None or inner.updated_at == outer.updated_at:
        return None
    return Audience.INTERNAL if inner.updated_at > outer.updated_at else Audience.EXTERNAL


def _remarks(pair: Pair, shelves: _Shelves, now: datetime) -> Iterator[str]:
    inner, outer = shelves.internal.get(pair[0]), shelves.external.get(pair[1])
    if inner is None:
        moved = pair[0] in shelves.external
        yield "the internal one is now customers' own" if moved else "the internal one is deleted"
    elif isinstance(inner, Article) and inner.status is ArticleStatus.ARCHIVED:
        yield "the internal one is archived"
    if outer is None:
        kept = shelves.internal.get(pair[1])
        yield f"the external one {_why_not_external(kept)}"
    elif isinstance(outer, Article) and outer.is_expired(now):
        yield f"the external one expired on {outer.valid_until:%Y-%m-%d}"


def _why_not_external(kept: Document | None) -> str:
    if kept is None:
        return "is deleted"
    if isinstance(kept, Article) and kept.audience is Audience.EXTERNAL:
        return f"is not published: its status is {kept.status.value}"
    return "was withdrawn: it stands with the staff"


def _sentences_of(article: Article) -> dict[str, str]:
    """The sentences of an article by their keys."""
    text = f"{article.title}\n{to_plain_text(article.body, article.format)}"
    return {sentence_key(sentence.text): sentence.text for sentence in sentences(text)}


def _change(
    side: Audience,
    before: Iterable[str],
    now: Mapping[str, str],
    other: Mapping[str, str],
    analyzer: Analyzer,
) -> TwinChange:
    known = set(before)
    terms = [(text, set(analyzer.terms(text))) for text in other.values()]
    new = [_new_sentence(text, terms, analyzer) for key, text in now.items() if key not in known]
    return TwinChange(side=side, new=tuple(new), n_gone=len(known - now.keys()))


def _new_sentence(text: str, others: list[tuple[str, set[str]]], analyzer: Analyzer) -> NewSentence:
    own = set(analyzer.terms(text))
    scored = [(len(own & terms) / len(own | terms), other) for other, terms in others if terms]
    overlap, nearest = max(scored, default=(0.0, ""), key=lambda one: one[0]) if own else (0.0, "")
    is_near = overlap >= _MIN_OVERLAP
    return NewSentence(
        sentence=text, nearest=nearest if is_near else None, overlap=round(overlap, 2)
    )
