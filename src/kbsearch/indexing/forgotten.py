"""What must not come back: salted hashes of ids, addresses and names, on the staff's shelf."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast

from kbsearch.errors import ConfigError, DamagedRecordError, StoreDamagedError
from kbsearch.models import Article, Document, Person, Ticket
from kbsearch.models.base import FrozenModel
from kbsearch.redact import Finding, Redactor, redact_document
from kbsearch.store import RecordReader

PREFIX = "forgotten:"
_SALT = "forgotten-salt"
_DOCUMENT, _EMAIL, _REQUESTER, _NAME = "document", "email", "requester", "name"

_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}:[^\s\x00-\x1f]{1,300}")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w.-]{1,255}")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+){0,5}")
_LAST_PART = re.compile(r"\W\w*\Z")
GOES_ON = re.compile(r"\w|[.:#/@-]\w")
_LINKS = tuple(name for name in Ticket.model_fields if name.endswith("_ids"))

_Each = TypeVar("_Each", bound=Article | Ticket)


def standing_alone(values: Iterable[str]) -> re.Pattern[str] | None:
    """
    What finds these values in a text, but not as a part of a longer id, address or word.

    `kb:9` stands alone in "see kb:9." and in "?id=kb:9&", not in "kb:91", "kb:9/de" or "x:kb:9".
    """
    alternatives = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    if not alternatives:
        return None
    return re.compile(rf"(?<!\w)(?<!\w[.:-])(?:{alternatives})(?!{GOES_ON.pattern})")


class ForgottenMark(FrozenModel):
    """When something was forgotten, and at whose word."""

    at: datetime
    by: str | None = None


class _Head(FrozenModel):
    """The desk's salt, and how many marks there are: none may get lost unnoticed."""

    salt: str = ""
    n: int = 0


class KnownValues:
    """
    Finds ids, addresses and names that are known in clear, as a redactor.

    Args:
        ids: As written.
        names: In any case.
    """

    fingerprint = "known-1"

    def __init__(self, ids: Iterable[str], names: Iterable[str]) -> None:
        both = {form for name in names for form in (name, name.casefold())}
        folded = standing_alone(both)
        anycase = re.compile(folded.pattern, re.IGNORECASE) if folded else None
        self._patterns = [each for each in (standing_alone(ids), anycase) if each]

    def find(self, text: str) -> Sequence[Finding]:
        """Where a text holds one of them, as `Redactor.find`."""
        return [
            Finding(*match.span(), "forgotten")
            for pattern in self._patterns
            for match in pattern.finditer(text)
        ]


class Forgotten:
    """
    What one desk was told to forget, without knowing it.

    Values are compared by a keyed hash (BLAKE2b, 16 bytes, the desk's own salt):
    names without case and order of their words, addresses without case. It is
    also a redactor of texts that name what was forgotten.

    Args:
        salt: 16 random bytes of this desk.
        names: Under which marks are noted.
        new: Marks that are not noted yet, by name.
        read: Gives a mark that is noted.
    """

    fingerprint = "forgotten-1"
    """Of a redactor; what was forgotten is no part of any index's fingerprint."""

    def __init__(
        self,
        salt: bytes = b"",
        names: Iterable[str] = (),
        new: Mapping[str, ForgottenMark] | None = None,
        read: Callable[[str], ForgottenMark] | None = None,
    ) -> None:
        self._salt, self._new, self._read = salt, dict(new or {}), read
        self._names = frozenset(names) | self._new.keys()
        self._kinds = {name.split(":")[1] for name in self._names}
        lengths = (k.removeprefix(_NAME) for k in self._kinds if k.startswith(_NAME))
        self._n_words = sorted(map(int, lengths))

    @classmethod
    def load(cls, internal: RecordReader) -> Forgotten:
        """
        What the desk of this internal shelf has forgotten; nothing on most.

        Raises:
            StoreDamagedError: If the list is not whole: what it lacks would come back.
        """
        names = internal.note_names(PREFIX)
        try:
            salt = internal.notes([_SALT]).get(_SALT)
            head = _Head() if salt is None else _Head.model_validate_json(salt)
        except DamagedRecordError:
            head = _Head()
        if head.n != len(names):
            raise StoreDamagedError(
                internal.path, "the list of what must not come back after forgetting is not whole"
            )

        def read(name: str) -> ForgottenMark:
            return ForgottenMark.model_validate_json(internal.notes([name])[name])

        return cls(bytes.fromhex(head.salt), names, read=read)

    @classmethod
    def from_notes(cls, notes: Mapping[str, str]) -> Forgotten:
        """What is new in what `notes` gave."""
        marks = {
            name: ForgottenMark.model_validate_json(value)
            for name, value in notes.items()
            if name != _SALT
        }
        return cls(bytes.fromhex(_Head.model_validate_json(notes[_SALT]).salt), new=marks)

    def __bool__(self) -> bool:
        return bool(self._names)

    def with_more(
        self, ids: Iterable[str], person: Person | None, mark: ForgottenMark
    ) -> Forgotten:
        """
        The same and what is to be forgotten now; a desk's first one makes its salt.

        Raises:
            ConfigError: If the person has neither an e-mail address nor an id nor a
                name of two words or more.
        """
        salt = self._salt or secrets.token_bytes(16)
        names = [_name_of(salt, _DOCUMENT, each) for each in ids]
        if person is not None:
            names += _names_of_person(salt, person)
        new = {name: mark for name in names if name not in self._names}
        return Forgotten(salt, self._names, {**self._new, **new}, self._read)

    def notes(self) -> dict[str, str]:
        """What is to be noted on the internal shelf for `load`."""
        head = _Head(salt=self._salt.hex(), n=len(self._names))
        marks = {name: mark.model_dump_json() for name, mark in self._new.items()}
        return {_SALT: head.model_dump_json(), **marks}

    def key_of(self, document_id: str) -> str:
        """What a receipt names a document by."""
        return _name_of(self._salt, _DOCUMENT, document_id)

    def knows_id(self, document_id: str) -> bool:
        """Whether this document was forgotten."""
        return self._knows(_DOCUMENT, document_id)

    def refusal(self, document: Document) -> str | None:
        """Why a document is not taken, or None."""
        if not self:
            return None
        mark = self._mark(self.key_of(document.id))
        if mark is not None:
            return f"it was forgotten on {mark.at:%Y-%m-%d} and is not taken again."
        mark = self._requesters_mark(document)
        if mark is None:
            return None
        return f"who asked was forgotten on {mark.at:%Y-%m-%d}; only what came later is taken."

    def asked(self, document: Document) -> bool:
        """Whether somebody who was forgotten wrote this ticket before that."""
        return self._requesters_mark(document) is not None

    def cleansed(self, document: _Each, known: KnownValues | None = None) -> _Each:
        """
        The document without what was forgotten in texts, links and people; itself if none.

        Args:
            document: It stays as it is.
            known: What is being forgotten just now, in clear.
        """
        if not self:
            return document
        redactors: list[Redactor] = [self] if known is None else [self, known]
        cleansed = redact_document(document, redactors).document
        changes: dict[str, object] = {}
        if isinstance(cleansed, Ticket):
            for field in _LINKS:
                changes[field] = self._kept_ids(getattr(cleansed, field))
            changes["people"] = tuple(p for p in cleansed.people if not self._names_one(p))
        else:
            changes["supersedes"] = self._kept_ids(cleansed.supersedes)
            if cleansed.twin_id is not None and not self._kept_ids((cleansed.twin_id,)):
                changes["twin_id"] = None
        changes = {name: v for name, v in changes.items() if v != getattr(cleansed, name)}
        cleansed = cleansed.model_copy(update=changes) if changes else cleansed
        return cast(_Each, cleansed)  # redaction keeps the kind

    def find(self, text: str) -> Sequence[Finding]:
        """Where a text names what was forgotten, as `Redactor.find`."""
        spans: list[tuple[int, int]] = []
        if _DOCUMENT in self._kinds:
            spans += self._ids_in(text)
        if _EMAIL in self._kinds and "@" in text:
            spans += self._addresses_in(text)
        if self._n_words:
            spans += self._names_in(text)
        return [Finding(*span, "forgotten") for span in spans]

    def _ids_in(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _ID.finditer(text):
            end = match.end()
            while not self._knows(_DOCUMENT, text[match.start() : end]) or GOES_ON.match(text, end):
                last = _LAST_PART.search(text, match.start(), end)
                if last is None:
                    break
                end = last.start()
            else:
                yield match.start(), end

    def _addresses_in(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _ADDRESS.finditer(text):
            start, end = match.span()
            while end > start and text[end - 1] in ".-_":
                end -= 1
            while not self._knows(_EMAIL, text[start:end]):
                if text[start] not in "'+-_.":
                    break
                start += 1
            else:
                yield start, end

    def _names_in(self, text: str) -> Iterator[tuple[int, int]]:
        words = list(_WORD.finditer(text))
        for n in self._n_words:
            for first in range(len(words) - n + 1):
                run = words[first : first + n]
                if self._knows(f"{_NAME}{n}", _sorted_words(word[0] for word in run)):
                    yield run[0].start(), run[-1].end()

    def _kept_ids(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in ids if not self._knows(_DOCUMENT, each))

    def _knows(self, kind: str, value: str) -> bool:
        return _name_of(self._salt, kind, value) in self._names

    def _mark(self, name: str) -> ForgottenMark | None:
        if name not in self._names:
            return None
        return self._new.get(name) or (self._read(name) if self._read else None)

    def _requesters_mark(self, document: Document) -> ForgottenMark | None:
        if not self or not isinstance(document, Ticket) or not document.people:
            return None
        names = _names_of_person(self._salt, document.people[0], strict=False)
        mark = next((self._mark(name) for name in names if name in self._names), None)
        if mark is None or (document.created_at is not None and document.created_at > mark.at):
            return None
        return mark

    def _names_one(self, person: Person) -> bool:
        names = _names_of_person(self._salt, person, strict=False)
        return not self._names.isdisjoint(names)


def _names_of_person(salt: bytes, person: Person, *, strict: bool = True) -> list[str]:
    names = []
    if person.email:
        names.append(_name_of(salt, _EMAIL, person.email.strip()))
    if person.id:
        names.append(_name_of(salt, _REQUESTER, person.id.strip()))
    words = _WORD.findall(person.name or "")
    if len(words) >= 2:
        names.append(_name_of(salt, f"{_NAME}{len(words)}", _sorted_words(words)))
    elif strict and person.name:
        raise ConfigError(
            "A name of one word would match many people. Give the whole name, or the e-mail "
            "address or id; nothing was forgotten."
        )
    if strict and not names:
        raise ConfigError(
            "A person is forgotten by e-mail address, id or whole name, and none was given."
        )
    return names


def _sorted_words(words: Iterable[str]) -> str:
    return " ".join(sorted(word.casefold() for word in words))


def _name_of(salt: bytes, kind: str, value: str) -> str:
    content = f"{kind}\0{value if kind == _DOCUMENT else value.casefold()}".encode()
    return f"{PREFIX}{kind}:{hashlib.blake2b(content, key=salt, digest_size=16).hexdigest()}"
