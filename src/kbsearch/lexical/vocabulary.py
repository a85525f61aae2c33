"""The words that documents hold, as they are written, and which of them are spelt alike."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kbsearch.arrays import Bool, Int64, array_from_bytes
from kbsearch.locks import taking_turns

MIN_LETTERS, MAX_LETTERS = 4, 32
_WORD = re.compile(r"\w++")
_ARRAYS = ("documents", "bounds")
_LETTERS = np.uint32(32)


class WrittenWord(NamedTuple):
    """A word in lower case, and the half-open characters where it stands."""

    word: str
    start: int
    end: int


class NearWord(NamedTuple):
    """A word, how many edits it is away, and how many of the documents in question hold it."""

    word: str
    distance: int
    n_documents: int


def written_words(text: str) -> Iterator[WrittenWord]:
    """
    Words that a slip of the finger could have changed into each other.

    That is 4 to 32 letters of scripts that have capitals, and nothing else: a digit
    makes a name of it, and in other scripts one edit gives another word.
    """
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if MIN_LETTERS <= len(word) <= MAX_LETTERS and _has_only_cased_letters(word):
            yield WrittenWord(word, match.start(), match.end())


def _has_only_cased_letters(word: str) -> bool:
    return word.isalpha() and all(letter.upper() != letter for letter in word)


class Vocabulary:
    """
    Words of documents, each with the documents that hold it.

    Args:
        documents: The words of each document; repetitions count once.

    Attributes:
        words: By number: shorter ones first, then as Python compares them.
    """

    def __init__(self, documents: Sequence[Iterable[str]]) -> None:
        own = [set(words) for words in documents]
        self.words = sorted(set().union(*own), key=lambda word: (len(word), word))
        number_of = {word: number for number, word in enumerate(self.words)}
        numbers = [np.array([number_of[word] for word in words], dtype="<i4") for words in own]
        rows = np.repeat(np.arange(len(own), dtype="<i4"), [len(each) for each in numbers])
        every = np.concatenate([np.zeros(0, dtype="<i4"), *numbers])
        self._documents = rows[np.argsort(every, kind="stable")]  # ascending for each word
        counts = np.bincount(every, minlength=len(self.words))
        self._bounds = np.concatenate([[0], np.cumsum(counts)]).astype("<i8")

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Vocabulary:
        """Read what `to_files` wrote. The caller has verified the bytes' hashes."""
        found = cls.__new__(cls)
        found.words = json.loads(files["words.json"])
        found._documents, found._bounds = (array_from_bytes(files[f"{n}.npy"]) for n in _ARRAYS)
        if len(found._bounds) != len(found.words) + 1:
            raise ValueError(f"{len(found.words)} words and {len(found._bounds)} bounds")
        _ = found._numbers, found._by_length  # now, while it loads, and not at the first search
        return found

    def __len__(self) -> int:
        return len(self.words)

    def to_files(self) -> dict[str, bytes]:
        """As named byte strings: the same documents give the same bytes."""
        files = {"words.json": json.dumps(self.words).encode()}
        for name, array in zip(_ARRAYS, (self._documents, self._bounds), strict=True):
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            files[f"{name}.npy"] = buffer.getvalue()
        return files

    def frequency(self, word: str, among: Bool) -> int:
        """In how many of some documents, a mask (n_documents,), a word stands."""
        number = self._numbers.get(word)
        return 0 if number is None else self._frequency(number, among)

    def near(self, word: str, max_distance: int, among: Bool) -> list[NearWord]:
        """
        Other words at most so many edits away that some documents hold, in no special order.

        An edit inserts, deletes or replaces a letter, or swaps two that stand side by side.

        Source:
            Optimal string alignment, the restricted Damerau-Levenshtein distance.
        """
        sizes = range(max(1, len(word) - max_distance), len(word) + max_distance + 1)
        numbers: list[Int64] = []
        letters: list[NDArray[np.uint32]] = []
        mask = _masks(_codes([word]))[0]
        for group in (self._by_length[size] for size in sizes if size in self._by_length):
            rows = np.flatnonzero(np.bitwise_count(group.masks ^ mask) <= 2 * max_distance)
            numbers.append(rows + group.first)
            padding = ((0, 0), (0, sizes.stop - 1 - group.codes.shape[1]))
            letters.append(np.pad(group.codes[rows], padding))
        if not numbers:
            return []
        distances = edit_distances(word, np.concatenate(letters))
        pairs = zip(np.concatenate(numbers).tolist(), distances.tolist(), strict=True)
        found = (
            NearWord(self.words[number], distance, self._frequency(number, among))
            for number, distance in pairs
            if 0 < distance <= max_distance
        )
        return [one for one in found if one.n_documents]

    def _frequency(self, number: int, among: Bool) -> int:
        start, end = self._bounds[number], self._bounds[number + 1]
        return int(among[self._documents[start:end]].sum())

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(taking_turns(self.words))}

    @cached_property
    def _by_length(self) -> dict[int, _Group]:
        lengths = np.array([len(word) for word in self.words], dtype=np.int64)
        sizes, firsts, counts = np.unique(lengths, return_index=True, return_counts=True)
        ends = firsts + counts
        groups: dict[int, _Group] = {}
        for size, first, end in zip(sizes.tolist(), firsts.tolist(), ends.tolist(), strict=True):
            codes = _codes(self.words[first:end])
            groups[size] = _Group(first, codes, _masks(codes))
        return groups


class _Group(NamedTuple):
    """
    Words of one length: the number of the first, letters (n, length), and masks of these (n,).

    The masks of two words an edit apart differ in two bits at most.
    """

    first: int
    codes: NDArray[np.uint32]
    masks: NDArray[np.uint64]


class GrowingVocabulary:
    """
    A vocabulary that is cheap to add documents to. Never changed: `with_documents` makes the next.

    Of parts that get ever smaller, as `GrowingTable`; each is made when it is first asked.
    """

    def __init__(self, parts: Sequence[_Part] = ()) -> None:
        self._parts = tuple(parts)

    def with_documents(self, documents: Sequence[Collection[str]]) -> GrowingVocabulary:
        """This one and the words of these documents after it."""
        rows, kept = list(documents), list(self._parts)
        while kept and len(kept[-1].documents) <= len(rows):
            rows = [*kept.pop().documents, *rows]
        return GrowingVocabulary([*kept, _Part(rows)])

    def frequency(self, word: str, among: Bool) -> int:
        """As `Vocabulary.frequency`."""
        return sum(part.vocabulary.frequency(word, own) for part, own in self._each(among))

    def near(self, word: str, max_distance: int, among: Bool) -> list[NearWord]:
        """As `Vocabulary.near`; a word may stand in it more than once, for other documents."""
        return [
            one
            for part, own in self._each(among)
            for one in part.vocabulary.near(word, max_distance, own)
        ]

    def _each(self, among: Bool) -> Iterator[tuple[_Part, Bool]]:
        start = 0
        for part in self._parts:
            end = start + len(part.documents)
            yield part, among[start:end]
            start = end


class _Part:
    """Some documents' words."""

    def __init__(self, documents: Sequence[Collection[str]]) -> None:
        self.documents = documents

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Of them."""
        return Vocabulary(self.documents)


def edit_distances(word: str, codes: NDArray[np.uint32]) -> Int64:
    """
    Edits, as `Vocabulary.near` counts them, from a word to each of several others, (n,).

    Args:
        word: Without character 0.
        codes: Characters of the others, (n, longest), 0 behind the end.
    """
    wanted = _codes([word])[0]
    n, longest = codes.shape
    steps = np.arange(len(word) + 1, dtype=np.int16)
    lengths = (codes > 0).sum(axis=1)
    before: Any = None
    last = np.repeat(steps[None], n, axis=0)
    result = np.full(n, len(word), dtype=np.int64)
    for place in range(1, longest + 1):
        is_same = codes[:, place - 1, None] == wanted
        row = np.empty_like(last)
        row[:, 0] = place
        row[:, 1:] = np.minimum(last[:, 1:] + 1, last[:, :-1] + ~is_same)
        if place > 1 and len(word) > 1:
            is_swap = is_same[:, :-1] & (codes[:, place - 2, None] == wanted[1:])
            swapped = np.where(is_swap, before[:, :-2] + 1, np.int16(longest + len(word)))
            row[:, 2:] = np.minimum(row[:, 2:], swapped)
        row = np.minimum.accumulate(row - steps, axis=1) + steps  # letters of `word` inserted
        ends_here = lengths == place
        result[ends_here] = row[ends_here, -1]
        before, last = last, row
    return result


def _codes(words: Sequence[str]) -> NDArray[np.uint32]:
    """Characters of words of one length, (n, length)."""
    array = np.array(words, dtype=f"<U{len(words[0])}")
    return array.view("<u4").reshape(len(words), -1)


def _masks(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """By word, (n,): a bit for each letter in it, and one for each that is in it twice."""
    letters = np.sort(codes % _LETTERS, axis=1)
    bits = np.left_shift(np.uint64(1), letters.astype(np.uint64))
    again = np.where(letters[:, 1:] == letters[:, :-1], bits[:, 1:], np.uint64(0))
    masks: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1)
    masks |= np.bitwise_or.reduce(again, axis=1) << np.uint64(_LETTERS)
    return masks
