"""What would show that something is still there, and where on disk it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kbsearch import files
from kbsearch.arrays import Float32
from kbsearch.indexing.forgotten import GOES_ON, standing_alone
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
_ESCAPED_LETTER = re.compile(r"\\u([0-9a-fA-F]{4})")
_MAX_ID = 300
_HASH_BITS = 24
_HASH_FACTOR = np.uint32(2654435761)  # Knuth's: spreads numbers that are near each other


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
    """Looks for traces in bytes and in texts, however many they are."""

    def __init__(self, traces: Traces) -> None:
        self._words = traces.words
        self._ids = traces.ids
        sources = {document_id.partition(":")[0] for document_id in traces.ids}
        self._sources = standing_before_ids(sources)
        self._names = standing_alone(traces.names)
        self._heads: dict[bytes, list[bytes]] = {}
        self._inputs: dict[bytes, list[str]] = {}
        for input_hash, head in traces.vectors.items():
            for form in forms_of(head):
                self._heads.setdefault(form[:4], []).append(form)
                self._inputs.setdefault(form, []).append(input_hash)
        firsts = np.frombuffer(b"".join(self._heads), dtype="<u4")
        self._is_first = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
        self._is_first[_hashes(firsts)] = True

    def kinds_in(self, content: bytes) -> Iterator[str]:
        """Kinds of what stands in the bytes of a file."""
        for text in _readings(content):
            yield from self.kinds_in_text(text)
        if any(self._vectors_in(content)):
            yield "vector"

    def kinds_in_text(self, text: str) -> Iterator[str]:
        """Kinds of what a text says."""
        written = _unescaped(text)
        folded = written.casefold()
        if not self._words.isdisjoint(_WORD.findall(folded)):
            yield "text"
        if any(self.ids_in(written)):
            yield "id"
        if self._names is not None and self._names.search(folded):
            yield "address or name"

    def inputs_in(self, content: bytes) -> set[str]:
        """The hashes of the inputs whose vectors stand in these bytes."""
        return {each for form in self._vectors_in(content) for each in self._inputs[form]}

    def ids_in(self, text: str) -> Iterator[str]:
        """Ids that stand alone, as `standing_alone` has it: by their source, then looked up."""
        if self._sources is None:
            return
        for match in self._sources.finditer(text):
            start = match.start()
            longest = text[start : start + _MAX_ID].split(maxsplit=1)[0]
            for n in range(match.end() - start + 1, len(longest) + 1):
                if longest[:n] in self._ids and not GOES_ON.match(text, start + n):
                    yield longest[:n]

    def _vectors_in(self, content: bytes) -> Iterator[bytes]:
        """The beginnings of vectors that stand at any place, aligned or not."""
        if not self._heads:
            return
        for shift in range(4):
            n_numbers = max(0, len(content) - shift) // 4
            if not n_numbers:  # a file may hold less than one number
                break
            numbers = np.frombuffer(content, dtype="<u4", count=n_numbers, offset=shift)
            for row in np.flatnonzero(self._is_first[_hashes(numbers)]):
                at = 4 * int(row) + shift
                heads = self._heads.get(content[at : at + 4], ())
                yield from (head for head in heads if content.startswith(head, at))


def standing_before_ids(sources: Iterable[str]) -> re.Pattern[str] | None:
    """What finds the first part of an id, up to its colon, where a word begins."""
    alternatives = "|".join(map(re.escape, sorted(sources, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?<!\w[.:-])(?:{alternatives}):") if alternatives else None


def _hashes(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (numbers * _HASH_FACTOR) >> np.uint32(32 - _HASH_BITS)


def _readings(content: bytes) -> tuple[str, str]:
    """Bytes as UTF-8, and as UTF-16 or -32 of Latin letters."""
    wide = content.replace(b"\xff\xfe", b" ").replace(b"\xfe\xff", b" ").replace(b"\0", b"")
    return content.decode("utf-8", "replace"), wide.decode("latin-1")


def _unescaped(text: str) -> str:
    for escape, blank in _ESCAPES:
        text = text.replace(escape, blank)
    if "\\u" in text:
        return _ESCAPED_LETTER.sub(lambda match: chr(int(match[1], 16)), text)
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
