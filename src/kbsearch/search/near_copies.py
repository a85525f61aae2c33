"""Hits that say the same: shown once, and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kbsearch.search.hits import Found
from kbsearch.search.shelf_records import Details

_SAME = 0.9
"""Share of three-word runs that two near-copies have in common (Jaccard)."""
_RUN = 3
_LIKE_SCORE = 0.05
_FEWEST_RUNS = 20
"""Of shorter texts many are alike: two tickets that say "printer jam" are two cases."""
_MOST_COMPARED = 20
"""Near-copies answer a question alike, so they stand near each other."""

_Runs = frozenset[tuple[str, ...]]
_Known = Mapping[Found, Details]


class _Shown(NamedTuple):
    found: Found
    runs: _Runs


class NearCopies:
    """
    What is shown of a ranking, document by document, best first.

    Documents of one shelf and kind whose titles and texts are nearly the same count
    as one; a document that holds an identifier of the query is always shown itself.

    Source:
        Resemblance by shingles: Broder, "On the resemblance and containment of
        documents", 1997.
    """

    def __init__(self) -> None:
        self._shown: list[_Shown] = []
        self.copies: dict[Found, list[str]] = {}

    def takes(self, found: Found, details: Details) -> bool:
        """Whether a document is to be shown; else it has been counted with its original."""
        runs = _runs(details)
        is_single = bool(found.exact) or len(runs) < _FEWEST_RUNS
        original = None if is_single else self._original(found, runs)
        if original is not None:
            self.copies.setdefault(original, []).append(found.document_id)
            return False
        self._shown.append(_Shown(found, runs))
        return True

    def _original(self, found: Found, runs: _Runs) -> Found | None:
        for one in reversed(self._shown[-_MOST_COMPARED:]):
            is_near = one.found.shelf == found.shelf and (
                abs(one.found.score - found.score) <= _LIKE_SCORE
            )
            if is_near and _resemblance(one.runs, runs) >= _SAME:
                return one.found
        return None


def shown_instead(
    ranked: Sequence[Found], document_id: str, details_of: Callable[[Sequence[Found]], _Known]
) -> Found | None:
    """
    The hit that a document of a ranking is counted with; None if it is shown itself.

    Args:
        ranked: Best first.
        document_id: Of the document; one that is not among these is counted with none.
        details_of: Reads those that still stand.
    """
    place = next((n for n, one in enumerate(ranked) if one.document_id == document_id), None)
    if place is None:
        return None
    collapsed, above = NearCopies(), ranked[: place + 1]
    details = details_of(above)
    for one in above:
        if one in details:
            collapsed.takes(one, details[one])
    return next((one for one, ids in collapsed.copies.items() if document_id in ids), None)


def _runs(details: Details) -> _Runs:
    words: Sequence[str] = f"{details.document.kind} {details.cleaned.title}".split()
    words = [word.casefold() for word in (*words, *details.cleaned.text.split())]
    return frozenset(
        tuple(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1))
    )


def _resemblance(one: _Runs, other: _Runs) -> float:
    fewer, more = sorted((len(one), len(other)))
    if not more or fewer < _SAME * more:
        return 0.0
    n_common = len(one & other)
    return n_common / (len(one) + len(other) - n_common)
