"""A desk's own words for one thing: which of them a query holds, and what else to search for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kbsearch.text import Analyzer

_WORD = re.compile(r"\w++(?:['\u2019]\w++)?")
_JOINTS = frozenset("-_./\\@+&:#")
_CLOSE = frozenset({" ", "-", "\u2010", "\u2011", "\u00a0", "\n", "\t"})


class Rule(NamedTuple):
    """
    Who types these words finds the others too.

    Attributes:
        typed: A word or several.
        others: Likewise each.
        is_abbreviation: Whether `typed` is one, which stands alone or means something else.
    """

    typed: str
    others: tuple[str, ...]
    is_abbreviation: bool = False


class SynonymFound(NamedTuple):
    """Words of a query by their half-open characters, and others for them, in their order."""

    start: int
    end: int
    others: tuple[str, ...]
    is_abbreviation: bool


class _Word(NamedTuple):
    """A word of a query; `is_next` if nothing but a blank or a dash stands before it."""

    key: tuple[str, ...]
    start: int
    end: int
    is_next: bool


class _Phrase(NamedTuple):
    rule: Rule
    keys: tuple[tuple[str, ...], ...]


class Synonyms:
    """
    Finds words that have others, in every inflection; time is linear in the text.

    A word in small letters is found however it is written; one with a capital, and an
    abbreviation, only as it is written, or with an s behind it. An abbreviation stands
    alone: not in a name as `AD-4711` or `ad.example.com`.

    Args:
        rules: Of all files that are read for this audience; those for the same words add up.
        analyzer: Of the shelves.
    """

    def __init__(self, rules: Iterable[Rule], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._by_first: dict[tuple[str, ...], list[_Phrase]] = {}
        self._known: set[tuple[str, ...]] = set()
        for rule in rules:
            keys = self._keys(rule.typed)
            self._by_first.setdefault(keys[0], []).append(_Phrase(rule, keys))
            for phrase in (rule.typed, *rule.others):
                self._known.update(self._keys(phrase))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda each: -len(each.keys))

    def knows(self, word: str) -> bool:
        """Whether a word stands on either side of any rule: then it is no mistake."""
        return bool(self._known) and self._known_key(word) in self._known

    def find(self, text: str) -> Iterator[SynonymFound]:
        """Words that have others, ascending, without overlap; of two at one place, the longer."""
        if not self._by_first:
            return
        words = list(self._words(text))
        place = 0
        while place < len(words):
            phrases = self._phrases_at(text, words, place)
            n_words = len(phrases[0].keys) if phrases else 1
            if phrases:
                rules = [phrase.rule for phrase in phrases]
                others = dict.fromkeys(other for rule in rules for other in rule.others)
                is_short = any(rule.is_abbreviation for rule in rules)
                end = words[place + n_words - 1].end
                yield SynonymFound(words[place].start, end, tuple(others), is_short)
            place += n_words

    def _phrases_at(self, text: str, words: list[_Word], place: int) -> list[_Phrase]:
        """Those that begin here, the longest only."""
        found: list[_Phrase] = []
        for phrase in self._by_first.get(words[place].key, ()):
            if found and len(phrase.keys) < len(found[0].keys):
                break
            own = words[place : place + len(phrase.keys)]
            is_there = len(own) == len(phrase.keys) and all(
                word.key == key and (word.is_next or word is own[0])
                for word, key in zip(own, phrase.keys, strict=True)
            )
            if is_there and _is_meant(phrase.rule, text, own[0].start, own[-1].end):
                found.append(phrase)
        return found

    def _words(self, text: str) -> Iterator[_Word]:
        end = 0
        keys: dict[str, tuple[str, ...]] = {}
        for match in _WORD.finditer(text):
            if match[0] not in keys:
                keys[match[0]] = self._known_key(match[0])
            is_next = match.start() == end + 1 and text[end] in _CLOSE
            yield _Word(keys[match[0]], match.start(), match.end(), is_next)
            end = match.end()

    def _keys(self, phrase: str) -> tuple[tuple[str, ...], ...]:
        return tuple(self._key(word) for word in words_of(phrase))

    def _known_key(self, word: str) -> tuple[str, ...]:
        """A word's key; without an s behind it if only that is known: stemmers leave `VPNs`."""
        key = self._key(word)
        if key in self._known or not word.endswith(("s", "S")):
            return key
        singular = self._key(word[:-1])
        return singular if singular in self._known else key

    def _key(self, word: str) -> tuple[str, ...]:
        """A word as it is compared; stop words, which have no terms, as they are written."""
        return tuple(self._analyzer.terms(word)) or (word.casefold(),)


def words_of(phrase: str) -> list[str]:
    """The words of a phrase, in order; none if it holds no letter or digit."""
    return [match[0] for match in _WORD.finditer(phrase)]


def _is_meant(rule: Rule, text: str, start: int, end: int) -> bool:
    """Whether words whose terms are those of the rule are written as it asks for."""
    if rule.is_abbreviation and (_is_joined(text, start - 1, -1) or _is_joined(text, end, 1)):
        return False
    if rule.typed == rule.typed.lower():
        return True
    written = re.split(r"[\s\-]", rule.typed.strip())
    given = re.split(r"[\s\-\u2010\u2011]", text[start:end])
    return given[:-1] == written[:-1] and given[-1] in (written[-1], written[-1] + "s")


def _is_joined(text: str, place: int, step: int) -> bool:
    """Whether a joint stands here with a letter or digit on its other side."""
    beyond = place + step
    if min(place, beyond) < 0 or max(place, beyond) >= len(text):
        return False
    return text[place] in _JOINTS and text[beyond].isalnum()
