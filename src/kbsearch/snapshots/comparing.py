"""Comparing the vectors of a snapshot with those of the records that it was made from."""

from __future__ import annotations

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.snapshots.reading import Snapshot

_COSINE_TOLERANCE = 1e-4


class SnapshotVectors:
    """The vectors of a snapshot by passage key."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._vectors = snapshot.vectors
        self._rows = {int(key): row for row, key in enumerate(snapshot.passage_keys)}

    def differs(self, passage_key: int, vector: Float32) -> bool:
        """Whether the snapshot holds this passage with another vector than (dim,) `vector`."""
        row = self._rows.get(passage_key)
        if row is None or not vector.any():
            return False
        (found,) = self._vectors.cosines(vector, np.array([row], dtype=np.int64))
        return abs(float(found) - 1.0) > _COSINE_TOLERANCE
