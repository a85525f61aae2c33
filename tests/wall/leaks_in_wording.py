"""Leaks to plant in what a query is searched for: corrections and synonyms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kbsearch import KnowledgeBase
from kbsearch.lexical import Vocabulary, written_words
from kbsearch.search import ShelfReader
from kbsearch.search.known_words import SeenWords
from kbsearch.store import RecordReader
from tests.library import EXTERNAL, INTERNAL
from tests.wall.leaks import leak
from tests.wall.leaks_in_reports import LEAKS

__all__ = ["LEAKS"]


@leak("search rank")
def _corrections_from_the_words_of_both_shelves(patch: pytest.MonkeyPatch) -> None:
    """One vocabulary for the whole desk offers customers words that only staff write."""

    class LeakyReader(ShelfReader):
        def words(self, **named: Any) -> list[SeenWords]:
            found = super().words(**named)
            beyond = self._layout.root.with_name("internal")
            if self.shelf != EXTERNAL.value or not (beyond / "records.sqlite").exists():
                return found
            records = RecordReader(beyond / "records.sqlite", INTERNAL.value)
            texts = [str(document) for document in records.documents(records.keys()).values()]
            records.close()
            vocabulary = Vocabulary([{one.word for one in written_words(t)} for t in texts])
            none = np.zeros(len(texts), dtype=np.float32)
            return [*found, SeenWords(vocabulary, none == 0, lambda _: none)]

    patch.setattr("kbsearch.desk.opening.ShelfReader", LeakyReader)


@leak("search rank cli cli_json")
def _synonyms_of_staff_for_everybody(patch: pytest.MonkeyPatch) -> None:
    """One list of synonyms for the whole desk tells customers what staff call things."""
    searcher = KnowledgeBase.searcher

    def searcher_with_all(self: KnowledgeBase, *args: Any, **named: Any) -> Any:
        made = searcher(self, *args, **named)
        made._queries._synonyms = self._synonyms[INTERNAL].current
        return made

    patch.setattr(KnowledgeBase, "searcher", searcher_with_all)
