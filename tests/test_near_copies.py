"""Documents that say nearly the same are one hit, and are counted."""

from __future__ import annotations

import pytest

from kbsearch import KnowledgeBase
from kbsearch.models import Absence
from kbsearch.rank import Holding
from kbsearch.search.hits import Found
from kbsearch.search.near_copies import NearCopies
from kbsearch.search.shelf_records import Details
from kbsearch.text import CleanDocument
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL, WHERE, ids, index

STEPS = " ".join(f"step{n} of the tunnel's reset" for n in range(12))
OTHER_STEPS = " ".join(f"phase{n} when fax paper jams" for n in range(12))


@pytest.mark.parametrize("where", WHERE)
class TestNearCopies:
    """An agent who asks for five answers gets five, not one answer five times."""

    def test_are_one_hit_that_names_the_others(self, desk: KnowledgeBase, where: str) -> None:
        """They differ in their last word alone, so in one run of three words."""
        copies = [
            article("a", f"{STEPS} today", INTERNAL),
            article("b", f"{STEPS} now", INTERNAL),
            article("c", OTHER_STEPS, INTERNAL),
        ]
        index(desk, copies, where)

        found = desk.searcher(INTERNAL).search("reset the tunnel", k=3)

        shown = {hit.id: hit.near_copies for hit in found}
        assert set(shown) in ({"kb:a", "kb:c"}, {"kb:b", "kb:c"})
        named = [*shown, *(copy for copies in shown.values() for copy in copies)]
        assert sorted(named) == ["kb:a", "kb:b", "kb:c"]

    def test_are_explained_by_the_hit_that_is_shown(self, desk: KnowledgeBase, where: str) -> None:
        """The copy has no place of its own; the one that is shown, and others, have."""
        copies = [article(name, f"{STEPS} {name}", INTERNAL) for name in "ab"]
        index(desk, [*copies, article("c", OTHER_STEPS, INTERNAL)], where)
        searcher = desk.searcher(INTERNAL)
        query = "reset the tunnel"
        (shown, other) = searcher.search(query, k=2)
        (copy,) = shown.near_copies

        told = {name: searcher.explain(query, name) for name in (shown.id, copy, other.id)}

        assert (told[copy].absence, told[copy].near_copy_of) == (Absence.NEAR_COPY, shown.id)
        assert told[copy].rank is None
        assert told[copy].score == pytest.approx(shown.score, abs=0.05)
        for one in (shown, other):
            assert (told[one.id].absence, told[one.id].near_copy_of) == (None, None)
            assert told[one.id].score == one.score
        assert [told[one.id].rank for one in (shown, other)] == [1, 3]

    def test_leave_room_for_what_comes_after_them(self, desk: KnowledgeBase, where: str) -> None:
        """Two are wanted: the copy does not take the other's place."""
        copies = [article(name, f"{STEPS} {name}", INTERNAL) for name in "ab"]
        index(desk, [*copies, article("c", OTHER_STEPS, INTERNAL)], where)

        found = desk.searcher(INTERNAL).search("reset the tunnel", k=2)

        assert len(found) == 2
        assert ids(found)[1] == "kb:c"

    def test_short_texts_are_cases_of_their_own(self, desk: KnowledgeBase, where: str) -> None:
        """Two reports of a printer jam are two."""
        index(desk, [article(name, "the printer is jammed", INTERNAL) for name in "ab"], where)

        found = desk.searcher(INTERNAL).search("printer jammed")

        assert sorted(ids(found)) == ["kb:a", "kb:b"]
        assert all(hit.near_copies == () for hit in found)

    def test_texts_that_differ_in_a_third_are_two(self, desk: KnowledgeBase, where: str) -> None:
        """The control: alike, and no copies."""
        changed = STEPS.replace("reset", "report", 4)
        index(desk, [article("a", STEPS, INTERNAL), article("b", changed, INTERNAL)], where)

        found = desk.searcher(INTERNAL).search("reset the tunnel")

        assert sorted(ids(found)) == ["kb:a", "kb:b"]

    def test_of_two_shelves_are_two(self, desk: KnowledgeBase, where: str) -> None:
        """Staff see which one customers read."""
        index(desk, [article("a", STEPS, INTERNAL), article("b", STEPS, EXTERNAL)], where)

        found = desk.searcher(INTERNAL).search("reset the tunnel")

        assert sorted(ids(found)) == ["kb:a", "kb:b"]


@pytest.mark.parametrize(("holdings", "is_shown"), [((), False), ((Holding("x", False),), True)])
def test_what_holds_an_identifier_of_the_query_is_shown(
    holdings: tuple[Holding, ...], is_shown: bool
) -> None:
    """It was asked for: a copy that stands before it does not stand for it."""
    text = CleanDocument(title="", text=STEPS, sections=())
    details = Details(article("a", STEPS, INTERNAL), text, [])
    first = Found("internal", "kb:a", 1, 1, False, 0.9, 1.0, 0.5, (0.5,))
    second = first._replace(document_id="kb:b", document_key=2, exact=holdings)
    collapsed = NearCopies()

    assert collapsed.takes(first, details)
    assert collapsed.takes(second, details) is is_shown
    assert collapsed.copies == ({} if is_shown else {first: ["kb:b"]})
