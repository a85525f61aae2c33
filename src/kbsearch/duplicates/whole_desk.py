"""All tickets of a desk against all: links, clusters, and which ticket stands for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from kbsearch.arrays import Bool
from kbsearch.duplicates.clusters import Cluster, clusters_of, document_vectors
from kbsearch.duplicates.features import Pairs, pair_features
from kbsearch.duplicates.model import calibrated
from kbsearch.duplicates.nearest import nearest_pairs
from kbsearch.duplicates.reading import Facts, ReadTicket
from kbsearch.duplicates.reports import Float64, in_columns, rarity_of
from kbsearch.models import ClusterMember, DuplicateCluster, DuplicateReport
from kbsearch.progress import Progress, silent

_LATE = datetime.max.replace(tzinfo=UTC)


def find_duplicates(
    tickets: Iterable[ReadTicket], *, precision: float = 0.9, progress: Progress = silent
) -> DuplicateReport:
    """
    Clusters of tickets that tell of one problem.

    Args:
        tickets: Of all shelves that the reader may see; of one id the first counts.
        precision: The share of true duplicates among links that is wanted.
        progress: Told how far it is.
    """
    by_id: dict[str, ReadTicket] = {}
    for ticket in tickets:
        by_id.setdefault(ticket.facts.id, ticket)
    reports = [each.report for each in by_id.values()]
    facts = [each.facts for each in by_id.values()]
    columns = in_columns(reports, rarity_of(reports))
    pairs = nearest_pairs(columns, progress=progress)
    features = pair_features(columns, pairs, progress)
    labels = _Labels(facts)
    found = calibrated(
        features,
        pairs,
        len(facts),
        precision=precision,
        is_judged=labels.judged(pairs),
        is_labelled=labels.same(pairs),
    )
    is_link = found.probabilities >= found.threshold
    links, chances = pairs.part(is_link), found.probabilities[is_link]
    clusters = clusters_of(document_vectors(columns), links, chances) if facts else []
    new = [each for each in clusters if not labels.are_all_known(each.rows)]
    return DuplicateReport(
        clusters=tuple(_shown(new, facts, labels, links, chances)),
        n_tickets=len(facts),
        n_pairs=len(pairs.left),
        n_links=int(is_link.sum()),
        n_known_clusters=len(clusters) - len(new),
        precision=precision,
        threshold=min(found.threshold, 1.0),
        is_from_labels=found.is_from_labels,
        n_labelled_pairs=labels.n_pairs,
        n_labelled_found=int((is_link & labels.same(pairs)).sum()),
    )


class _Labels:
    """Which tickets links already say are one problem: linked ones, and what those link to."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        row_of = {each.id: row for row, each in enumerate(facts)}
        self._group = np.arange(len(facts))
        self._is_judged = np.zeros(len(facts), dtype=np.bool_)
        for row, each in enumerate(facts):
            for linked in each.linked:
                other = row_of.get(linked)
                if other is not None and other != row:
                    self._join(row, other)
        roots = [self._root(row) for row in range(len(facts))]
        self._group = np.array(roots, dtype=np.int64)
        sizes = np.bincount(self._group, minlength=len(facts)) if roots else np.zeros(0, np.int64)
        self.n_pairs = int((sizes * (sizes - 1) // 2).sum())

    def judged(self, pairs: Pairs) -> Bool:
        """Pairs with a ticket that has a link."""
        found: Bool = self._is_judged[pairs.left] | self._is_judged[pairs.right]
        return found

    def same(self, pairs: Pairs) -> Bool:
        """Pairs that links say are one problem."""
        found: Bool = self._group[pairs.left] == self._group[pairs.right]
        return found

    def are_all_known(self, rows: Sequence[int]) -> bool:
        """Whether links say all of it."""
        return len({int(self._group[row]) for row in rows}) == 1

    def is_known(self, row: int, rows: Sequence[int]) -> bool:
        """Whether a link says it of this row and another of these."""
        return any(other != row and self._group[other] == self._group[row] for other in rows)

    def _join(self, row: int, other: int) -> None:
        self._is_judged[[row, other]] = True
        self._group[self._root(other)] = self._root(row)

    def _root(self, row: int) -> int:
        while self._group[row] != row:
            row = int(self._group[row])
        return row


def _shown(
    clusters: Iterable[Cluster],
    facts: Sequence[Facts],
    labels: _Labels,
    links: Pairs,
    chances: Float64,
) -> Iterable[DuplicateCluster]:
    best = _best_links(links, chances)
    for cluster in clusters:
        order = sorted(cluster.rows, key=lambda row: _age(facts[row]))
        first = min(order, key=lambda row: (not _is_answered(facts[row]), _age(facts[row])))
        order.remove(first)
        members = []
        for row in (first, *order):
            chance, like = _within(best.get(row, {}), cluster.rows)
            known = labels.is_known(row, cluster.rows)
            members.append(_member(facts[row], chance, facts[like].id, is_known=known))
        yield DuplicateCluster(
            representative=facts[first].id, members=tuple(members), cosine=cluster.cosine
        )


def _member(facts: Facts, chance: float, like: str, *, is_known: bool) -> ClusterMember:
    return ClusterMember(
        id=facts.id,
        shelf=facts.shelf,
        title=facts.title,
        status=facts.status,
        is_resolved=facts.is_resolved,
        created_at=facts.created_at,
        probability=chance,
        like=like,
        is_known=is_known,
    )


def _best_links(links: Pairs, chances: Float64) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = {}
    rows = zip(links.left.tolist(), links.right.tolist(), chances.tolist(), strict=True)
    for left, right, chance in rows:
        found.setdefault(left, {})[right] = chance
        found.setdefault(right, {})[left] = chance
    return found


def _within(own: dict[int, float], rows: Sequence[int]) -> tuple[float, int]:
    """The surest of a row's links into its cluster."""
    return max((own[row], row) for row in rows if row in own)


def _is_answered(facts: Facts) -> bool:
    return facts.is_resolved and facts.has_answer


def _age(facts: Facts) -> tuple[datetime, str]:
    return facts.created_at or _LATE, facts.id
