"""One document as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from kbsearch.cli.screen import one_line, printable
from kbsearch.cli.tables import CUSTOMERS, STAFF
from kbsearch.models import (
    Article,
    Audience,
    Document,
    Message,
    RemovedText,
    Resolution,
    TextFormat,
    Ticket,
)
from kbsearch.text import to_plain_text

_INDENT = (0, 0, 1, 2)
_PARTING = " · "


def document_view(document: Document) -> Iterator[RenderableType]:
    """Title and facts; then the body, or the conversation and what fixed it."""
    if isinstance(document, Article):
        yield from _article_view(document)
    else:
        yield from _ticket_view(document)


def _article_view(article: Article) -> Iterator[RenderableType]:
    yield Text(one_line(article.title), style="bold")
    readers = _readers(article.shelf is Audience.EXTERNAL)
    confidence = article.confidence.value.replace("_", " ")
    yield _facts(article, f"{article.status.value}, {confidence}") + _PARTING + readers
    if article.valid_from is not None:
        yield Text(f"valid from {article.valid_from:%Y-%m-%d}", style="dim")
    if article.valid_until is not None:
        yield Text(f"valid until {article.valid_until:%Y-%m-%d}", style="dim")
    yield from _links("supersedes", article.supersedes)
    yield ""
    yield _body(article.body, article.format)


def _ticket_view(ticket: Ticket) -> Iterator[RenderableType]:
    yield Text(one_line(ticket.subject or ticket.public_subject or ""), style="bold")
    yield _facts(ticket, ticket.status.value)
    yield from _links("articles", ticket.article_ids)
    yield from _links("duplicates", ticket.duplicate_ids)
    yield from _links("problems", ticket.problem_ids)
    yield from _links("follow-ups", ticket.followup_ids)
    yield from _links("related", ticket.related_ids)
    yield from _links("merged", ticket.merged_ids)
    yield ""
    for message in ticket.messages:
        yield _message_head(message)
        yield Padding(_body(message.text, message.format), _INDENT)
    if ticket.resolution is not None:
        yield from _resolution_view(ticket.resolution)


def _facts(document: Document, status: str) -> Text:
    facts = [document.kind, document.product, document.language, status]
    if document.created_at is not None:
        facts.append(f"{document.created_at:%Y-%m-%d}")
    facts += [f"#{tag}" for tag in document.tags]
    line = Text(one_line(document.id), style="blue")
    for fact in facts:
        if fact:
            line.append(_PARTING + one_line(fact), style="default dim")
    return line


def _readers(are_customers: bool) -> Text:
    return Text("customers may read it", CUSTOMERS) if are_customers else Text("staff only", STAFF)


def _links(name: str, ids: tuple[str, ...]) -> Iterator[Text]:
    if ids:
        yield Text(f"{name}: {', '.join(one_line(i) for i in ids)}", style="dim")


def _message_head(message: Message) -> Text:
    head = Text(message.author_role.value, style="bold")
    if message.created_at is not None:
        head.append(f"{_PARTING}{message.created_at:%Y-%m-%d %H:%M}", style="not bold dim")
    if not message.public:
        head.append(f"{_PARTING}staff only", style=STAFF)
    return head


def _resolution_view(resolution: Resolution) -> Iterator[RenderableType]:
    head = Text("what fixed it", style="bold green")
    if not resolution.public:
        head.append(f"{_PARTING}staff only", style=STAFF)
    if resolution.message_id is not None:
        head.append(f" ({one_line(resolution.message_id)})", style="default not bold dim")
    yield head
    yield Padding(_body(resolution.text, resolution.format), _INDENT)


def removed_view(removed: Sequence[RemovedText]) -> Iterator[RenderableType]:
    """What is left out of what is searched, span by span."""
    if not removed:
        yield Text("All of its text is searched.", style="dim")
    for cut in removed:
        where = f"message {cut.message_id}, " if cut.message_id else ""
        where += f"characters {cut.start} to {cut.end}"
        kind = cut.kind.replace("_", " ")
        yield Text.assemble((kind, "bold"), (f"{_PARTING}{one_line(where)}", "dim"))
        yield Padding(Text(printable(cut.text).strip()), _INDENT)


def _body(text: str, text_format: TextFormat) -> RenderableType:
    if text_format is TextFormat.MARKDOWN:
        return Markdown(printable(text), hyperlinks=False)  # no escape sequence of its own
    return Text(printable(to_plain_text(text, text_format)))
