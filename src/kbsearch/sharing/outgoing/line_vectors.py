"""Vectors of single lines, kept while a desk is open: the next draft meets the same lines."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.embed import Embedder, checked_vectors
from kbsearch.locks import ForkSafeLock

_N_KEPT = 8192
"""About 13 MB at 384 dimensions: the lines of some two hundred drafts."""


class LineVectors:
    """
    Vectors by what a line says, the least used of them forgotten first.

    Texts are kept as hashes. Lines that customers may read are embedded and kept apart
    from those of staff, because what stands beside a text in one call changes the last
    bits of its vector.

    Args:
        embedder: Of the desk.
        n_kept: So many vectors of each side at most.
    """

    def __init__(self, embedder: Embedder, *, n_kept: int = _N_KEPT) -> None:
        self._embedder, self._n_kept = embedder, n_kept
        self._public: OrderedDict[bytes, Float32] = OrderedDict()
        self._staffs: OrderedDict[bytes, Float32] = OrderedDict()
        self._lock = ForkSafeLock()

    def of(self, texts: Sequence[str], *, is_free: bool) -> Float32:
        """
        Unit vectors, (len(texts), dim); those not met yet in one call of the embedder.

        Args:
            texts: Lines, or sentences of a draft.
            is_free: Whether they are lines that customers may read.
        """
        if not texts:
            return np.zeros((0, self._embedder.fingerprint.dim), dtype=np.float32)
        name_of = {text: hashlib.sha256(text.encode()).digest() for text in texts}
        side = self._public if is_free else self._staffs
        with self._lock:
            known = {text: side[name] for text, name in name_of.items() if name in side}
        new = [text for text in name_of if text not in known]
        if new:
            made = self._embedder.embed_passages(new)
            rows = checked_vectors(made, len(new), self._embedder.fingerprint)
            known.update(zip(new, rows, strict=True))
        with self._lock:
            for text, name in name_of.items():
                side[name] = known[text]
                side.move_to_end(name)
            while len(side) > self._n_kept:
                side.popitem(last=False)
        return np.stack([known[text] for text in texts])
