"""When a shelf learns its boilerplate anew, and from what."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.text import Boilerplate, BoilerplateLearner

FEW_DOCUMENTS = 50
"""A smaller shelf has no boilerplate that could be told from chance."""

_CHANGE = 5


def is_due(n_documents: int, n_known: int) -> bool:
    """Whether a shelf has grown or shrunk by more than a fifth since it learned."""
    is_large = n_documents >= FEW_DOCUMENTS or n_known > 0
    return is_large and abs(n_documents - n_known) * _CHANGE > n_known


def learn(texts: Iterable[str]) -> Boilerplate:
    """What many of these texts share; one text a document."""
    learner = BoilerplateLearner()
    for text in texts:
        learner.add(text)
    return learner.learn()
