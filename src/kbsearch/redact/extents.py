"""Where a value begins and ends: between quotes, up to a blank, up to the next entry of a list."""

from __future__ import annotations

import re
from typing import NamedTuple

from kbsearch.redact.base import Finding
from kbsearch.redact.values import Strength, strength_of

_MOST = 64  # characters that are judged; a longer value is taken to its end

_QUOTED = rf"""
    \\"(?P<escaped>[^"\\\n]{{1,{_MOST}}}+)\\"
    | "\s?(?P<double>(?:[^"\\\n]|\\.){{1,{_MOST}}}?)\s?"
    | '\s?(?P<single>(?:[^'\\\n]|\\.){{1,{_MOST}}}?)\s?'(?!\w)
    | `(?P<tick>[^`\n]{{1,{_MOST}}}+)`
"""
_OPENING = r"""["'`(\[{*]{0,4}"""
_NO_TAG = r"<(?![/a-zA-Z!])"
_VALUE = re.compile(
    rf"{_QUOTED} | {_OPENING}(?P<open>(?:[^\s<]|{_NO_TAG}){{1,{_MOST}}}+)", re.VERBOSE
)
_VALUE_IN_A_LIST = re.compile(  # "…&lang=en" and "…;Encrypt=true" are the next entries
    rf"""{_QUOTED} | {_OPENING}(?P<open>(?:[^\s<&;,]|{_NO_TAG}
    |[&;,](?!(?:amp;)?["']?[\w.\[\]-]{{1,40}}(?:\ \w{{1,20}})?["']?[=:])(?=\S)){{1,{_MOST}}}+)""",
    re.VERBOSE,
)
_REST = re.compile(r"[^\s<\"'`&;]*+")
_LOOSE_END = ".,:;)]}>\"'`|"
_END_OF_ENTRY = re.compile(
    r"[.,;:)\]}>\"'`|*_!]*+[ \t]*+(?:\n|\Z|\\n|[,;&]|</)|[,;&]|\s?[})\]]"
    r"|[\"'`]?\s(?:--?\w|[\w.-]{1,30}=)"  # the next option or the next "key=value"
)


class Value(NamedTuple):
    """
    What may be a secret, as it is judged.

    Attributes:
        shown: The first 64 characters, without the quotes around them.
        start: Offset of `shown`.
        after: Offset behind the closing quote.
        is_quoted: Whether there are quotes around it.
        strength: How much it looks like a password.
    """

    shown: str
    start: int
    after: int
    is_quoted: bool
    strength: Strength


def value_at(text: str, start: int, *, in_list: bool = False) -> Value | None:
    """The value that starts at an offset; in a list it ends where another entry begins."""
    match = (_VALUE_IN_A_LIST if in_list else _VALUE).match(text, start)
    if match is None:
        return None
    kind = match.lastgroup or "open"
    shown = match[kind]
    return Value(shown, match.start(kind), match.end(), kind != "open", strength_of(shown))


def ends_entry(text: str, value: Value) -> bool:
    """Whether nothing else follows a value on its line or in its entry of a list."""
    return len(value.shown) >= _MOST or _END_OF_ENTRY.match(text, value.after) is not None


def whole_value(text: str, value: Value) -> Finding:
    """A value to its end, without the punctuation of the sentence around it."""
    start, end = value.start, value.start + len(value.shown)
    if not value.is_quoted:
        rest = _REST.match(text, end) if len(value.shown) >= _MOST else None
        end = rest.end() if rest else end
        shown = text[start:end].rstrip(_LOOSE_END).removesuffix("**").removesuffix("__")
        end = start + len(shown.rstrip(_LOOSE_END))
    return Finding(start, end, "secret")
