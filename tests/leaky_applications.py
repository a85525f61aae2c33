"""A helpdesk's own small search, once as it should be and in many ways that leak."""

from __future__ import annotations

import base64
import logging
import math
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from kbsearch import Article, Ticket
from kbsearch.models import Document
from kbsearch.testing import Application

Found = list[tuple[str, str, float]]

_log = logging.getLogger("leaky")
_quiet_log = logging.getLogger("leaky.quiet")
_quiet_log.propagate = False
_quiet_log.setLevel(logging.CRITICAL)


class Response(NamedTuple):
    """What goes over the wire."""

    status_code: int
    headers: dict[str, str]
    body: bytes


def title_of(document: Document) -> str:
    """What a list of hits shows."""
    return document.title if isinstance(document, Article) else document.subject


def words_of(document: Document) -> list[str]:
    """All words of a document."""
    texts = [title_of(document), document.id]
    if isinstance(document, Article):
        texts.append(document.body)
    else:
        texts += [message.text for message in document.messages]
    return " ".join(texts).casefold().split()


class OwnSearch:
    """Words weighed by how rare they are; customers are shown public faces alone."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.whole = list(documents)
        faces = [face for each in documents if (face := each.public_face()) is not None]
        self.public = [face for face in faces if isinstance(face, Ticket) or not is_dated(face)]
        self.weighed_by = self.public

    def found(self, question: str, among: Sequence[Document]) -> Found:
        """Id, title and score of what shares a word with the question, best first."""
        n = len(self.weighed_by)
        frequency = Counter(word for each in self.weighed_by for word in set(words_of(each)))
        asked = set(question.casefold().split())
        scored = [
            (
                each.id,
                title_of(each),
                sum(math.log1p(n / (1 + frequency[w])) for w in sorted(asked & {*words_of(each)})),
            )
            for each in among
        ]
        return sorted((hit for hit in scored if hit[2]), key=lambda hit: (-hit[2], hit[0]))

    def customers(self, question: str) -> object:
        """As it should be."""
        return self.found(question, self.public)

    def staff(self, question: str) -> object:
        """Everything."""
        return self.found(question, self.whole)


def is_dated(article: Article) -> bool:
    """Hidden from customers by its dates."""
    return article.valid_from is not None or article.valid_until is not None


class SharedStatistics(OwnSearch):
    """One index for both; what is internal is filtered out of each answer."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(documents)
        self.weighed_by = self.whole


class SharedCache(OwnSearch):
    """Whoever asked first, everybody gets that answer."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(documents)
        self.cache: dict[str, object] = {}

    def customers(self, question: str) -> object:
        return self.cache.setdefault(question, super().customers(question))

    def staff(self, question: str) -> object:
        return self.cache.setdefault(question, super().staff(question))


class OutlivesItsWorld(OwnSearch):
    """A list of what was indexed lately stands in the module and is shown to the next one."""

    lately: ClassVar[list[str]] = []

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(documents)
        self.before = self.lately[:]
        self.lately[:] = [title_of(each) for each in documents]

    def customers(self, question: str) -> object:
        return self.found(question, self.public), self.before


class FilteredByHand(OwnSearch):
    """Finds among all documents, then takes out what is internal, and tells somewhere."""

    def customers(self, question: str) -> object:
        hits = self.found(question, self.whole)
        known = {each.id for each in self.public}
        self.tell(question, [hit for hit in hits if hit[0] not in known])
        return super().customers(question)

    def tell(self, question: str, hidden: Found) -> None:
        """What was taken out."""


class LogLine(FilteredByHand):
    """In a field of a log record that a structured log would show."""

    def tell(self, question: str, hidden: Found) -> None:
        _log.debug("%d hidden for %r", len(hidden), question, extra={"hits": hidden})


class QuietLogger(FilteredByHand):
    """In a logger that is set to say nothing, until somebody looks for a fault."""

    def tell(self, question: str, hidden: Found) -> None:
        _quiet_log.debug("hidden: %s", [hit[1] for hit in hidden])


class LoggedTraceback(FilteredByHand):
    """In the error that a log record carries."""

    def tell(self, question: str, hidden: Found) -> None:
        try:
            raise LookupError(hidden)
        except LookupError:
            _log.exception("hidden")


class Warned(FilteredByHand):
    """In a warning, which test runs and servers collect."""

    def tell(self, question: str, hidden: Found) -> None:
        if hidden:
            warnings.warn(f"{hidden[0][1]} is internal", stacklevel=1)


class Printed(FilteredByHand):
    """On the terminal of whoever runs the server."""

    def tell(self, question: str, hidden: Found) -> None:
        sys.stderr.write(f"{hidden}\n")


class ErrorText(FilteredByHand):
    """In the text of an error."""

    def tell(self, question: str, hidden: Found) -> None:
        if hidden:
            raise PermissionError(f"{hidden[0][1]!r} is not for you")


class ErrorBehindAnError(FilteredByHand):
    """In the error that another one was raised from."""

    def tell(self, question: str, hidden: Found) -> None:
        try:
            raise KeyError(*hidden)
        except KeyError as error:
            raise ValueError("The question cannot be answered") from error


class CountOverBoth(OwnSearch):
    """Right hits, and how many there are in all."""

    def customers(self, question: str) -> object:
        found = self.found(question, self.public)
        return {"hits": found, "total": len(self.found(question, self.whole))}


class RelatedTitles(OwnSearch):
    """Right hits, and titles of what is alike."""

    def customers(self, question: str) -> object:
        related = [hit[1] for hit in self.found(question, self.whole)]
        return {"hits": self.found(question, self.public), "related": related[:3]}


class HalfATitle(OwnSearch):
    """A suggestion, cut to fit a narrow column."""

    def customers(self, question: str) -> object:
        longest = max((title_of(each) for each in self.whole), key=len)
        return self.found(question, self.public), f"{longest[:-18].upper()}…"


class ExistenceOracle(OwnSearch):
    """Tells an id that is internal from one that never was."""

    def customers(self, question: str) -> object:
        found = self.found(question, self.public)
        if question in {each.id for each in self.whole} - {each.id for each in self.public}:
            return Response(403, {}, b"not yours")
        return Response(200, {}, repr(found).encode())


class Header(OwnSearch):
    """Right hits, and the number of all documents in a header."""

    def customers(self, question: str) -> object:
        found = self.found(question, self.public)
        return Response(200, {"X-Indexed": str(len(self.whole))}, repr(found).encode())


class Cursor(OwnSearch):
    """The page to come begins at an internal document; nobody can read that, they thought."""

    def customers(self, question: str) -> object:
        last = self.found(question, self.whole)[-1:]
        cursor = base64.b64encode(repr(last).encode())
        return self.found(question, self.public), cursor


class Streamed(OwnSearch):
    """Piece by piece; the last one tells."""

    def customers(self, question: str) -> object:
        yield self.found(question, self.public)
        yield f"{len(self.whole)} searched"


class HiddenField(OwnSearch):
    """The page shows the title alone; the object that templates get holds more."""

    def customers(self, question: str) -> object:
        class Page:
            def __init__(self, hits: Found, internal: Found) -> None:
                self.hits, self.internal = hits, internal

        return Page(self.found(question, self.public), self.found(question, self.whole))


def with_files(documents: Sequence[Document], root: Path, name: str, content: str) -> Application:
    """An application that publishes files as well."""
    search = OwnSearch(documents)
    root.mkdir()
    (root / "hits.txt").write_text(repr(search.public), encoding="utf-8")
    hidden = [each for each in search.whole if each.public_face() is None]
    shown = {"titles": repr([title_of(each) for each in hidden]), "size": "." * len(hidden)}
    (root / name).write_text(shown.get(content, content), encoding="utf-16-le")
    return Application(search.customers, search.staff, root)
