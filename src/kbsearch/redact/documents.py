"""Redaction of whole documents: every text field, whatever its markup hides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from typing import NamedTuple

from kbsearch.models import Article, Document, Message, Person, Resolution, TextFormat, Ticket
from kbsearch.redact.base import Redactor, redact_text
from kbsearch.redact.names import NameRedactor
from kbsearch.text import to_plain_text


class Replacement(NamedTuple):
    """How often something of one kind was replaced in one field; never what it was."""

    field: str
    kind: str
    n: int


class RedactedDocument(NamedTuple):
    """A document as it may be indexed, and what is no longer in it, field by field."""

    document: Document
    replacements: tuple[Replacement, ...]


def redact_document(
    document: Document, redactors: Sequence[Redactor], *, with_people: Sequence[Person] = ()
) -> RedactedDocument:
    """
    Redact every text field of an article or a ticket; ids are left alone.

    Of HTML and markdown the markup is redacted, then what a reader would see
    of it. If that still holds a finding, hidden by entities or tags within a
    word, the redacted rendering takes the field's place as plain text.

    Args:
        document: It stays as it is.
        redactors: Applied to each field.
        with_people: Their names and addresses go too. A ticket's public face
            no longer has its `people`: give those of the whole ticket.

    Returns:
        The same object if nothing was found.

    Raises:
        ConfigError: If a redactor is not one, as `redact_text` tells.
        MissingExtraError: If a field is marked up and no parser is installed.
    """
    if with_people:
        redactors = [*redactors, NameRedactor(with_people)]
    pen = _Pen(redactors)
    if isinstance(document, Article):
        redacted: Document = pen.article(document)
    else:
        redacted = pen.ticket(document)
    return RedactedDocument(redacted, tuple(pen.replacements))


class _Pen:
    """Goes through fields and keeps account; what has no finding comes back as the same object."""

    def __init__(self, redactors: Sequence[Redactor]) -> None:
        self._redactors = redactors
        self.replacements: list[Replacement] = []

    def article(self, article: Article) -> Article:
        body, text_format = self._marked_up("body", article.body, article.format)
        changes = _changes(
            article,
            title=self._plain("title", article.title),
            body=body,
            format=text_format,
            product=self._optional("product", article.product),
            tags=self._each("tags", article.tags),
        )
        return article.model_copy(update=changes) if changes else article

    def ticket(self, ticket: Ticket) -> Ticket:
        messages = tuple(
            self._message(f"messages[{place}]", message)
            for place, message in enumerate(ticket.messages)
        )
        changes = _changes(
            ticket,
            subject=self._plain("subject", ticket.subject),
            public_subject=self._optional("public_subject", ticket.public_subject),
            messages=messages,
            resolution=self._resolution(ticket.resolution),
            product=self._optional("product", ticket.product),
            tags=self._each("tags", ticket.tags),
        )
        return ticket.model_copy(update=changes) if changes else ticket

    def _message(self, field: str, message: Message) -> Message:
        text, text_format = self._mail(f"{field}.text", message.text, message.format)
        changes = _changes(
            message,
            id=self._identifier(f"{field}.id", message.id),
            text=text,
            format=text_format,
            attachments=self._each(f"{field}.attachments", message.attachments),
        )
        return message.model_copy(update=changes) if changes else message

    def _resolution(self, resolution: Resolution | None) -> Resolution | None:
        if resolution is None:
            return None
        text, text_format = self._mail("resolution.text", resolution.text, resolution.format)
        message_id = self._identifier("resolution.message_id", resolution.message_id)
        changes = _changes(resolution, text=text, format=text_format, message_id=message_id)
        return resolution.model_copy(update=changes) if changes else resolution

    def _identifier(self, field: str, identifier: str | None) -> str | None:
        """As it is, or none at all: two placeholders would be one identifier."""
        redacted = self._optional(field, identifier)
        return identifier if redacted == identifier else None

    def _each(self, field: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._plain(f"{field}[{place}]", text) for place, text in enumerate(texts))

    def _optional(self, field: str, text: str | None) -> str | None:
        return None if text is None else self._plain(field, text)

    def _plain(self, field: str, text: str) -> str:
        return self._marked_up(field, text, TextFormat.PLAIN)[0]

    def _mail(self, field: str, text: str, text_format: TextFormat) -> tuple[str, TextFormat]:
        return self._marked_up(field, text, text_format, is_mail=True)

    def _marked_up(
        self, field: str, text: str, text_format: TextFormat, *, is_mail: bool = False
    ) -> tuple[str, TextFormat]:
        text, found = redact_text(text, self._redactors)
        if not found and text_format is TextFormat.PLAIN:
            return text, text_format
        counts = Counter(found)
        if text_format is not TextFormat.PLAIN:
            plain = to_plain_text(text, text_format, is_mail=is_mail)  # as it will be cleaned
            rendered = redact_text(plain, self._redactors)
            if rendered.counts or self._hides(text):
                text, text_format = rendered.text, TextFormat.PLAIN
                counts.update(rendered.counts)
        self.replacements += [Replacement(field, kind, n) for kind, n in counts.items()]
        return text, text_format

    def _hides(self, markup: str) -> bool:
        """Whether attributes hold, written in references, what must go."""
        decoded = unescape(markup) if "&" in markup else markup
        return decoded != markup and bool(redact_text(decoded, self._redactors).counts)


def _changes(
    model: Article | Ticket | Message | Resolution, **values: object
) -> Mapping[str, object]:
    return {name: value for name, value in values.items() if value != getattr(model, name)}
