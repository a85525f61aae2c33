"""Words that are made of words: `getUserName`, `wi-fi`, `Office365`, `log4j.properties`."""

from __future__ import annotations

import re

Part = tuple[str, int, int]
"""A word within a longer one, or one made of it, and the characters that it stands for."""

_MOST_PARTS = 8
"""What falls into more parts is no name but a code."""
_LONGEST = 64
_LONGEST_WHOLE = 255
_JOINERS = re.compile(r"[-./\\]")
_STRONG_JOINERS = re.compile(r"[./\\]")
_UNDERSCORE = re.compile("_")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LETTERS_AND_DIGITS = re.compile(r"([A-Za-z]{2,})([0-9]+)|([0-9]+)([A-Za-z]{2,})")
_PLURAL_OF_ACRONYM = re.compile(r"[A-Z]{2,}s")


def split_at_joiners(chunk: str) -> list[Part]:
    """The words between `-`, `.`, `/` and `\\`, in order; most often one."""
    if chunk.isalnum():
        return [(chunk, 0, len(chunk))]
    return _pieces(chunk, 0, _JOINERS)


def joined_forms(chunk: str) -> list[Part]:
    """
    What a chunk of several words is called as a whole: `wifi`, `log4j.properties`.

    A hyphen is left out, as others do; a dot or slash stays, `\\` is `/`.
    """
    found = []
    pieces = _pieces(chunk, 0, _STRONG_JOINERS)
    if len(pieces) > 1 and len(chunk) <= _LONGEST_WHOLE:
        found.append((chunk.replace("\\", "/"), 0, len(chunk)))
    for word, start, end in pieces:
        if "-" in word and len(word) <= _LONGEST_WHOLE:
            found.append((word.replace("-", ""), start, end))
    return found


def inner_words(word: str, at: int, *, splits_names: bool) -> list[Part]:
    """
    The words within one written without a blank: `get_user_name`, `getUserName`, `Office365`.

    Args:
        word: Of ASCII letters, or it has no parts.
        at: Where it stands; parts are told their places from there.
        splits_names: Also take apart what begins with a capital, as NullPointerException:
            documents are full of such names of products, whose parts are other words.

    Returns:
        At least two, or nothing.
    """
    if len(word) > _LONGEST or not word.isascii() or word.isdigit():
        return []
    if word.isalpha():
        is_name = word[0].isupper() and not splits_names
        found = [] if is_name or word[1:].islower() else _humps(word, at)
    elif "_" in word:
        found = [
            part
            for piece in _pieces(word, at, _UNDERSCORE)
            for part in (_humps(piece[0], piece[1]) or [piece])
        ]
    else:
        match = _LETTERS_AND_DIGITS.fullmatch(word)
        found = []
        if match:
            cut = match.end(1) if match[1] else match.end(3)
            found = [(word[:cut], at, at + cut), (word[cut:], at + cut, at + len(word))]
    return found if 1 < len(found) <= _MOST_PARTS else []


def _humps(word: str, at: int) -> list[Part]:
    """Of camelCase; nothing if a part is a single letter, as in iPhone, or it is VPNs."""
    if word.isupper() or word.islower() or _PLURAL_OF_ACRONYM.fullmatch(word):
        return []
    found = [(m[0], at + m.start(), at + m.end()) for m in _HUMPS.finditer(word)]
    return [] if any(len(part) == 1 for part, _, _ in found) else found


def _pieces(text: str, at: int, joiner: re.Pattern[str]) -> list[Part]:
    found = []
    for word in joiner.split(text):
        if word:
            found.append((word, at, at + len(word)))
        at += len(word) + 1
    return found
