"""What the head of a mail says: who, to whom, when, in answer to what; or why it is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32  # the default policy raises IndexError for "From: <"
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

from kbsearch.importers.files.mail_charsets import decoded

CALENDAR = "it is an invitation of a calendar"

_MAX_HEADER_CHARACTERS = 20_000
_MAX_REFERENCES = 40
_MAX_ADDRESSES = 200
_REFERENCE = re.compile(r"<([^<>\s]{1,500})>")
_FOLDED = re.compile(r"\s*[\r\n]+\s*")
_REPLY_PREFIX = re.compile(
    r"\s*+(?:(?:re|aw|antw|antwort|sv|vs|rv|res|odp|ynt|fw|fwd|wg|tr|enc|doorst|回复|答复|回覆|转发)"
    r"(?:\[\d{1,3}\])?\s*+[:\uff1a]\s*+)++",
    re.IGNORECASE,
)
_DELETED_IN_MOZILLA = 0x0008
_BULK = ("bulk", "list", "junk", "auto_reply")
_LEFT_OUT_LABELS = {"spam": "it is spam", "trash": "it was deleted", "drafts": "it is a draft"}


class Address(NamedTuple):
    """Somebody as a head names them; the address is lower-case."""

    name: str
    email: str


class Head(NamedTuple):
    """
    The head of one mail, decoded.

    `author` is None where `From` does not name exactly one person. `subject` has
    lost its prefixes, `is_reply` says that it had one. `references` has the
    oldest first. `left_out` says why the mail is left out, "" if it is not.
    """

    message_id: str
    references: tuple[str, ...]
    subject: str
    is_reply: bool
    date: datetime | None
    author: Address | None
    recipients: tuple[Address, ...]
    left_out: str


def read_head(head: bytes) -> Head:
    """Read the lines above the first blank one; whatever they hold, something comes back."""
    text, _ = decoded(head, None)
    parsed = HeaderParser(policy=compat32).parsestr(text)
    subject = decoded_words(_first(parsed, "Subject"))
    bare = _REPLY_PREFIX.sub("", subject, count=1) if _REPLY_PREFIX.match(subject) else subject
    authors = _addresses(parsed, "From")
    references = _references(parsed)
    return Head(
        message_id="".join(_ids_in(_first(parsed, "Message-ID"))[:1]),
        references=references,
        subject=" ".join(bare.split()),
        is_reply=bare != subject,
        date=_date(_first(parsed, "Date")),
        author=authors[0] if len(authors) == 1 else None,
        recipients=_addresses(parsed, "To", "Cc"),
        left_out=_why_left_out(parsed, authors),
    )


def decoded_words(text: str) -> str:
    """A header as a person reads it: `=?utf-8?q?Caf=C3=A9?=` is "Café"."""
    text = _FOLDED.sub(" ", text[:_MAX_HEADER_CHARACTERS])
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(
        part if isinstance(part, str) else decoded(part, charset or "raw-unicode-escape")[0]
        for part, charset in parts
    )


def _first(parsed: Message, name: str) -> str:
    return str(parsed.get(name, ""))[:_MAX_HEADER_CHARACTERS]


def _addresses(parsed: Message, *names: str) -> tuple[Address, ...]:
    headers = [
        str(value)[:_MAX_HEADER_CHARACTERS] for n in names for value in parsed.get_all(n, [])
    ]
    try:
        found = getaddresses([_FOLDED.sub(" ", header) for header in headers[:10]])
    except (RecursionError, IndexError):
        return ()
    return tuple(
        Address(decoded_words(name).strip(), address.strip().lower())
        for name, address in found[:_MAX_ADDRESSES]
        if "@" in address
    )


def _references(parsed: Message) -> tuple[str, ...]:
    ids = [*_ids_in(_first(parsed, "References")), *_ids_in(_first(parsed, "In-Reply-To"))]
    known = tuple(dict.fromkeys(ids))
    return known if len(known) <= _MAX_REFERENCES else (known[0], *known[1 - _MAX_REFERENCES :])


def _ids_in(header: str) -> Sequence[str]:
    """The ids in a header; one without its brackets if there is nothing else."""
    found = _REFERENCE.findall(header)
    return found or [part[:500] for part in header.split() if "@" in part]


def _date(header: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(header[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _why_left_out(parsed: Message, authors: Sequence[Address]) -> str:
    """Why a mail is nobody's words, or nobody's any more; "" if it is somebody's."""
    kind = _word(parsed, "Content-Type")
    is_daemon = any(author.email.startswith("mailer-daemon@") for author in authors)
    is_bounce = is_daemon or _first(parsed, "Return-Path").strip() == "<>"
    labels = decoded_words(_first(parsed, "X-Gmail-Labels")).lower().split(",")
    reasons = (
        (_word(parsed, "Auto-Submitted") not in ("", "no"), "it was sent automatically"),
        (_word(parsed, "Precedence") in _BULK, "it is bulk mail"),
        (is_bounce or kind == "multipart/report", "it reports on the delivery of a mail"),
        (kind == "text/calendar", CALENDAR),
        (_word(parsed, "X-Spam-Flag") == "yes", "it is spam"),
        (_is_deleted(_word(parsed, "X-Mozilla-Status")), "it was deleted"),
    )
    found = [why for applies, why in reasons if applies]
    found += [_LEFT_OUT_LABELS[each] for each in map(str.strip, labels) if each in _LEFT_OUT_LABELS]
    return next(iter(found), "")


def _is_deleted(mozilla_status: str) -> bool:
    is_number = re.fullmatch(r"[0-9a-f]{4}", mozilla_status) is not None
    return is_number and bool(int(mozilla_status, 16) & _DELETED_IN_MOZILLA)


def _word(parsed: Message, name: str) -> str:
    return _first(parsed, name).partition(";")[0].strip().lower()
