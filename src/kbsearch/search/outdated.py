"""Which fixes are no longer the way: their article was replaced, or a newer fix has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from kbsearch.models import Article, ArticleStatus
from kbsearch.search.cases import Case

_PROVEN = 2
"""So many times a newer fix must have worked before it supersedes an older one."""


class Outdated(NamedTuple):
    """
    Of the articles that fixes link: which there are, which one replaces them, which have expired.

    What links no article, or one that still holds, is not outdated by its articles.
    """

    known: frozenset[str] = frozenset()
    superseded_by: Mapping[str, str] = MappingProxyType({})
    expired: frozenset[str] = frozenset()

    def standing_of(self, linked: Sequence[str]) -> tuple[str | None, bool]:
        """What replaces a fix that links these articles, and whether it has expired."""
        known = [i for i in linked if i in self.known]
        if not known or any(not (i in self.expired or i in self.superseded_by) for i in known):
            return None, False
        replacing = [self.superseded_by[i] for i in known if i in self.superseded_by]
        return (replacing[0] if replacing else None), any(i in self.expired for i in known)


def outdated_articles(
    linked: Iterable[Article], newer: Iterable[Article], now: datetime
) -> Outdated:
    """
    What has become of linked articles.

    Args:
        linked: The articles themselves, as far as the reader may see them.
        newer: Articles that say that they supersede one of them.
        now: Whether an article is valid depends on it.
    """
    linked = list(linked)
    standing = [a for a in newer if a.status is ArticleStatus.PUBLISHED and not a.is_expired(now)]
    return Outdated(
        known=frozenset(article.id for article in linked),
        superseded_by={
            old: article.id
            for article in sorted(standing, key=lambda one: one.id, reverse=True)
            for old in article.supersedes
        },
        expired=frozenset(
            article.id
            for article in linked
            if article.status is ArticleStatus.ARCHIVED or article.is_expired(now)
        ),
    )


def superseded_by_newer(groups: Sequence[Sequence[Case]]) -> dict[int, str]:
    """
    By number, the groups of cases that a newer fix for the same product has replaced.

    A fix is newer if it was first used after the other one was last used, and has
    worked at least twice. Its newest ticket is named.
    """
    found: dict[int, str] = {}
    for number, cases in enumerate(groups):
        last = max((moment for case in cases if (moment := case.last_at)), default=None)
        product = _product(cases)
        if last is None or product is None or any(case.last_at is None for case in cases):
            continue
        later = [
            max(others, key=_age)
            for others in groups
            if _product(others) == product
            and sum(case.has_worked is True for case in others) >= _PROVEN
            and all(case.last_at is not None and case.last_at > last for case in others)
        ]
        if later:
            found[number] = max(later, key=_age).ticket.id
    return found


def _age(case: Case) -> tuple[float, str]:
    return (case.last_at.timestamp() if case.last_at else 0.0, case.ticket.id)


def _product(cases: Sequence[Case]) -> str | None:
    """The product that all of them are about; None if they are about several or none."""
    products = {case.ticket.product for case in cases}
    return products.pop() if len(products) == 1 else None
