"""Markdown to plain text, by way of HTML, so that both read alike."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kbsearch.errors import MissingExtraError
from kbsearch.text.html import html_to_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

MAX_STEPS = 80_000
"""Attempts to read something at a place of the text; prose takes 100 for each kilobyte."""

MAX_NESTING = 50
"""Quotes, or twice the lists, that may stand within each other."""

_STEPS = "kbsearch_n_steps"
_STEPS_PER_LINE = 2
_STEPS_OF_OPENINGS = {"[": 2, "!": 4}
_DELIMITERS = re.compile(r"\*++|_++|~++")


def markdown_to_text(markup: str) -> str:
    """
    Read CommonMark with tables as a person would see it rendered.

    A text that takes more than `MAX_STEPS` to parse or nests deeper than
    `MAX_NESTING` is returned as it is: nobody wrote it to be read as markdown,
    and nothing of it is lost.

    Raises:
        MissingExtraError: If the parser is not installed.
    """
    page = markdown_to_html(markup)
    return markup if page is None else html_to_text(page)


def markdown_to_html(markup: str) -> str | None:
    """The page that CommonMark makes of a text, None if it is no markdown, as above."""
    try:
        page: str = _parser().render(markup, {_STEPS: 0})
    except _TooCostlyError:
        return None
    return page


class _TooCostlyError(Exception):
    """A text takes more steps, or more depth, than any that a person wrote."""


@cache
def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise MissingExtraError("Reading markdown", "markdown-it-py", "markup") from None

    class Parser(MarkdownIt):
        """Shows a link's target as it was written."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802
            """Without percent-encoding, which costs most of the time in texts full of links."""
            return url

        def normalizeLinkText(self, link: str) -> str:  # noqa: N802
            """As `normalizeLink`, so that a bare address equals its target."""
            return link

    # One level more, so that the parser never reaches its own limit, where it drops text.
    parser = Parser("commonmark", {"html": True, "maxNesting": MAX_NESTING + 3})
    may_interrupt: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("table", "kbsearch_steps", _count_line, may_interrupt)
    parser.inline.ruler.before("text", "kbsearch_steps", _count_place)
    return parser.enable(["table", "strikethrough"])


def _count_line(state: StateBlock, line: int, _end_line: int, _silent: bool) -> bool:
    """As a rule that never applies, it is asked wherever a block could begin."""
    if state.level > MAX_NESTING:
        raise _TooCostlyError
    n_cells = state.src.count("|", state.bMarks[line], state.eMarks[line])
    _count(state, _STEPS_PER_LINE + n_cells)
    return False


def _count_place(state: StateInline, _silent: bool) -> bool:
    """Each star of a run may be emphasis, and for each bracket its other half is looked for."""
    run = _DELIMITERS.match(state.src, state.pos)
    n_steps = len(run[0]) if run else _STEPS_OF_OPENINGS.get(state.src[state.pos], 1)
    _count(state, n_steps)
    return False


def _count(state: StateBlock | StateInline, n_steps: int) -> None:
    state.env[_STEPS] += n_steps
    if state.env[_STEPS] > MAX_STEPS:
        raise _TooCostlyError
