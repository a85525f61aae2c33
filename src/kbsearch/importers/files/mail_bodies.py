"""The text of one mail out of its parts, and the names of what is attached to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import NamedTuple

from kbsearch.importers.files.mail_charsets import decoded
from kbsearch.importers.files.mail_heads import CALENDAR, decoded_words
from kbsearch.models import TextFormat

MAX_MAIL_BYTES = 4 << 20
"""More of a mail is not read: what follows the first megabytes is attached to it."""

_MAX_TEXT_CHARACTERS = 200_000
_MAX_CONTAINERS = 100
_MAX_LINES = 300_000
_MAX_STEPS = 5_000_000
_MAX_PARTS = 10_000
_MAX_NAME_CHARACTERS = 200
_MAX_STRUCTURE_BYTES = 8_000
_BOUNDARY = re.compile(rb"boundary\s*+(?:\*\d*+\*?)?\s*+=")
# The parser takes quadratic time for a structured header of many parameters.
_STRUCTURE = re.compile(
    rb"^content-(?:type|disposition)[ \t]*+:[^\n]*+(?:\n[ \t][^\n]*+)*+",
    re.IGNORECASE | re.MULTILINE,
)


class Body(NamedTuple):
    """What a mail says; `left_out` tells why it is nobody's words, if it is not."""

    text: str
    format: TextFormat
    attachments: tuple[str, ...]
    warnings: tuple[str, ...]
    left_out: str = ""


class MailError(ValueError):
    """A mail that cannot be taken apart; its message repeats nothing of it."""


def read_body(content: bytes) -> Body:
    """
    Take a mail apart: plain text if it has any, else HTML.

    A part that cannot be decoded as it declares is read as UTF-8 or Latin-1 and
    warned of; a very long text or mail is cut and warned of; a mail in a mail
    is an attachment.

    Raises:
        MailError: If its parts are nested as those of no honest mail.
    """
    warnings = []
    if len(content) > MAX_MAIL_BYTES:
        content = content[:MAX_MAIL_BYTES]
        warnings.append(f"only its first {MAX_MAIL_BYTES:,} bytes were read")
    if _is_excessive(content):
        raise MailError("it has more lines or parts than are read")
    if any(len(found[0]) > _MAX_STRUCTURE_BYTES for found in _STRUCTURE.finditer(content)):
        raise MailError("the description of one of its parts is too long")
    try:
        parsed = message_from_bytes(content, policy=compat32)
    except RecursionError:
        raise MailError("its parts are nested too deeply") from None
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attachments: dict[str, None] = {}
    for part in _leaves(parsed):
        kind, name = part.get_content_type(), _name_of(part)
        is_attached = bool(name) or part.get_content_disposition() == "attachment"
        if kind == "text/calendar" and not is_attached:
            return Body("", TextFormat.PLAIN, (), (), CALENDAR)
        if is_attached or kind not in texts:
            attachments[name] = None
            continue
        text, is_sound = decoded(_payload_of(part), _parameter(part, "charset"))
        texts[kind].append(text)
        if not is_sound:
            warnings.append("a part of it is not in the charset that it declares")
    text, text_format = "\n\n".join(filter(str.strip, texts["text/plain"])), TextFormat.PLAIN
    if not text:
        text, text_format = "\n".join(texts["text/html"]), TextFormat.HTML
    if len(text) > _MAX_TEXT_CHARACTERS:
        text = text[:_MAX_TEXT_CHARACTERS]
        warnings.append(f"only the first {_MAX_TEXT_CHARACTERS:,} characters of it were kept")
    names = tuple(filter(None, attachments))
    return Body(text.strip(), text_format, names, tuple(dict.fromkeys(warnings)))


def _is_excessive(content: bytes) -> bool:
    """Whether taking it apart would cost more than an honest mail is worth."""
    n_lines = content.count(b"\n") + content.count(b"\r")
    n_parts = content.count(b"\n--") + content.count(b"\r--")
    lowered = content.lower()
    n_containers = sum(1 for _ in _BOUNDARY.finditer(lowered)) + lowered.count(b"message/rfc822")
    n_steps = n_containers * n_lines  # each line is compared with every boundary
    return (
        n_lines > _MAX_LINES
        or n_parts > _MAX_PARTS
        or n_containers > _MAX_CONTAINERS
        or n_steps > _MAX_STEPS
    )


def _leaves(message: Message) -> Iterator[Message]:
    waiting = [message]
    while waiting:
        part = waiting.pop()
        children = part.get_payload() if part.is_multipart() else ""
        if isinstance(children, list) and part.get_content_maintype() != "message":
            waiting += [child for child in reversed(children) if isinstance(child, Message)]
        else:
            yield part


def _name_of(part: Message) -> str:
    name = _parameter(part, "filename", "content-disposition") or _parameter(part, "name")
    return " ".join(decoded_words(name or "").split())[:_MAX_NAME_CHARACTERS]


def _parameter(part: Message, name: str, header: str = "content-type") -> str | None:
    try:
        value = part.get_param(name, header=header)
    except ValueError:  # a number of more than 4,300 digits
        return None
    if isinstance(value, tuple):  # as of RFC 2231: charset, language, quoted text
        charset, _, quoted = value
        return decoded(quoted.encode("latin-1", "replace"), charset)[0]
    return value


def _payload_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
