"""A desk's own words that customers should not meet, and what to write instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kbsearch.errors import ConfigError

_WORD = re.compile(r"\w++")
_BLANKS = re.compile(r"\s+")


class TermFound(NamedTuple):
    """An internal term, the plainer words for it (perhaps ""), and where it stands."""

    term: str
    instead: str
    start: int
    end: int


class _Entry(NamedTuple):
    term: str
    instead: str
    n_before_word: int
    pattern: re.Pattern[str]


class Glossary:
    """
    Finds internal terms as whole words, also in the plural; time is linear in the text.

    A term in small letters is found however it is written; one with a capital only
    as it is written, so that a tool named Lighthouse is no lighthouse.

    Args:
        terms: By internal term, what to write instead; "" if it should just go.

    Raises:
        ConfigError: If a term holds no letter or digit.
    """

    def __init__(self, terms: Mapping[str, str]) -> None:
        self.terms = tuple(terms)
        self._by_word: dict[str, list[_Entry]] = {}
        for term, instead in sorted(terms.items(), key=lambda item: (-len(item[0]), item)):
            word = _WORD.search(term)
            if word is None:
                raise ConfigError(f"The term {term!r} of the glossary holds no word; remove it.")
            entry = _Entry(term, instead, word.start(), _pattern_of(term))
            self._by_word.setdefault(word[0].casefold(), []).append(entry)

    def find(self, text: str) -> Iterator[TermFound]:
        """Terms ascending by offset; of two that begin with one word, the longer."""
        for word in _WORD.finditer(text):
            for entry in self._entries(word[0].casefold()):
                start = word.start() - entry.n_before_word
                match = entry.pattern.match(text, start) if start >= 0 else None
                if match is not None:
                    yield TermFound(entry.term, entry.instead, start, match.end())
                    break

    def _entries(self, word: str) -> Iterator[_Entry]:
        for form in (word, word.removesuffix("s")) if word.endswith("s") else (word,):
            yield from self._by_word.get(form, ())


def _pattern_of(term: str) -> re.Pattern[str]:
    written = _BLANKS.sub(r"\\s+", re.escape(_BLANKS.sub(" ", term.strip())).replace(r"\ ", " "))
    flags = re.IGNORECASE if term == term.lower() else re.NOFLAG
    return re.compile(rf"(?<!\w){written}(?:['\u2019]?s)?(?!\w)", flags)


def load_glossary(path: Path) -> Glossary:
    """
    Read a desk's glossary.toml: `"internal term" = "what to write instead"` on each line.

    Returns:
        An empty glossary if there is no such file.

    Raises:
        ConfigError: If it cannot be read as that.
    """
    try:
        terms = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Glossary({})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _unusable(path, f"{error}.") from None
    for term, instead in terms.items():
        if not isinstance(instead, str):
            raise _unusable(path, f"{term!r} has no text behind it; put it in quotes.")
    return Glossary(terms)


def _unusable(path: Path, reason: str) -> ConfigError:
    return ConfigError(f"The glossary {str(path)!r} cannot be used: {reason} Correct the file.")
