"""Made-up words in the neighbourhood of "password", whatever the sentence says about them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from kbsearch.redact.base import Finding
from kbsearch.redact.extents import value_at, whole_value
from kbsearch.redact.labels import LABELS, NAME_WORDS, LabelKind
from kbsearch.redact.reading import Reading, any_of
from kbsearch.redact.values import is_stand_in, is_technical
from kbsearch.text.identifiers import identifiers

_REACH = 160  # characters on either side of the word that announces
_MOST = 48  # characters of a password; longer ones are keys and have their own rules
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n")
_REST_OF_TOKEN = re.compile(r"(?<=\S)\S++")
_TOKEN = re.compile(r"[^\s|]+")
_ALONE = re.compile(  # or with an ending such as that of "Passwörtern"; no "password_hash"
    r"(?<![./\\$@{<_=%&?])(?<!\W-)\w{0,3}(?![\w/\\(=<>{\[@-]|\.\w)"
)
_BARE = re.compile(rf"(?!-)[\w!@#$%^&*+=?.~-]{{6,{_MOST}}}")
_SYMBOL = re.compile(r"[!@#$%^&*+=?~]")
_DIGIT_OR_SYMBOL = re.compile(r"[0-9!@#$%^&*+=?~]")
_DIGIT_AND_LETTER = re.compile(r"(?=[^0-9]*[0-9])[^A-Za-z]*[A-Za-z]")
_WITHIN_SENTENCE = re.compile(r"[.,;:)]|[\"'`]?\s[a-zß-ÿ]")
_LETTER, _SMALL = "[A-Za-zÀ-ÖØ-öø-ÿ]", "[a-zß-öø-ÿ]"
_TWO_SYMBOLS = re.compile(rf"[!#$%&*]{_LETTER}++[!@#$%^&*+?]{_LETTER}++")
_WORD_AND_DIGITS = re.compile(
    rf"{_LETTER}{_SMALL}{{3,}}+[-_.]?[0-9]{{2,4}}"  # "maple44", "Maple-2044"
    rf"|{_LETTER}{_SMALL}{{2,}}+[0-9]{{2,4}}{_LETTER}{{3,}}+"  # "maple44Leaf"
    r"|(?=[a-z]*[0-9][a-z]*[0-9])[a-z]++[0-9]++[a-z]++[a-z0-9]*+"  # "m4pl3s"
)
_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_OTHERWISE = re.compile(
    r"""
    [#\w.-]+=.* | [$@](?:[a-z_]\w*|[A-Z0-9_]+) | 0x\w+           # name=value, a variable
    | .*&[a-z]+(?:;.*)? | .*%[0-9A-F]{2}.*                      # of HTML, of an address
    | [a-z][\w.-]*@[a-z][\w.-]* | [\w$.-]+@(?:[\w-]+\.[\w.-]+|localhost)      # anna@node2
    | \w\+\+[0-9]* | v?[0-9.]+\+? | v?[0-9]+\.[\w.-]*\+[\w.]+   # C++17, 1.10+, 1.2+build3
    | [\w.-]+(?:\+[\w.-]+){2,} | [~#]?[0-9.]+%?                 # a list of ciphers, a size
    | [\w.-]+-[$#] | [A-Za-z][\w.]*\#[A-Za-z]\w*                 # a prompt, a page and its part
    """,
    re.VERBOSE,
)
_NAMES = any_of(NAME_WORDS)
_COUNTED = re.compile(rf"(?:{_NAMES})[-_.]?[0-9]+", re.IGNORECASE)
_NAMED = re.compile(rf"(?<![^\W_])(?:{_NAMES})\W{{1,3}}\Z")


class _Look(IntEnum):
    """How much a word looks made up."""

    ORDINARY = 0
    LIKELY = 1  # "maple44"
    SURE = 2  # with letters, digits and symbols, or jumbled


def find_nearby(reading: Reading, announcing: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    """
    Words that look made up, at most 160 characters from one that announces a password.

    Args:
        reading: The text.
        announcing: Half-open offsets of labels and of words of logging in,
            ascending; only those that stand alone count. Near the latter a word
            must be unmistakable.
    """
    spans: dict[_Look, list[tuple[int, int]]] = {_Look.LIKELY: [], _Look.SURE: []}
    for start, end in announcing:
        kinds = LABELS.get(reading.lowered[start:end])
        if (kinds is None or LabelKind.PASSWORD in kinds) and _stands_alone(reading, start, end):
            spans[_Look.LIKELY if kinds else _Look.SURE].append((start, end))
    for least, near in spans.items():
        for start, end in _neighbourhoods(reading.plain, near):
            yield from _made_up(reading, start, end, least)


def _stands_alone(reading: Reading, start: int, end: int) -> bool:
    before = reading.plain[max(0, start - 2) : start]
    return _ALONE.match(f"{before}{reading.plain[end : end + 5]}", len(before)) is not None


def _neighbourhoods(text: str, near: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What lies within reach and across no blank line, those that overlap as one."""
    blanks = [blank.span() for blank in _BLANK_LINE.finditer(text)] if near else []
    ends, starts = [0, *(end for _, end in blanks)], [*(start for start, _ in blanks), len(text)]
    last: tuple[int, int] | None = None
    for start, end in near:
        place = bisect_right(ends, start)
        first = max(start - _REACH, ends[place - 1])
        behind = min(end + _REACH, starts[place - 1])
        if last is not None and first > last[1]:
            yield last
            last = None
        last = (last[0] if last else first, behind)
    if last is not None:
        yield last


def _made_up(reading: Reading, start: int, end: int, least: _Look) -> Iterator[Finding]:
    text = reading.plain
    rest = _REST_OF_TOKEN.match(text, start, end)
    for token in _TOKEN.finditer(text, rest.end() if rest else start, end):
        value = value_at(text, token.start()) if _DIGIT_OR_SYMBOL.search(token[0]) else None
        if value is None or len(value.shown) > _MOST:
            continue
        found = whole_value(text, value)
        look = _look_of(text[found.start : found.end], text[found.end : found.end + 3])
        if look >= least and not _is_something_else(reading, found, look):
            yield found


def _look_of(shown: str, after: str) -> _Look:
    core = shown.rstrip("!?")
    if not _BARE.fullmatch(shown) or is_stand_in(core) or is_technical(core):
        return _Look.ORDINARY
    if _OTHERWISE.fullmatch(core) or _COUNTED.fullmatch(core):
        return _Look.ORDINARY
    ends_in_symbol = core != shown and _WITHIN_SENTENCE.match(after)
    has_symbol = ends_in_symbol or _SYMBOL.search(core)
    if has_symbol and (_DIGIT_AND_LETTER.match(core) or _TWO_SYMBOLS.fullmatch(core)):
        return _Look.SURE
    if _HEXADECIMAL.fullmatch(core) or core.isupper():
        return _Look.ORDINARY  # a commit, a model
    if _is_jumbled(core):
        return _Look.SURE
    return _Look.LIKELY if _WORD_AND_DIGITS.fullmatch(core) else _Look.ORDINARY


def _is_jumbled(core: str) -> bool:
    """Whether letters and digits take turns as in "kJ8hGf2D", not as in "GeoLite2"."""
    n_humps = len(_HUMP.findall(core))
    is_mixed = core.isalnum() and _DIGIT_AND_LETTER.match(core) is not None
    return is_mixed and n_humps >= 4 and 8 <= len(core) <= 2.7 * n_humps


def _is_something_else(reading: Reading, found: Finding, look: _Look) -> bool:
    """Whether a name is announced, or the surroundings make it a model, a ticket, a version."""
    first = max(0, found.start - 40)
    if _NAMED.search(reading.lowered, first, found.start):
        return True
    around = identifiers(reading.plain[first : found.end]) if look is _Look.LIKELY else ()
    return any(first + one.end > found.start for one in around)
