"""The last stage before exact matches: the best hits read again, while there is time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.config import RerankerSettings
from kbsearch.embed import Reranker, checked_scores
from kbsearch.errors import RerankerError
from kbsearch.rank.reranking import relevance
from kbsearch.search.hits import Found
from kbsearch.search.shelf_records import Details

_log = logging.getLogger(__name__)

_BATCH = 4
"""So many texts are scored between two looks at the clock."""


class Reranked(NamedTuple):
    """
    Documents with a reranker's share, best first.

    Attributes:
        found: All that were given.
        log_odds: What the reranker said, by shelf and document id; empty if it was not used.
        note: Why it was not, in a sentence; None if it was.
    """

    found: list[Found]
    log_odds: dict[tuple[str, str], float]
    note: str | None = None


class Reranking:
    """
    Blends a reranker's scores into the ranking, within a budget of time.

    Args:
        reranker: Scores texts.
        settings: How many, for how long, and what its word counts.
        clock: Seconds, never going back.
    """

    def __init__(
        self,
        reranker: Reranker,
        settings: RerankerSettings,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.name = reranker.name
        self._reranker, self._settings, self._clock = reranker, settings, clock

    @property
    def top(self) -> int:
        """Number of documents that get a second look."""
        return self._settings.top

    @property
    def weight(self) -> float:
        """Of its share; the other stages' shares are multiplied by the rest."""
        return self._settings.weight

    def reranked(
        self, query: str, found: Sequence[Found], texts: Sequence[tuple[Found, str]]
    ) -> Reranked:
        """
        Score texts from the first one on until the budget is spent, and order anew.

        A document's score is the weighted sum of what the stages before made of it and
        of the reranker's `relevance`. What is not scored gets none of that: since those
        scored stood before it, it stays behind them, in its order.

        Args:
            query: As it was asked.
            found: The ranking.
            texts: The best of these, and what to read of each.

        Returns:
            The ranking as it was, and a note, if the reranker fails or needs longer than
            the whole budget for the first few texts. Loading a model does not count.
        """
        try:
            scores = self._scores(query, [text for _, text in texts])
        except RerankerError as error:
            _log.warning("%s", error)
            return Reranked(list(found), {}, f"Not reranked: {self.name} {error.reason}.")
        if scores is None:
            note = f"Not reranked: {self.name} needs more than {self._settings.budget_ms} ms."
            return Reranked(list(found), {}, note)
        scored = [one for one, _ in texts[: len(scores)]]
        shares = self.weight * relevance(scores)
        share_of = {_key(one): share for one, share in zip(scored, shares.tolist(), strict=True)}
        blended = [
            one._replace(reranker_weight=self.weight, reranker_share=share_of.get(_key(one), 0.0))
            for one in found
        ]
        blended.sort(key=lambda one: -one.score)
        log_odds = dict(zip(map(_key, scored), scores.tolist(), strict=True))
        return Reranked(blended, log_odds)

    def _scores(self, query: str, texts: Sequence[str]) -> Float32 | None:
        """Of the first texts, as many as the budget allows; None if it allows for none."""
        checked_scores(self._reranker, query, [])  # a model that is not loaded yet loads here
        budget = self._settings.budget_ms / 1000
        parts: list[Float32] = []
        begun = before = self._clock()
        for start in range(0, len(texts), _BATCH):
            parts.append(checked_scores(self._reranker, query, texts[start : start + _BATCH]))
            now = self._clock()
            if now - begun > budget and len(parts) == 1:
                return None
            if now - begun + (now - before) > budget:
                break  # the next batch would take as long as this one
            before = now
        return np.concatenate([np.zeros(0, dtype=np.float32), *parts])


def text_to_read(found: Found, details: Details) -> str:
    """What a reranker is given of a document: its title and its best passage."""
    best = next(
        (one for one in details.passages if one.passage_key == found.passage_key),
        details.passages[0],
    )
    text = details.cleaned.text[best.passage.start : best.passage.end]
    return f"{details.cleaned.title}\n{text}".strip()


def _key(found: Found) -> tuple[str, str]:
    return found.shelf, found.document_id
