"""
Questions made of a document's own parts, for desks whose history holds no labels.

- A title is asked, the rest of its document must answer.
- A ticket's problem is asked, its replies and its resolution must answer.
- A section of an article is asked, the rest of the article must answer.

**What such figures are worth.** One document counts as the only answer, and whoever
wrote the question wrote the answer too, in the same words: what finds words looks better
than it is, what finds meaning worse. On a desk as it stands, the document still holds
the very words that are asked, so that nearly every question finds it first. `Imitated`
therefore says which part became the question, and `without` takes that part out of the
cleaned document: measure on documents cut so, compare rankings with each other, and
never tell anybody such a figure as how well a desk answers. Documents without titles
cannot say what titles are worth, so fit no weight of titles to title labels.

On 4,548 reports of OpenOffice's tracker (300 questions each, words alone): subjects find
a duplicate with nDCG@10 .45, their own reports with .98, and .54 without the subject.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kbsearch.errors import InvalidDocumentError
from kbsearch.evaluation.labels import Label, LabelSet, LabelSource, Question
from kbsearch.models import Article, Audience, Document, SectionKind, Ticket
from kbsearch.search.problem import problem_of
from kbsearch.text import (
    CleanDocument,
    Cleaner,
    Section,
    bare_subject,
    log_blocks,
    tells_something,
)

N_PER_SOURCE = 1000
"""So many questions of each kind are asked at most; of 300, intervals are .01 to .03 wide."""

_FEWEST_CHARACTERS = 12
_FEWEST_OF_SECTION = 40
_MOST_OF_SECTION = 500
_LARGEST_SHARE = 0.5
_PARTING = "\n\n"
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_FIXES = {SectionKind.RESOLUTION, SectionKind.PRIVATE_RESOLUTION, SectionKind.REPLY}

SOURCES = tuple(source for source in LabelSource if source.is_imitated)


class LeftOut(NamedTuple):
    """
    The part of a document that became a question.

    Attributes:
        document_id: Of the document.
        has_title: Whether its title is left out.
        spans: Offsets in its cleaned text that are left out, ascending.
    """

    document_id: str
    has_title: bool
    spans: tuple[tuple[int, int], ...]


class Imitated(NamedTuple):
    """A question, its one label, and which part of the labelled document it was made of."""

    question: Question
    label: Label
    left_out: LeftOut


def imitate(document: Document, cleaner: Cleaner, audience: Audience) -> Iterator[Imitated]:
    """
    All questions that can be made of one document as this audience reads it.

    Args:
        document: As it stands on a shelf of this audience.
        cleaner: Of the shelf.
        audience: Who asks.

    Returns:
        One question of each kind at most. Their ids cannot be those of documents, and
        they have no date: the document must be there to be asked for.
    """
    try:
        cleaned = cleaner.document(document)
    except InvalidDocumentError:  # nothing of it is searched
        return
    for source in SOURCES:
        if part := _PARTS[source](document, cleaned, cleaner):
            text, left_out = part
            question = Question(id=_name(source, document.id), text=text, audience=audience)
            yield Imitated(
                question,
                Label(question_id=question.id, document_id=document.id, source=source),
                left_out,
            )


def sample_imitated(
    documents: Iterable[tuple[Document, Cleaner]],
    audience: Audience,
    *,
    n_per_source: int = N_PER_SOURCE,
) -> list[Imitated]:
    """
    A sample of such questions, drawn while a desk of any size is streamed.

    A hash of the id decides: the same desk gives the same sample in whatever order it
    comes, and one that has grown gives mostly the same.

    Args:
        documents: Each with the cleaner of its shelf; the first of an id counts.
        audience: Who asks.
        n_per_source: At most so many of each kind, 1 or more.

    Returns:
        By kind and id.
    """
    kept: dict[LabelSource, list[tuple[int, str, Imitated]]] = {one: [] for one in SOURCES}
    seen: set[str] = set()
    for document, cleaner in documents:
        draws = {source: _draw(source, document.id) for source in SOURCES}
        if document.id in seen or not any(
            _is_taken(draws[source], kept[source], n_per_source) for source in SOURCES
        ):
            continue
        seen.add(document.id)
        for made in imitate(document, cleaner, audience):
            own, draw = kept[made.label.source], draws[made.label.source]
            if _is_taken(draw, own, n_per_source):
                heapq.heappush(own, (draw, document.id, made))
                if len(own) > n_per_source:
                    heapq.heappop(own)
    return [
        made for source in SOURCES for _, _, made in sorted(kept[source], key=lambda one: one[1])
    ]


def imitated_labels(imitated: Iterable[Imitated]) -> LabelSet:
    """The same as labels, for what measures a desk as it stands."""
    listed = list(imitated)
    return LabelSet(
        questions=tuple(one.question for one in listed), labels=tuple(one.label for one in listed)
    )


def without(cleaned: CleanDocument, left_out: LeftOut) -> CleanDocument:
    """The document without the part that became the question, to be indexed and asked."""
    parts = []
    for section in cleaned.sections:
        inside = [s for s in left_out.spans if s[0] < section.end and s[1] > section.start]
        if text := _rest(cleaned.text, section, inside):
            parts.append((section, text))
    sections, position = [], 0
    for section, text in parts:
        end = position + len(text)
        logs = tuple((position + a, position + b) for a, b in log_blocks(text))
        moved = {"start": position, "end": end, "logs": logs}
        sections.append(section.model_copy(update=moved))
        position = end + len(_PARTING)
    return CleanDocument(
        title="" if left_out.has_title else cleaned.title,
        text=_PARTING.join(text for _, text in parts),
        sections=tuple(sections),
    )


def _rest(text: str, section: Section, spans: Iterable[tuple[int, int]]) -> str:
    kept, position = [], section.start
    for start, end in spans:
        kept.append(text[position : max(start, position)])
        position = min(end, section.end)
    kept.append(text[position : section.end])
    return _PARTING.join(part.strip() for part in kept if part.strip())


_Part = tuple[str, LeftOut] | None


def _title_part(document: Document, cleaned: CleanDocument, _: Cleaner) -> _Part:
    """None where the text says the title again: it would be asked for word by word."""
    title = bare_subject(cleaned.title).strip()
    if len(title) < _FEWEST_CHARACTERS or len(cleaned.text) < _FEWEST_CHARACTERS:
        return None
    if title.casefold() in cleaned.text.casefold():
        return None
    return title, LeftOut(document.id, has_title=True, spans=())


def _problem_part(document: Document, cleaned: CleanDocument, cleaner: Cleaner) -> _Part:
    """All that the asker wrote is left out, the title with it."""
    if not isinstance(document, Ticket):
        return None
    fix = document.public_resolution or document.private_resolution
    if fix is None or not tells_something(fix.text):
        return None
    told = [one for one in cleaned.sections if one.kind is SectionKind.PROBLEM]
    if not told or not any(one.kind in _FIXES for one in cleaned.sections):
        return None
    problem = problem_of(document, cleaner).text.strip()
    if len(problem) < _FEWEST_CHARACTERS:
        return None
    spans = tuple((one.start, one.end) for one in told)
    return problem, LeftOut(document.id, has_title=True, spans=spans)


def _section_part(document: Document, cleaned: CleanDocument, _: Cleaner) -> _Part:
    """The longest paragraph that leaves at least as much behind as it takes."""
    if not isinstance(document, Article):
        return None
    most = len(cleaned.text) * _LARGEST_SHARE
    spans = [match.span() for match in _PARAGRAPH.finditer(cleaned.text)]
    fitting = [(a, b) for a, b in spans if _FEWEST_OF_SECTION <= b - a <= most]
    if not fitting:
        return None
    start, end = max(fitting, key=lambda span: (span[1] - span[0], -span[0]))
    text = cleaned.text[start:end]
    if len(text) > _MOST_OF_SECTION:
        text = text[:_MOST_OF_SECTION].rsplit(None, 1)[0]
    return text, LeftOut(document.id, has_title=False, spans=((start, end),))


_PARTS = {
    LabelSource.TITLE_TO_BODY: _title_part,
    LabelSource.PROBLEM_TO_RESOLUTION: _problem_part,
    LabelSource.SECTION_TO_ARTICLE: _section_part,
}


def _name(source: LabelSource, document_id: str) -> str:
    """A slash before the first colon is in no document's id."""
    return f"{source.value}/{document_id}"


def _draw(source: LabelSource, document_id: str) -> int:
    """The larger, the sooner it is taken."""
    return int.from_bytes(hashlib.sha256(_name(source, document_id).encode()).digest()[:8])


def _is_taken(draw: int, kept: list[tuple[int, str, Imitated]], n: int) -> bool:
    return len(kept) < n or draw > kept[0][0]
