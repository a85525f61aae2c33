"""Markdown to plain text, by way of HTML, so that both read alike."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kbsearch.errors import MissingExtraError
from kbsearch.text.html import html_to_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise MissingExtraError("Reading markdown", "markdown-it-py", "markup") from None
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def markdown_to_text(markup: str) -> str:
    """
    Read CommonMark with tables as a person would see it rendered.

    Raises:
        MissingExtraError: If the parser is not installed.
    """
    return html_to_text(_parser().render(markup))
