"""Reports for tests of duplicates: few words, vectors given by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kbsearch.duplicates.reports import Report, Reports, in_columns, rarity_of

DAY_US = 86_400_000_000


def report(
    name: str,
    words: str,
    vectors: Sequence[Sequence[float]] = ((1.0, 0.0),),
    *,
    title: str = "",
    product: str | None = None,
    day: float | None = None,
) -> Report:
    """A report with the given unit vectors; its terms are its words."""
    return Report(
        id=f"desk:{name}",
        title_terms=title.split(),
        terms=words.split(),
        vectors=np.array(vectors, dtype=np.float32),
        product=product,
        created_us=None if day is None else int(day * DAY_US),
    )


def columns(*reports: Report) -> Reports:
    """These reports, with the rarity of their own terms."""
    return in_columns(reports, rarity_of(reports))
