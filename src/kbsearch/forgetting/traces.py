"""What would show that something is still there, and where on disk it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kbsearch import files
from kbsearch.arrays import Float32
from kbsearch.models import Document
from kbsearch.progress import Progress, silent
from kbsearch.text import Analyzer

MIN_WORD = 8
"""Shorter words stand anywhere by chance."""

_MAX_VECTORS = 200
_VECTOR_NUMBERS = 16  # of a vector, enough to know it by
_CHUNK_BYTES = 4 << 20
_OVERLAP_BYTES = 4 << 10
_WORD = re.compile(rf"[^\W_]{{{MIN_WORD},}}")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_LETTER_OR_DIGIT = re.compile(rb"[A-Za-z0-9_.-]")


@dataclass(frozen=True)
class Traces:
    """
    What is looked for.

    Attributes:
        words: Case-folded, of `MIN_WORD` letters and digits or more.
        values: Ids, addresses and names, as written.
        vectors: Beginnings of vectors, as bytes.
    """

    words: set[str]
    values: set[str]
    vectors: set[bytes]

    def count(self) -> int:
        """How many are looked for."""
        return len(self.words) + len(self.values) + len(self.vectors)


class Found(NamedTuple):
    """A trace that is still there: in which file, and of which kind; never what it says."""

    file: str
    kind: str


def words_of(document: Document, analyzer: Analyzer) -> set[str]:
    """The words of a document that could be looked for, as written and as they are indexed."""
    text = "\n".join(_strings(document.model_dump(mode="json")))
    indexed = {term for term in analyzer.terms(text) if len(term) >= MIN_WORD and term.isalnum()}
    return words_in(text) | indexed


def words_in(text: str) -> set[str]:
    """Its words that are long enough, case-folded."""
    return set(_WORD.findall(text.casefold()))


def words_in_bytes(content: bytes) -> set[str]:
    """The words that stand in the bytes of a file, as `find_traces` reads them."""
    return {word for text in _readings(content) for word in _WORD.findall(text)}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def vector_traces(vectors: Iterable[Float32]) -> set[bytes]:
    """How vectors begin as 32- and 16-bit floats and as 8-bit integers; of 200 at most."""
    found: set[bytes] = set()
    for vector in list(vectors)[:_MAX_VECTORS]:
        head = vector[:_VECTOR_NUMBERS]
        if np.count_nonzero(head) * 2 < len(head):
            continue  # all but empty: others begin alike
        found.add(head.astype("<f4").tobytes())
        found.add(head.astype("<f2").tobytes())
        found.add(np.round(head * 127).astype(np.int8).tobytes())
    return found


def find_traces(
    root: Path, traces: Traces, *, but: Iterable[Path], progress: Progress = silent
) -> tuple[list[Found], int, int]:
    """
    Read every byte of every file below a directory.

    Words are found in UTF-8 in any case, and in UTF-16 and -32 where they are of
    Latin letters; values in UTF-8 and UTF-16.

    Returns:
        What was found, each file and kind once, and the numbers of files and of bytes read.
    """
    skipped = set(but)
    paths = sorted(p for p in root.rglob("*") if p.is_file() and p not in skipped)
    encoded = _encoded(traces.values)
    found: dict[Found, None] = {}
    n_bytes = 0
    for n_read, path in enumerate(paths):
        progress("look for traces", n_read, len(paths))
        for chunk in files.read_pieces(path, _CHUNK_BYTES, overlap=_OVERLAP_BYTES):
            n_bytes += len(chunk)
            for kind in _kinds_in(chunk, traces, encoded):
                found[Found(str(path.relative_to(root)), kind)] = None
    progress("look for traces", len(paths), len(paths))
    return list(found), len(paths), n_bytes


def _kinds_in(chunk: bytes, traces: Traces, encoded: set[bytes]) -> Iterator[str]:
    if not traces.words.isdisjoint(words_in_bytes(chunk)):
        yield "text"
    if any(_stands_alone(chunk, value) for value in encoded):
        yield "id, address or name"
    if any(vector in chunk for vector in traces.vectors):
        yield "vector"


def _readings(content: bytes) -> tuple[str, str]:
    """Bytes as UTF-8, and as UTF-16 or -32 of Latin letters, case-folded."""
    wide = content.replace(b"\0", b"").decode("latin-1").casefold()
    return content.decode("utf-8", "replace").casefold(), wide


def _stands_alone(chunk: bytes, value: bytes) -> bool:
    """Whether a value is there that is no part of a longer one."""
    position = chunk.find(value)
    while position >= 0:
        end = position + len(value)
        before, after = chunk[max(0, position - 1) : position], chunk[end : end + 1]
        if not _LETTER_OR_DIGIT.match(before) and not _LETTER_OR_DIGIT.match(after):
            return True
        position = chunk.find(value, position + 1)
    return False


def _encoded(values: Iterable[str]) -> set[bytes]:
    forms = {form for value in values for form in (value, value.casefold(), value.upper())}
    return {form.encode(encoding) for form in forms for encoding in _ENCODINGS}
