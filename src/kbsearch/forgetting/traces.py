"""What would show that something is still there, and where on disk it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kbsearch import files
from kbsearch.arrays import Bool, Float32
from kbsearch.indexing.forgotten import standing_alone
from kbsearch.models import Document
from kbsearch.models.base import FrozenModel
from kbsearch.progress import Progress, silent
from kbsearch.text import Analyzer

MIN_WORD = 8
"""Shorter words stand anywhere by chance."""

MAX_VECTORS = 200
_VECTOR_NUMBERS = 24  # of a vector, enough to know it by
_MIN_HEAD_BYTES = 12
_CHUNK_BYTES = 4 << 20
_OVERLAP_BYTES = 4 << 10
_WORD = re.compile(rf"[^\W_]{{{MIN_WORD},}}")
_ESCAPES = (("\\n", " "), ("\\t", " "), ("\\r", " "))  # of JSON: their letter is no part of a word


class Traces(FrozenModel):
    """
    What is looked for when all is done; kept with the request until then.

    Attributes:
        words: Case-folded, of `MIN_WORD` letters and digits or more.
        ids: Of documents, as written.
        names: Addresses, names and ids of a person, case-folded.
        vectors: By the hash of their input, how vectors begin: hex of float32.
    """

    words: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    vectors: Mapping[str, str] = {}

    def count(self) -> int:
        """How many are looked for."""
        return len(self.words) + len(self.ids) + len(self.names) + len(self.vectors)


class Found(NamedTuple):
    """A trace that is still there: in which file, and of which kind; never what it says."""

    file: str
    kind: str


def words_of(document: Document, analyzer: Analyzer) -> set[str]:
    """The words of a document that could be looked for, as written and as they are indexed."""
    return words_of_text("\n".join(_strings(document.model_dump(mode="json"))), analyzer)


def words_of_text(text: str, analyzer: Analyzer) -> set[str]:
    """The same of a text."""
    indexed = {term for term in analyzer.terms(text) if len(term) >= MIN_WORD and term.isalnum()}
    return words_in(text) | indexed


def words_in(text: str) -> set[str]:
    """Its words that are long enough, case-folded, as `find_traces` reads them."""
    return set(_WORD.findall(_unescaped(text).casefold()))


def words_in_bytes(content: bytes) -> set[str]:
    """The words that stand in the bytes of a file, as `find_traces` reads them."""
    return {word for text in _readings(content) for word in words_in(text)}


def head_of(vector: Float32) -> str:
    """How a vector begins, as `Traces` keeps it."""
    return vector[:_VECTOR_NUMBERS].astype("<f4").tobytes().hex()


def forms_of(head: str) -> list[bytes]:
    """A vector's beginning as 32- and 16-bit floats and as 8-bit integers; none if it is empty."""
    numbers = np.frombuffer(bytes.fromhex(head), dtype="<f4")
    forms = (
        numbers.tobytes(),
        numbers.astype("<f2").tobytes(),
        np.round(numbers * 127).astype(np.int8).tobytes(),
    )
    found = []
    for form in forms:
        start = next((n for n in range(len(form) - 3) if 0 not in form[n : n + 4]), len(form))
        if len(form) - start >= _MIN_HEAD_BYTES:
            found.append(form[start:])
    return found


def find_traces(
    root: Path, traces: Traces, *, but: Iterable[Path], progress: Progress = silent
) -> tuple[list[Found], int, int]:
    """
    Read every byte of every file below a directory.

    Words are found in UTF-8 in any case, and in UTF-16 and -32 where they are of
    Latin letters; ids and names likewise, where they stand alone.

    Returns:
        What was found, each file and kind once, and the numbers of files and of bytes read.
    """
    skipped = set(but)
    paths = sorted(p for p in root.rglob("*") if p.is_file() and p not in skipped)
    finder = TraceFinder(traces)
    found: dict[Found, None] = {}
    n_bytes = 0
    for n_read, path in enumerate(paths):
        progress("look for traces", n_read, len(paths))
        name = str(path.relative_to(root))
        found |= {Found(name, kind): None for kind in finder.kinds_in_text(path.name)}
        for chunk in files.read_pieces(path, _CHUNK_BYTES, overlap=_OVERLAP_BYTES):
            n_bytes += len(chunk)
            found |= {Found(name, kind): None for kind in finder.kinds_in(chunk)}
    progress("look for traces", len(paths), len(paths))
    return list(found), len(paths), n_bytes


class TraceFinder:
    """Looks for traces in bytes and in texts."""

    def __init__(self, traces: Traces) -> None:
        self._words = traces.words
        self._ids = standing_alone(traces.ids)
        self._names = standing_alone(traces.names)
        self._heads: dict[bytes, list[bytes]] = {}
        for head in traces.vectors.values():
            for form in forms_of(head):
                self._heads.setdefault(form[:4], []).append(form)
        self._first, self._second = _pair_table(self._heads, 0), _pair_table(self._heads, 2)

    def kinds_in(self, content: bytes) -> Iterator[str]:
        """Kinds of what stands in the bytes of a file."""
        for text in _readings(content):
            yield from self.kinds_in_text(text)
        if self._has_vector(content):
            yield "vector"

    def kinds_in_text(self, text: str) -> Iterator[str]:
        """Kinds of what a text says."""
        folded = _unescaped(text).casefold()
        if not self._words.isdisjoint(_WORD.findall(folded)):
            yield "text"
        if self._ids is not None and self._ids.search(_unescaped(text)):
            yield "id"
        if self._names is not None and self._names.search(folded):
            yield "address or name"

    def _has_vector(self, content: bytes) -> bool:
        if not self._heads or len(content) < 4:
            return False
        numbers = np.frombuffer(content, dtype=np.uint8).astype(np.uint16)
        pairs = numbers[:-1] | (numbers[1:] << 8)
        is_likely = self._first[pairs[:-2]] & self._second[pairs[2:]]
        return any(
            content.startswith(head, int(at))
            for at in np.flatnonzero(is_likely)
            for head in self._heads.get(content[int(at) : int(at) + 4], ())
        )


def _pair_table(heads: Iterable[bytes], start: int) -> Bool:
    """Which pairs of bytes stand at this place of a head, (65536,)."""
    table = np.zeros(1 << 16, dtype=np.bool_)
    for head in heads:
        table[int.from_bytes(head[start : start + 2], "little")] = True
    return table


def _readings(content: bytes) -> tuple[str, str]:
    """Bytes as UTF-8, and as UTF-16 or -32 of Latin letters."""
    wide = content.replace(b"\xff\xfe", b" ").replace(b"\xfe\xff", b" ").replace(b"\0", b"")
    return content.decode("utf-8", "replace"), wide.decode("latin-1")


def _unescaped(text: str) -> str:
    for escape, blank in _ESCAPES:
        text = text.replace(escape, blank)
    return text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
