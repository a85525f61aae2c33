"""What must not come back: salted hashes of ids, addresses and names, on the staff's shelf."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from kbsearch.errors import ConfigError
from kbsearch.models import Article, Document, Person, Ticket
from kbsearch.models.base import FrozenModel
from kbsearch.redact import Finding, redact_document
from kbsearch.store import RecordReader

PREFIX = "forgotten:"
_SALT = "forgotten-salt"
_DOCUMENT, _EMAIL, _REQUESTER, _NAME = "document", "email", "requester", "name"

_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}:[^\s\x00-\x1f]{1,300}")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w.-]{1,255}")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+){0,5}")
_AFTER_ID = ".,;:!?)]}>\"'"
_LINKS = (
    *("article_ids", "duplicate_ids", "merged_ids", "problem_ids", "followup_ids", "related_ids"),
)

_Each = TypeVar("_Each", bound=Article | Ticket)


class ForgottenMark(FrozenModel):
    """When something was forgotten, and at whose word."""

    at: datetime
    by: str | None = None


class Forgotten:
    """
    What one desk was told to forget, without knowing it.

    Values are compared by a keyed hash (BLAKE2b, 16 bytes, the desk's own salt):
    names without case and order of their words, addresses without case. It is
    also a redactor of texts that name what was forgotten.

    Args:
        salt: 16 random bytes of this desk.
        marks: By the name under which each is noted.
    """

    def __init__(self, salt: bytes, marks: Mapping[str, ForgottenMark]) -> None:
        self._salt, self._marks = salt, dict(marks)
        kinds = {name.split(":")[1] for name in self._marks}
        self._n_words = sorted(int(k.removeprefix(_NAME)) for k in kinds if k.startswith(_NAME))
        self._has = kinds

    @classmethod
    def load(cls, internal: RecordReader) -> Forgotten:
        """What the desk of this internal shelf has forgotten; nothing on most."""
        salt = internal.notes([_SALT])
        return cls.from_notes({**salt, **internal.notes_from(PREFIX)}) if salt else cls(b"", {})

    @classmethod
    def from_notes(cls, notes: Mapping[str, str]) -> Forgotten:
        """What `notes` gave."""
        marks = {
            name: ForgottenMark.model_validate_json(value)
            for name, value in notes.items()
            if name != _SALT
        }
        return cls(bytes.fromhex(notes[_SALT]), marks)

    def __bool__(self) -> bool:
        return bool(self._marks)

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
        return Forgotten(salt, {**self._marks, **dict.fromkeys(names, mark)})

    def notes(self) -> dict[str, str]:
        """What is to be noted on the internal shelf for `load`."""
        marks = {name: mark.model_dump_json() for name, mark in self._marks.items()}
        return {_SALT: self._salt.hex(), **marks}

    def key_of(self, document_id: str) -> str:
        """What a receipt names a document by."""
        return _name_of(self._salt, _DOCUMENT, document_id)

    def refusal(self, document: Document) -> str | None:
        """Why a document is not taken, or None."""
        mark = self._marks.get(self.key_of(document.id)) if self else None
        if mark is not None:
            return f"it was forgotten on {mark.at:%Y-%m-%d} and is not taken again."
        mark = self._requesters_mark(document)
        if mark is None:
            return None
        return f"who asked was forgotten on {mark.at:%Y-%m-%d}; only what came later is taken."

    def asked(self, document: Document) -> bool:
        """Whether somebody who was forgotten wrote this ticket before that."""
        return self._requesters_mark(document) is not None

    def cleansed(self, document: _Each) -> _Each:
        """The document without what was forgotten in texts, links and people; itself if none."""
        if not self:
            return document
        cleansed = redact_document(document, [self]).document
        changes: dict[str, object] = {}
        if isinstance(cleansed, Ticket):
            for field in _LINKS:
                changes[field] = self._kept_ids(getattr(cleansed, field))
            changes["people"] = tuple(p for p in cleansed.people if not self._mark_of(p))
        else:
            changes["supersedes"] = self._kept_ids(cleansed.supersedes)
            if cleansed.twin_id is not None and not self._kept_ids((cleansed.twin_id,)):
                changes["twin_id"] = None
        changes = {name: v for name, v in changes.items() if v != getattr(cleansed, name)}
        result = cleansed.model_copy(update=changes) if changes else cleansed
        return result if isinstance(result, type(document)) else document

    @property
    def fingerprint(self) -> str:
        """Of a redactor; what was forgotten is no part of any index's fingerprint."""
        return "forgotten-1"

    def find(self, text: str) -> Sequence[Finding]:
        """Where a text names what was forgotten, as `Redactor.find`."""
        found = []
        if _DOCUMENT in self._has:
            found += [Finding(*span, "forgotten") for span in self._ids_in(text)]
        if _EMAIL in self._has and "@" in text:
            for match in _ADDRESS.finditer(text):
                address = match[0].rstrip(".-'")
                if self._knows(_EMAIL, address):
                    found.append(Finding(match.start(), match.start() + len(address), "forgotten"))
        if self._n_words:
            found += [Finding(*span, "forgotten") for span in self._names_in(text)]
        return found

    def _ids_in(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _ID.finditer(text):
            written = match[0]
            while written and not self._knows(_DOCUMENT, written):
                written = written[:-1] if written[-1] in _AFTER_ID else ""
            if written:
                yield match.start(), match.start() + len(written)

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
        return _name_of(self._salt, kind, value) in self._marks

    def _requesters_mark(self, document: Document) -> ForgottenMark | None:
        if not self or not isinstance(document, Ticket) or not document.people:
            return None
        mark = self._mark_of(document.people[0])
        if mark is None or (document.created_at is not None and document.created_at > mark.at):
            return None
        return mark

    def _mark_of(self, person: Person) -> ForgottenMark | None:
        names = _names_of_person(self._salt, person, strict=False)
        return next((self._marks[name] for name in names if name in self._marks), None)


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
