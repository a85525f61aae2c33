"""Where the sentences of a text stand: prose by its full stops, lists and headings by lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_END = re.compile(
    r"""
    (?<![.!?\u2026])[.!?\u2026]++["')\]\u201d\u2019]*+(?=\s)
    | [\u3002\uff01\uff1f]["')\u201d\u2019\u300d\u300f]?
    | \n
    """,
    re.VERBOSE,
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|e\.g|i\.e|z\.B|d\.h|cf|vs|etc|approx|bzw|ca|Dr|Mr|Mrs|Ms|No|Nr|St|Fig)\.$"
)
_HEAD = 12  # the longest of these and what stands before it


class Sentence(NamedTuple):
    """One sentence, list item or heading, and its half-open characters in the text."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """
    Cut a text into sentences, in time linear in it.

    A line break ends a sentence: texts are unwrapped by the cleaner. A full stop
    does not where it ends an abbreviation or an initial, or the next word is written
    small.

    Args:
        text: Plain text.

    Returns:
        Sentences without the blanks around them, ascending, none of them blank.
    """
    return list(_cut(text))


def _cut(text: str) -> Iterator[Sentence]:
    start = 0
    for match in _END.finditer(text):
        if _is_inside(text, start, match):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def _is_inside(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0] == "\n" or not match[0].startswith("."):
        return False
    after = text[match.end() : match.end() + 3].lstrip(" \t")
    is_small = after[:1].islower()
    before = text[max(start, match.start() - _HEAD) : match.start() + 1]
    return is_small or _ABBREVIATED.search(before) is not None


def _stripped(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    kept = piece.strip()
    if kept:
        first = start + len(piece) - len(piece.lstrip())
        yield Sentence(kept, first, first + len(kept))
