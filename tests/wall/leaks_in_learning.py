"""Leaks to plant in what a desk learns from its past and from those who ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from kbsearch import Audience, KnowledgeBase
from kbsearch.evaluation import History
from kbsearch.models import Feedback
from tests.library import EXTERNAL, INTERNAL
from tests.wall.leaks import LEAKS, leak

__all__ = ["LEAKS"]


@leak("replay history")
def _a_past_of_all_shelves(patch: pytest.MonkeyPatch) -> None:
    """Questions are asked of everything that stood there then, whoever asks."""
    history = KnowledgeBase.history

    def history_of_all(self: KnowledgeBase, audience: Audience | str, **named: Any) -> History:
        found = history(self, INTERNAL, **named)
        found.audience = Audience.parse(audience)
        return found

    patch.setattr(KnowledgeBase, "history", history_of_all)


@leak("feedback_labels")
def _votes_of_everybody(patch: pytest.MonkeyPatch) -> None:
    """What staff find helpful teaches what customers are shown."""
    said_on = KnowledgeBase._said_on

    def said_on_all(self: KnowledgeBase, shelves: Iterable[str]) -> list[Feedback]:
        return said_on(self, {*shelves, EXTERNAL.value, INTERNAL.value})

    patch.setattr(KnowledgeBase, "_said_on", said_on_all)
