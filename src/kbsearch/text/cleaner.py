"""One face of a document as one cleaned text: what is searched, and what was left out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kbsearch.errors import InvalidDocumentError
from kbsearch.models import (
    Article,
    AuthorRole,
    Document,
    Message,
    RemovedText,
    Resolution,
    SectionKind,
    Ticket,
)
from kbsearch.text.boilerplate import Boilerplate, boilerplate_cuts
from kbsearch.text.clean import MAX_CHARACTERS, first_line, tidy, to_plain_text
from kbsearch.text.logs import log_blocks
from kbsearch.text.mail import mail_cuts
from kbsearch.text.passages import CleanDocument, Section

_PARTING = "\n\n"
_BOILERPLATE = "boilerplate"

MAX_TITLE_CHARACTERS = 300
"""A longer title is a text: it is cut as a title and searched whole as a text."""


class _Part(NamedTuple):
    """A message, a resolution or a body: `plain` before anything is cut, `text` after."""

    kind: SectionKind
    message_id: str | None
    plain: str
    text: str


class Cleaner:
    """
    Reads markup and cuts what is not about the problem.

    Out of messages it cuts quoted replies, signatures, forwarded headers and
    disclaimers; out of everything the boilerplate that its shelf has learned.
    Nothing is cut to empty, and the document itself stays as it is.

    Args:
        learned: Boilerplate of the shelf that the text stands on.
        cuts_mail: Whether messages are read as mail.
    """

    def __init__(self, learned: Boilerplate | None = None, *, cuts_mail: bool = True) -> None:
        self.learned = learned or Boilerplate()
        self._cuts_mail = cuts_mail

    def document(self, face: Document) -> CleanDocument:
        """
        One face as one plain text, its sections in reading order.

        Raises:
            InvalidDocumentError: If nothing readable is left, or it is too long.
            MissingExtraError: If a parser that it needs is not installed.
        """
        size = _size(face)
        if size > MAX_CHARACTERS:
            raise InvalidDocumentError(
                face.id,
                f"it has {size} characters; at most {MAX_CHARACTERS} are indexed. Split it.",
            )
        parts = [part for part in self._parts(face) if part.text.strip()]
        title = " ".join((face.title if isinstance(face, Article) else face.subject).split())
        if len(title) > MAX_TITLE_CHARACTERS:
            kind = SectionKind.BODY if isinstance(face, Article) else SectionKind.PROBLEM
            parts.insert(0, _Part(kind, None, title, title))
            title = first_line(title, max_characters=MAX_TITLE_CHARACTERS)
        if not (title or parts):
            raise InvalidDocumentError(face.id, "no text is left of it once its markup is read.")
        return CleanDocument(
            title=title,
            text=_PARTING.join(part.text for part in parts),
            sections=tuple(_sections(parts)),
        )

    def message(self, message: Message) -> str:
        """One message as it is searched."""
        return self._message_part(message).text

    def learnable(self, face: Document) -> str:
        """What a learner of boilerplate looks at: all but what is cut out of mails."""
        unlearned = Cleaner(cuts_mail=self._cuts_mail)
        return "\n".join(part.text for part in unlearned._parts(face))

    def removed(self, face: Document) -> tuple[RemovedText, ...]:
        """What is cut out of a face, with offsets in the plain text of its message or body."""
        return tuple(
            RemovedText(
                message_id=part.message_id,
                kind=kind,
                start=start,
                end=end,
                text=part.plain[start:end],
            )
            for part in self._parts(face)
            for kind, start, end in self._cuts(part.plain, is_mail=part.kind is not _BODY)
        )

    def _parts(self, face: Document) -> Iterator[_Part]:
        if isinstance(face, Article):
            plain = to_plain_text(face.body, face.format)
            yield _Part(_BODY, None, plain, self._cleaned(plain, is_mail=False))
        else:
            yield from self._ticket_parts(face)

    def _ticket_parts(self, ticket: Ticket) -> Iterator[_Part]:
        resolution = ticket.resolution
        fix = self._resolution_part(resolution) if resolution else None
        is_told = False
        for message in ticket.messages:
            if message.author_role in (AuthorRole.CUSTOMER, AuthorRole.AGENT):
                part = self._message_part(message)
                is_fix = resolution is not None and message.public is resolution.public
                if fix is not None and is_fix and part.text == fix.text:
                    part, is_told = part._replace(kind=fix.kind), True
                yield part
        if fix is not None and not is_told:
            yield fix

    def _message_part(self, message: Message) -> _Part:
        plain = to_plain_text(message.text, message.format, is_mail=self._cuts_mail)
        text = self._cleaned(plain, is_mail=True)
        return _Part(_section_kind(message), message.id, plain, text)

    def _resolution_part(self, resolution: Resolution) -> _Part:
        plain = to_plain_text(resolution.text, resolution.format, is_mail=self._cuts_mail)
        kind = SectionKind.RESOLUTION if resolution.public else SectionKind.PRIVATE_RESOLUTION
        return _Part(kind, resolution.message_id, plain, self._cleaned(plain, is_mail=True))

    def _cleaned(self, plain: str, *, is_mail: bool) -> str:
        cuts = [(start, end) for _, start, end in self._cuts(plain, is_mail=is_mail)]
        return tidy(_without(plain, cuts)) if cuts else plain

    def _cuts(self, plain: str, *, is_mail: bool) -> list[tuple[str, int, int]]:
        """Kind and offsets in `plain`, ascending, without overlap."""
        cuts = []
        if is_mail and self._cuts_mail:
            cuts = [(cut.kind.value, cut.start, cut.end) for cut in mail_cuts(plain)]
        if self.learned.lines:
            kept = _kept_spans(plain, [(start, end) for _, start, end in cuts])
            rest = "".join(plain[start:end] for start, end in kept)
            for start, end in _outside_logs(rest, boilerplate_cuts(rest, self.learned)):
                cuts += [(_BOILERPLATE, *span) for span in _mapped(kept, start, end)]
        return sorted(cuts, key=lambda cut: cut[1])


_BODY = SectionKind.BODY


def _sections(parts: Iterable[_Part]) -> Iterator[Section]:
    position = 0
    for part in parts:
        end = position + len(part.text)
        logs = tuple((position + a, position + b) for a, b in log_blocks(part.text))
        yield Section(
            kind=part.kind, start=position, end=end, message_id=part.message_id, logs=logs
        )
        position = end + len(_PARTING)


def _section_kind(message: Message) -> SectionKind:
    if not message.public and message.author_role is AuthorRole.AGENT:
        return SectionKind.NOTE
    return SectionKind.PROBLEM if message.author_role is AuthorRole.CUSTOMER else SectionKind.REPLY


def _size(face: Document) -> int:
    if isinstance(face, Article):
        return len(face.title) + len(face.body)
    resolution = len(face.resolution.text) if face.resolution else 0
    return len(face.subject) + sum(len(m.text) for m in face.messages) + resolution


def _outside_logs(text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The cuts that leave logs whole: "Caused by:" is frequent, and means something there."""
    logs = log_blocks(text) if cuts else ()
    return (cut for cut in cuts if not any(a < cut[1] and cut[0] < b for a, b in logs))


def _kept_spans(text: str, cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    position = 0
    for start, end in cuts:
        if start > position:
            kept.append((position, start))
        position = end
    if position < len(text):
        kept.append((position, len(text)))
    return kept


def _without(text: str, cuts: Iterable[tuple[int, int]]) -> str:
    return "".join(text[start:end] for start, end in _kept_spans(text, cuts))


def _mapped(kept: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a span of the joined kept spans stood before they were joined."""
    position = 0
    for kept_start, kept_end in kept:
        length = kept_end - kept_start
        first, last = max(start, position), min(end, position + length)
        if first < last:
            yield kept_start + first - position, kept_start + last - position
        position += length
