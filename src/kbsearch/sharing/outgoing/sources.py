"""What of a document only staff may read, what another customer was told, and what is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from kbsearch.models import Article, Audience, AuthorRole, Document, SectionKind, Ticket
from kbsearch.sharing.outgoing.shingles import (
    NOTHING_SHARED,
    Likeness,
    Weights,
    Words,
    likeness,
    read_words,
)
from kbsearch.text import Analyzer, CleanDocument, Section, sentences

_N_COMPARED = 12
_LONGEST = 60


class Origin(StrEnum):
    """Which part of a document a sentence comes from, in the words of a finding."""

    ARTICLE = "an internal article"
    HIDDEN = "an article that customers cannot read now"
    SUBJECT = "the subject that staff gave a ticket"
    NOTE = "a private note"
    CUSTOMER = "another customer's message"
    REPLY = "a reply to another customer"
    FREE = "free"


class Line(NamedTuple):
    """A sentence of a document, or two that follow each other."""

    document_id: str
    origin: Origin
    text: str
    words: Words


class Match(NamedTuple):
    """The line that a sentence is most like."""

    line: Line
    likeness: Likeness


def lines_of(
    document: Document, cleaned: CleanDocument, analyzer: Analyzer, *, is_free: bool, is_own: bool
) -> Iterator[list[Line]]:
    """
    The sentences of a document, one list for each section.

    Args:
        document: As it stands on its shelf.
        cleaned: Its cleaned text.
        analyzer: Of the desk.
        is_free: Customers may read all of it.
        is_own: It is the ticket answered: who asked knows its public messages.
    """
    first = Origin.SUBJECT if isinstance(document, Ticket) else _of_article(document)
    parts = [(first, cleaned.title)]
    parts += [
        (_origin(document, section, is_own=is_own), cleaned.text[section.start : section.end])
        for section in cleaned.sections
    ]
    for origin, text in parts:
        shown = Origin.FREE if is_free else origin
        found = [Line(document.id, shown, s, read_words(s, analyzer)) for s in _sentences(text)]
        if found:
            yield found


def _sentences(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        words = sentence.text.split()
        if len(words) <= _LONGEST:
            yield sentence.text
        else:  # a log or a table without full stops
            for start in range(0, len(words), _LONGEST):
                yield " ".join(words[start : start + _LONGEST])


def _origin(document: Document, section: Section, *, is_own: bool) -> Origin:
    if isinstance(document, Article):
        return _of_article(document)
    if section.kind is SectionKind.RESOLUTION or _is_public(document, section):
        if is_own:
            return Origin.FREE
        return Origin.CUSTOMER if section.kind is SectionKind.PROBLEM else Origin.REPLY
    return Origin.NOTE


def _of_article(article: Article) -> Origin:
    return Origin.HIDDEN if article.audience is Audience.EXTERNAL else Origin.ARTICLE


def _is_public(ticket: Ticket, section: Section) -> bool:
    """Whether its message is; where messages have no ids, only if all that it may be are."""
    if section.kind not in (SectionKind.PROBLEM, SectionKind.REPLY):
        return False
    role = AuthorRole.CUSTOMER if section.kind is SectionKind.PROBLEM else AuthorRole.AGENT
    candidates = [
        message.public
        for message in ticket.messages
        if message.id == section.message_id and message.author_role is role
    ]
    return bool(candidates) and all(candidates)


class LineIndex:
    """Sentences by their terms: which of them could one be a copy of."""

    def __init__(self, sections: Iterable[list[Line]], weights: Weights) -> None:
        self.sections = list(sections)
        self._weights = weights
        self._places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, section in enumerate(self.sections):
            for place, line in enumerate(section):
                for term in set(line.words.terms):
                    self._places[term].append((number, place))

    def likely(self, words: Words, n: int = _N_COMPARED) -> list[tuple[int, int]]:
        """Section and place of the n lines that share most with a sentence."""
        shared: defaultdict[tuple[int, int], float] = defaultdict(float)
        for term in set(words.terms):
            weight = self._weights.of(term)
            for place in self._places.get(term, ()):
                shared[place] += weight
        return sorted(shared, key=lambda place: (-shared[place], place))[:n]

    def line(self, place: tuple[int, int]) -> Line:
        """The line that stands at a place."""
        number, position = place
        return self.sections[number][position]

    def matches(self, words: Words) -> list[Match]:
        """
        The most alike line of each document that shares something, most alike first.

        Of one document, that which proves most: its title may be a part of the sentence
        too, and be no proof.
        """
        best: dict[tuple[str, Origin], Match] = {}
        for number, place in self.likely(words):
            for line in self._around(number, place):
                found = Match(line, likeness(words, line.words, self._weights))
                key = (line.document_id, line.origin)
                if found.likeness.evidence > best.get(key, _NO_MATCH).likeness.evidence:
                    best[key] = found
        return sorted(best.values(), key=lambda match: -match.likeness.score)

    def _around(self, number: int, place: int) -> Iterator[Line]:
        """A line alone, and with its neighbours: copies part and join sentences."""
        section = self.sections[number]
        yield section[place]
        for first in (place - 1, place):
            if first >= 0 and first + 1 < len(section):
                yield _joined(section[first], section[first + 1])


def _joined(one: Line, other: Line) -> Line:
    words = Words(one.words.terms + other.words.terms, one.words.plain + other.words.plain[1:])
    return Line(one.document_id, one.origin, f"{one.text} {other.text}", words)


_NO_MATCH = Match(Line("", Origin.FREE, "", Words((), "")), NOTHING_SHARED)
