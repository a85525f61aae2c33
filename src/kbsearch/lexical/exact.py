"""Which documents hold a key, as an error code: one sorted array, for snapshots and for deltas."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Sequence

import numpy as np

from kbsearch.arrays import Int64, array_from_bytes


class ExactIndex:
    """
    The documents of each key. Never changed: `with_documents` makes the next one.

    Keys are kept as 64 bits of their hash: among a million of them, a key that no
    document holds meets another one's documents once in 10^13 look-ups.

    Args:
        documents: The keys of each document; row = position in that list.
    """

    def __init__(self, documents: Sequence[Collection[str]] = ()) -> None:
        self._n_documents = len(documents)
        pairs = [(_digest(key), row) for row, keys in enumerate(documents) for key in set(keys)]
        self._postings = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T.copy()

    @classmethod
    def from_bytes(cls, content: bytes, n_documents: int) -> ExactIndex:
        """
        Read what `to_bytes` wrote. The caller has verified the bytes' hash.

        Raises:
            ValueError: If it is no such index, or of more documents than that.
        """
        postings: Int64 = array_from_bytes(content)
        if postings.dtype != np.int64 or postings.ndim != 2 or len(postings) != 2:
            raise ValueError("no postings")
        rows = postings[1]
        if len(rows) and not 0 <= rows.min() <= rows.max() < n_documents:
            raise ValueError(f"postings of rows beyond {n_documents}")
        found = cls()
        found._n_documents, found._postings = n_documents, postings
        return found

    def __len__(self) -> int:
        return self._n_documents

    def to_bytes(self) -> bytes:
        """The index as npy: the same documents give the same bytes."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(self._postings, dtype="<i8"), allow_pickle=False)
        return buffer.getvalue()

    def with_documents(self, documents: Sequence[Collection[str]]) -> ExactIndex:
        """This index and these documents after its own."""
        new = ExactIndex(documents)
        new._postings[1] += self._n_documents
        places = np.searchsorted(self._postings[0], new._postings[0], side="right")
        longer = ExactIndex()
        longer._n_documents = self._n_documents + len(documents)
        longer._postings = np.insert(self._postings, places, new._postings, axis=1)
        return longer

    def rows(self, key: str) -> Int64:
        """Rows of the documents that hold a key, ascending."""
        digest, (digests, rows) = _digest(key), self._postings
        first, end = digests.searchsorted(digest), digests.searchsorted(digest, side="right")
        found: Int64 = rows[first:end]
        return found


def _digest(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
