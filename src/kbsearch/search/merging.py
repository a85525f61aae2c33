"""From the candidates of all open shelves to one order in which each document stands once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap, takewhile

import numpy as np

from kbsearch.arrays import Bool
from kbsearch.config import RankingSettings
from kbsearch.models import Audience, Kind
from kbsearch.rank import Circumstances, Signals, fuse, prior_factors, with_exact_matches
from kbsearch.search.candidates import Candidates
from kbsearch.search.hits import Found
from kbsearch.search.likeness import likenesses
from kbsearch.text import Question

_LIKE_ENOUGH = 0.5
"""Share of the best likeness from which a resolved ticket goes before an open one."""


def newest_copies(parts: Sequence[Candidates]) -> list[Candidates]:
    """The candidates of all shelves, each document once."""
    return [part.kept(_is_newest(part, parts)) for part in parts]


def merge_candidates(
    parts: Sequence[Candidates], settings: RankingSettings, *, with_strangers: bool = False
) -> list[Found]:
    """
    Every document once, by fused score, best first; ties by id.

    All are fused together, so that their scores compare. Those that have nothing in
    common with the query are left out, unless asked for.
    """
    parts = newest_copies(parts)
    if not parts:
        return []
    signals = Signals(*map(np.concatenate, zip(*(part.signals for part in parts), strict=True)))
    known = Circumstances(
        *map(np.concatenate, zip(*(part.circumstances for part in parts), strict=True))
    )
    fused = list(fuse(signals, settings.weights).values())
    taken = prior_factors(known, settings).astype(np.float64) - 1  # float32 rounds it to -1
    prior = np.sum(fused, axis=0, dtype=np.float64) * taken
    shares = [*(share.tolist() for share in fused), prior.tolist()]
    rows = zip(
        [part.shelf for part in parts for _ in part.document_ids],
        [document_id for part in parts for document_id in part.document_ids],
        *(
            np.concatenate(column).tolist()
            for column in zip(
                *((p.document_keys, p.passage_keys, p.is_resolved, p.cosines) for p in parts),
                strict=True,
            )
        ),
        signals.bm25.tolist(),
        np.clip(signals.coverage, 0.0, 1.0).tolist(),
        zip(*shares, strict=True),
        [exact for part in parts for exact in part.exact],
        strict=True,
    )
    found = [one for one in starmap(Found, rows) if with_strangers or one.score > 0 or one.exact]
    found.sort(key=lambda one: (-one.score, one.document_id))
    return found


def only_resolved(found: Sequence[Found]) -> list[Found]:
    """Resolved tickets, by score."""
    return [one for one in found if one.is_resolved]


def resolved_first(found: Sequence[Found]) -> list[Found]:
    """
    Resolved tickets before open ones, each by score.

    Among those alone that are at least half as alike as the likest one: a ticket
    that is hardly alike has no answer to offer. The others follow by score.
    """
    likeness = likenesses(found)
    least = _LIKE_ENOUGH * max(likeness, default=0.0)
    like = [one for one, alike in zip(found, likeness, strict=True) if alike >= least]
    hardly_like = [one for one, alike in zip(found, likeness, strict=True) if alike < least]
    return sorted(like, key=lambda one: not one.is_resolved) + hardly_like


def exact_first(found: Sequence[Found], question: Question, *, k: int) -> list[Found]:
    """For each identifier of the query a document that holds it within the first k."""
    held = [one.exact for one in found]
    names = {holding.name for holdings in held for holding in holdings}
    if not names:
        return list(found)
    scores = [one.score for one in found]
    placed = with_exact_matches(scores, held, k=k, leads=question.is_about(names))
    return [
        found[row]._replace(exact_share=share) if share else found[row] for row, share in placed
    ]


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
