"""Documents of one shelf that may be hits, whether from its snapshot or its delta."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Bool, Float32, Int64
from kbsearch.models import Kind
from kbsearch.rank import Circumstances, Holding, Signals
from kbsearch.search.exact import Holdings
from kbsearch.search.proposing import Proposals


class Candidates(NamedTuple):
    """
    Documents of one shelf that may be hits; arrays all (n_candidates,).

    `kind_of` says of any id what stands on the shelf under it, a candidate or not,
    at the moment of the search; None for nothing. `exact` is what each candidate
    holds of what the query names and what is rare on the shelf.
    """

    shelf: str
    document_ids: list[str]
    document_keys: Int64
    passage_keys: Int64
    cosines: Float32
    signals: Signals
    is_resolved: Bool
    circumstances: Circumstances
    kind_of: Callable[[str], Kind | None]
    exact: list[tuple[Holding, ...]]

    def kept(self, is_kept: Bool) -> Candidates:
        """Those that a mask (n_candidates,) keeps."""
        ids = [one for one, keep in zip(self.document_ids, is_kept, strict=True) if keep]
        return self._replace(
            document_ids=ids,
            document_keys=self.document_keys[is_kept],
            passage_keys=self.passage_keys[is_kept],
            cosines=self.cosines[is_kept],
            signals=Signals(*(each[is_kept] for each in self.signals)),
            is_resolved=self.is_resolved[is_kept],
            circumstances=self.circumstances.kept(is_kept),
            exact=[one for one, keep in zip(self.exact, is_kept, strict=True) if keep],
        )


class Part(NamedTuple):
    """What a snapshot or a delta proposes, with what its table says of these rows."""

    proposals: Proposals
    document_ids: list[str]
    is_resolved: Bool
    circumstances: Circumstances
    holdings: Holdings


def joined(shelf: str, parts: Sequence[Part], kind_of: Callable[[str], Kind | None]) -> Candidates:
    """One list of all parts."""
    proposed = [part.proposals for part in parts]
    signals = zip(*(each.signals for each in proposed), strict=True)
    return Candidates(
        shelf=shelf,
        document_ids=[one for part in parts for one in part.document_ids],
        document_keys=np.concatenate([each.document_keys for each in proposed]),
        passage_keys=np.concatenate([each.passage_keys for each in proposed]),
        cosines=np.concatenate([each.cosines for each in proposed]),
        signals=Signals(*map(np.concatenate, signals)),
        is_resolved=np.concatenate([part.is_resolved for part in parts]),
        circumstances=Circumstances(
            *map(np.concatenate, zip(*(part.circumstances for part in parts), strict=True))
        ),
        kind_of=kind_of,
        exact=[
            part.holdings.get(row, ()) for part in parts for row in part.proposals.rows.tolist()
        ],
    )
