"""Scripts that put no blanks between words: they are read by pairs of characters."""

from __future__ import annotations

import re
import unicodedata

from kbsearch.text.compounds import Part

WORD_CHARACTERS = (
    r"\w"
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0963\u0966-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e81-\u0ece\u0ed0-\u0edf"
    "\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17d7\u17dd\u17e0-\u17e9\u3099\u309a"
)
"""Inside of a class of a regular expression: letters, digits and the marks that belong to them."""

_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
    "\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uffdc\U00020000-\U0003ffff"
)
"""Han, kana, bopomofo and hangul, Thai, Lao, Burmese and Khmer; also in half width."""
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_MARK = re.compile(
    "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u17b4-\u17d3\u3099\u309a\uff9e\uff9f]"
)


def has_unspaced(text: str) -> bool:
    """Whether some of it is written in such a script."""
    return _HAS_UNSPACED.search(text) is not None


def runs_of_scripts(chunk: str) -> list[tuple[Part, bool]]:
    """A chunk in pieces of one kind, each with whether it is unspaced."""
    return [
        ((match[0], match.start(), match.end()), has_unspaced(match[0][0]))
        for match in _RUNS.finditer(chunk)
    ]


def pairs(run: str) -> list[Part]:
    """
    Each two neighbours of a run of characters, or the one that stands alone.

    So a word is found whatever stands before and behind it, without a dictionary.
    A mark counts with the character that it is put on; half width is made full.
    """
    if _MARK.search(run) is None and unicodedata.is_normalized("NFKC", run):
        last = max(1, len(run) - 1)
        return [(run[i : i + 2], i, min(i + 2, len(run))) for i in range(last)]
    bounds = [i for i, c in enumerate(run) if i == 0 or _MARK.match(c) is None] + [len(run)]
    return [
        (unicodedata.normalize("NFKC", run[start:end]), start, end)
        for start, end in zip(bounds, bounds[2:] or bounds[1:], strict=False)
    ]
