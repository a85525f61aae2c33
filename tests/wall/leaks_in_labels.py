"""Leaks to plant in what is known to be right, and in what is shown to a judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kbsearch import Audience, KnowledgeBase
from kbsearch.evaluation import Judging, Question, Shown
from kbsearch.models import Document
from tests.library import EXTERNAL, INTERNAL
from tests.wall.leaks import LEAKS, leak

__all__ = ["LEAKS"]


@leak("labels cli cli_json", tells_whether=True)
def _labels_from_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """Questions are made of the parts of all documents, whoever may read them."""
    read_by = KnowledgeBase._read_by

    def read_by_all(self: KnowledgeBase, audience: Audience, shelf: str) -> Iterator[Document]:
        yield from read_by(self, audience, shelf)
        if audience is EXTERNAL:
            yield from read_by(self, INTERNAL, INTERNAL.value)

    patch.setattr(KnowledgeBase, "_read_by", read_by_all)


@leak("judging")
def _tickets_shown_whole_to_a_judge(patch: pytest.MonkeyPatch) -> None:
    """Whoever judges for customers is shown what staff have of the same ticket."""
    judging = KnowledgeBase.judging

    def judging_by_staff(self: KnowledgeBase, *args: Any, **named: Any) -> Judging:
        work = judging(self, *args, **named)
        staff = self.searcher(INTERNAL)

        def show(question: Question, document_id: str) -> Shown:
            text = staff.get(document_id).model_dump_json()
            return Shown(question.text or "", document_id, "", text)

        work._show = show
        return work

    patch.setattr(KnowledgeBase, "judging", judging_by_staff)
