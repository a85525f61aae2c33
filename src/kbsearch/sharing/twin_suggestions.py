"""Internal and external articles that seem to be about one subject, and name no twin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kbsearch.models import Article, Audience, Document, Filters, Kind
from kbsearch.search import Searcher
from kbsearch.text import to_plain_text

_MIN_COSINE = 0.6
_MIN_MARGIN = 0.03
_K = 20
_CHARACTERS = 600
_ARTICLES = Filters(kind=Kind.ARTICLE)


class Suggestion(NamedTuple):
    """Two ids, and the cosine of the external one's nearest passage."""

    internal_id: str
    external_id: str
    cosine: float


def suggested_twins(searcher: Searcher, articles: Iterable[Article]) -> Iterator[Suggestion]:
    """
    Pairs that are nearest to each other, both ways.

    The external article must be as near as a cosine of 0.6 and by 0.03 nearer than the
    next one, and the internal one the nearest of all internal ones to it.

    Args:
        searcher: For staff: it sees both shelves.
        articles: Internal ones without a twin.
    """
    for article in articles:
        nearest = _nearest(searcher, article, Audience.EXTERNAL)
        if not nearest:
            continue
        found = nearest[0]
        margin = found[1] - (nearest[1][1] if len(nearest) > 1 else 0.0)
        if found[1] < _MIN_COSINE or margin < _MIN_MARGIN:
            continue
        back = _nearest(searcher, searcher.get(found[0]), Audience.INTERNAL)
        if back and back[0][0] == article.id:
            yield Suggestion(article.id, found[0], round(found[1], 3))


def _nearest(searcher: Searcher, to: Document, shelf: Audience) -> list[tuple[str, float]]:
    """Ids and cosines of the articles of a shelf nearest to one, best first."""
    if not isinstance(to, Article):
        return []
    body = to_plain_text(to.body, to.format)[:_CHARACTERS]
    others = _ARTICLES.model_copy(update={"exclude_ids": (to.id,)})
    ranked = searcher.rank(f"{to.title}\n{body}", k=_K, filters=others)
    found = [(one.id, one.scores.cosine) for one in ranked if one.shelf == shelf.value]
    return sorted(found, key=lambda one: (-one[1], one[0]))
