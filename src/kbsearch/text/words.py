"""Words of a text for lexical search, with the offsets at which they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from kbsearch.errors import ConfigError
from kbsearch.text.compounds import Part, inner_words, joined_forms, split_at_joiners
from kbsearch.text.languages import stemmer_of
from kbsearch.text.scripts import WORD_CHARACTERS, has_unspaced, pairs, runs_of_scripts
from kbsearch.text.stop_words import stop_words

ANALYZER_VERSION = 2
"""Part of every fingerprint: raise it when the same text gives other terms."""

NO_LANGUAGE = "none"
AUTO = "auto"
_ENGLISH = "english"

_CHUNK = r"{w}++(?:['\u2019]{w}++)?(?:[-./\\]{w}++(?:['\u2019]{w}++)?)*+"
_ASCII_CHUNKS = re.compile(_CHUNK.format(w=r"\w"), re.ASCII)
_CHUNKS = re.compile(_CHUNK.format(w=f"[{WORD_CHARACTERS}]"))
_POSSESSIVE = re.compile(r"'s?$")
_LONGEST_REMEMBERED = 64
_N_REMEMBERED = 200_000

# There an accent makes another letter, and every keyboard has it. Elsewhere people leave
# accents out when they are in a hurry.
_OWN_LETTERS = frozenset({"danish", "estonian", "finnish", "norwegian", "swedish"})
_PLAIN_LETTERS = {
    code: plain[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(plain := unicodedata.normalize("NFD", chr(code))) > 1 and plain[0].isascii()
} | {ord("ł"): "l", ord("đ"): "d", ord("ø"): "o", ord("æ"): "ae", ord("œ"): "oe", 0x131: "i"}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - PyStemmer's name


class _Terms(NamedTuple):
    """
    What a chunk of text is indexed as.

    `plain` counts each time that the chunk stands in a text, `further` once: what is
    made of parts helps to find a text, and is no reason to rank it higher. `spans` are
    both, with their offsets in the chunk, ascending.
    """

    plain: tuple[str, ...]
    further: tuple[str, ...]
    spans: tuple[Part, ...]


_NO_TERMS = _Terms((), (), ())


class Analyzer:
    """
    Turns text into the terms that BM25 counts: case-folded, stemmed, no stop words.

    Words that are made of words are terms as a whole and in parts. Scripts without
    blanks are read by pairs of characters.

    Args:
        language: A Snowball language ("english", "german", …), "none" to keep words
            as they are, or "auto": each text by its own language, see `in_language`.
        languages: With "auto", codes of those that a desk is written in, the main one
            first: texts of an unknown language are read as that one. Else English.

    Raises:
        ConfigError: If Snowball does not know the language.

    Source:
        Stemmers: Snowball, through PyStemmer. Pairs of characters: as Lucene's
        CJKBigramFilter.
    """

    def __init__(self, language: str = _ENGLISH, languages: Sequence[str] = ()) -> None:
        self.language = language
        self.languages = tuple(languages)
        self._own = (stemmer_of(languages[0]) if languages else _ENGLISH) or NO_LANGUAGE
        if language != AUTO:
            self._own = language
        self._others: dict[str, Analyzer] = {}
        self._known: dict[str, _Terms] = {}
        self._asked: dict[str, _Terms] = {}
        self._stems: dict[str, str] = {}
        self._stop_words = stop_words(self._own)
        self._folds_accents = self._own not in _OWN_LETTERS
        if self._own != NO_LANGUAGE:
            _ = self._stemmer  # an unknown language is an error now, not at the first search

    @property
    def fingerprint(self) -> str:
        """Equal ones make the same terms of texts in the same languages."""
        chosen = f"({','.join(self.languages)})" if self.languages else ""
        return f"{self.language}{chosen}-{ANALYZER_VERSION}"

    @cached_property
    def _stemmer(self) -> _Stemmer:
        import Stemmer

        known = Stemmer.algorithms()
        if self._own not in known:  # its aliases, such as "en", would get no stop words
            raise ConfigError(
                f"Language {self._own!r} under [words] is not known to Snowball. "
                f"Use 'auto', 'none' or one of: {', '.join(known)}."
            )
        stemmer: _Stemmer = Stemmer.Stemmer(self._own)
        return stemmer

    def in_language(self, code: str | None) -> Analyzer:
        """
        What reads texts of a language: this one, unless it is for "auto".

        Args:
            code: As "de" or "pt-BR"; None if the text's language is not known.
        """
        name = self._own if code is None else stemmer_of(code) or NO_LANGUAGE
        if self.language != AUTO or name == self._own:
            return self
        if name not in self._others:
            self._others[name] = Analyzer(name)
        return self._others[name]

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order, repetitions kept, stop words left out."""
        found: list[str] = []
        seen: set[str] = set()
        for chunk in _chunks(text).findall(text):
            terms = self._known.get(chunk) or self._read(chunk)
            found += terms.plain
            if terms.further and chunk not in seen:
                seen.add(chunk)
                found += terms.further
        return found

    def terms_with_offsets(self, text: str) -> Iterator[tuple[str, int, int]]:
        """
        Each term with the half-open character offsets of its word in `text`, ascending.

        Spans of a whole and of its parts overlap.
        """
        for match in _chunks(text).finditer(text):
            at = match.start()
            for term, start, end in (self._known.get(match[0]) or self._read(match[0])).spans:
                yield term, at + start, at + end

    def query_terms(
        self, query: str, languages: Iterable[str | None] = (), *, spoken: str | None = None
    ) -> list[str]:
        """
        The terms that a query is looked up with.

        Names as NullPointerException are taken apart too. With several languages a word
        is looked up as each of them would index it, for documents of them all.

        Args:
            query: As a person wrote it.
            languages: Codes of those that documents are in, None for an unknown one;
                left out, that of `in_language(spoken)`.
            spoken: The query's own; its stop words are looked up in no language.
        """
        own = self.in_language(spoken)
        asked = list(dict.fromkeys(self.in_language(code) for code in languages)) or [own]
        found: list[str] = []
        seen: set[str] = set()
        for chunk in _chunks(query).findall(query):
            if len(asked) > 1 and spoken is not None and not own._read_asked(chunk).spans:
                continue
            read = [each._read_asked(chunk) for each in asked]
            found += dict.fromkeys(term for terms in read for term in terms.plain)
            if chunk not in seen:
                seen.add(chunk)
                further = dict.fromkeys(term for terms in read for term in terms.further)
                found += [term for term in further if term not in read[0].plain]
        return found

    def _read_asked(self, chunk: str) -> _Terms:
        return self._asked.get(chunk) or self._read(chunk, is_query=True)

    def _read(self, chunk: str, *, is_query: bool = False) -> _Terms:
        if _is_simple(chunk):
            term = self._indexed(chunk)
            terms = _Terms((term,), (), ((term, 0, len(chunk)),)) if term else _NO_TERMS
        else:
            terms = self._read_parts(chunk, is_query=is_query)
        known = self._asked if is_query else self._known
        if len(chunk) <= _LONGEST_REMEMBERED and len(known) < _N_REMEMBERED:
            known[chunk] = terms
        return terms

    def _read_parts(self, chunk: str, *, is_query: bool) -> _Terms:
        plain: list[Part] = []
        further: list[Part] = []
        pieces = split_at_joiners(chunk)
        for piece in pieces:
            word, at, _ = piece
            if not word.isascii() and has_unspaced(word):
                self._read_scripts(word, at, plain)
                continue
            self._add(plain, piece)
            if not _is_simple(word):
                self._add(further, *inner_words(word, at, splits_names=is_query))
        if len(pieces) > 1:
            self._add(further, *joined_forms(chunk))
        spans = sorted([*plain, *further], key=_by_place) if further else plain
        return _Terms(
            tuple([term for term, _, _ in plain]),
            tuple([term for term, _, _ in further]),
            tuple(spans),
        )

    def _read_scripts(self, word: str, at: int, plain: list[Part]) -> None:
        for (run, first, last), is_unspaced in runs_of_scripts(word):
            if is_unspaced:
                plain += [(pair, at + first + a, at + first + b) for pair, a, b in pairs(run)]
            else:
                self._add(plain, (run, at + first, at + last))

    def _add(self, found: list[Part], *parts: Part) -> None:
        for word, start, end in parts:
            term = self._indexed(word)
            if term:
                found.append((term, start, end))

    def _indexed(self, word: str) -> str:
        """As `_term`, remembered."""
        term = self._stems.get(word)
        if term is None:
            term = self._term(word)
            if len(word) <= _LONGEST_REMEMBERED and len(self._stems) < _N_REMEMBERED:
                self._stems[word] = term
        return term

    def _term(self, word: str) -> str:
        """What a word is indexed as; empty for a stop word."""
        if not word.isascii():
            word = unicodedata.normalize("NFKC", word).replace("\u2019", "'")
        word = word.casefold()
        if word in self._stop_words:
            return ""
        if "." in word or "/" in word:
            return word
        bare = (_POSSESSIVE.sub("", word) or word) if "'" in word else word
        stem = bare if self._own == NO_LANGUAGE else self._stemmer.stemWord(bare)
        if self._folds_accents and not stem.isascii():
            stem = stem.translate(_PLAIN_LETTERS)
        return stem


def _chunks(text: str) -> re.Pattern[str]:
    return _ASCII_CHUNKS if text.isascii() else _CHUNKS


def _is_simple(word: str) -> bool:
    """Whether it cannot be made of parts: a number, or letters without a capital inside."""
    if not word.isascii():
        return False
    return word.isdigit() or (word.isalpha() and (word[1:].islower() or word.isupper()))


def _by_place(span: Part) -> tuple[int, int]:
    """The whole before its parts."""
    return span[1], -span[2]
