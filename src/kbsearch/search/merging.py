"""From the candidates of all open shelves to one order in which each document stands once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from kbsearch.arrays import Bool
from kbsearch.models import Audience, Kind
from kbsearch.rank import fuse_scores
from kbsearch.search.hits import Found
from kbsearch.search.shelf_reader import Candidates

_LIKE_ENOUGH = 0.5
"""Share of the best score from which a resolved ticket goes before an open one."""


def merge_candidates(parts: Sequence[Candidates], *, dense_weight: float) -> list[Found]:
    """
    Every document once, by fused score, best first; ties by id.

    All are fused together, so that their scores compare.
    """
    parts = [part.kept(_is_newest(part, parts)) for part in parts]
    if not parts:
        return []
    keys, passages, cosines, bm25, is_resolved = (
        np.concatenate([part[column] for part in parts]) for column in range(2, 7)
    )
    shares = fuse_scores(cosines, bm25, dense_weight=dense_weight)
    rows = zip(
        [part.shelf for part in parts for _ in part.document_ids],
        [document_id for part in parts for document_id in part.document_ids],
        keys.tolist(),
        passages.tolist(),
        is_resolved.tolist(),
        cosines.tolist(),
        bm25.tolist(),
        shares.dense.tolist(),
        shares.lexical.tolist(),
        strict=True,
    )
    found = [one for row in rows if (one := Found(*row)).score > 0]
    found.sort(key=lambda one: (-one.score, one.document_id))
    return found


def only_resolved(found: Sequence[Found]) -> list[Found]:
    """Resolved tickets, by score."""
    return [one for one in found if one.is_resolved]


def resolved_first(found: Sequence[Found]) -> list[Found]:
    """
    Resolved tickets before open ones, each by score.

    Among those alone whose score is at least half of the best one's: a ticket
    that is hardly alike has no answer to offer. The others follow by score.
    """
    best = max((one.score for one in found), default=0.0)
    like = [one for one in found if one.score >= _LIKE_ENOUGH * best]
    hardly_like = [one for one in found if one.score < _LIKE_ENOUGH * best]
    return sorted(like, key=lambda one: not one.is_resolved) + hardly_like


def _is_newest(part: Candidates, parts: Sequence[Candidates]) -> Bool:
    """
    Which of a shelf's candidates are a document's newest copy.

    An interrupted move leaves an article on two shelves, and customers' copy is
    the newer one, found by this query or not. On one shelf the higher key is. What
    several groups share stands on the shelf of each: the first one's counts.
    """
    newest: dict[str, int] = {}
    for other in parts:
        if other.shelf == part.shelf:
            for document_id, key in zip(
                other.document_ids, other.document_keys.tolist(), strict=True
            ):
                newest[document_id] = max(key, newest.get(document_id, key))
    is_customers = part.shelf == Audience.EXTERNAL.value
    public = [] if is_customers else [p for p in parts if p.shelf == Audience.EXTERNAL.value]
    before = [] if is_customers else list(takewhile(lambda p: p.shelf != part.shelf, parts))
    kept = [
        newest[document_id] == key
        and not any(p.kind_of(document_id) is Kind.ARTICLE for p in public)
        and not any(p.kind_of(document_id) for p in before)
        for document_id, key in zip(part.document_ids, part.document_keys.tolist(), strict=True)
    ]
    return np.array(kept, dtype=np.bool_)
