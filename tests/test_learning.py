"""When a shelf learns its boilerplate, from what, and what that does to its indexes."""

from __future__ import annotations

from pathlib import Path

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.config import CleaningSettings, Settings
from kbsearch.embed import HashingEmbedder
from kbsearch.indexing.learning import is_due
from tests.builders import article
from tests.form_tickets import PROBLEMS

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
FOOTER = "This page belongs to the handbook of the harbour crew."


def pages(
    n_pages: int, audience: Audience, *, footer: str = FOOTER, first: int = 0
) -> list[Article]:
    """Different pages with one last line."""
    return [
        article(f"{audience}-{n}", f"{PROBLEMS[n % len(PROBLEMS)]} Grease {n}.\n{footer}", audience)
        for n in range(first, first + n_pages)
    ]


def learned(kb: KnowledgeBase, shelf: Audience) -> list[str]:
    return [line.text for line in kb.searcher(INTERNAL).boilerplate()[shelf.value].lines]


def test_a_shelf_learns_when_it_has_grown_or_shrunk_by_more_than_a_fifth() -> None:
    """And never below fifty documents, but to forget."""
    due = [is_due(*pair) for pair in [(49, 0), (50, 0), (60, 50), (61, 50), (39, 50), (41, 50)]]

    assert due == [False, True, False, True, True, False]


def test_a_first_large_write_is_embedded_without_its_boilerplate(desk: KnowledgeBase) -> None:
    """Learned before the first vector is made, so that nothing is embedded twice."""
    desk.upsert(pages(60, INTERNAL))

    again = desk.rebuild()

    (hit, *_) = desk.searcher(INTERNAL).search("grease", k=60)
    assert "handbook" not in hit.passage.text
    assert [report.n_embedded for report in again] == [0, 0]


def test_a_rebuild_cleans_what_was_written_before_it_learned(desk: KnowledgeBase) -> None:
    """Sixty pages in small writes: none is large enough to learn from."""
    for start in range(0, 60, 20):
        desk.upsert(pages(20, INTERNAL, first=start))
    before = desk.searcher(INTERNAL).search("handbook crew", k=60)
    assert "handbook" in before[0].passage.text

    reports = desk.rebuild()

    assert [report.n_embedded for report in reports] == [0, 60]
    after = desk.searcher(INTERNAL).search("grease", k=60)
    assert len(after) == 60
    assert not any("handbook of" in hit.passage.text for hit in after)
    assert "handbook" in desk.searcher(INTERNAL).get("kb:internal-7").model_dump()["body"]


def test_a_rebuild_that_learns_nothing_new_changes_nothing(desk: KnowledgeBase) -> None:
    """Else every rebuild would publish, and every snapshot move."""
    desk.upsert(pages(60, INTERNAL))
    first = desk.rebuild()

    again = desk.rebuild()

    assert [report.snapshot for report in again] == [report.snapshot for report in first]


def test_nothing_that_staff_write_is_learned_for_customers(desk: KnowledgeBase) -> None:
    """A line of a hundred internal pages stays in the one public page that has it."""
    desk.upsert(pages(100, INTERNAL) + pages(60, EXTERNAL, footer="Ask the harbour office."))
    desk.upsert([article("odd", f"Grease for sale.\n{FOOTER}", EXTERNAL)])
    desk.rebuild()

    assert learned(desk, INTERNAL) == ["this page belongs to the handbook of the harbour crew"]
    assert learned(desk, EXTERNAL) == ["ask the harbour office"]
    (hit, *_) = desk.searcher(EXTERNAL).search("handbook of the harbour crew")
    assert (hit.id, "handbook" in hit.passage.text) == ("kb:odd", True)


def test_learning_can_be_switched_off(tmp_path: Path) -> None:
    """For desks whose every word counts."""
    plain = Settings(cleaning=CleaningSettings(boilerplate=False))
    with KnowledgeBase.create(
        tmp_path / "a.kb", settings=plain, embedder=HashingEmbedder(32)
    ) as kb:
        kb.upsert(pages(60, INTERNAL))
        kb.rebuild()

        assert learned(kb, INTERNAL) == []
        assert "handbook" in kb.searcher(INTERNAL).search("handbook")[0].passage.text


def test_a_line_that_only_withdrawn_documents_share_is_forgotten_with_them(
    desk: KnowledgeBase,
) -> None:
    """Else it would stand in the customers' directory until the next rebuild."""
    desk.upsert(pages(80, EXTERNAL))
    before = learned(desk, EXTERNAL)

    for start in range(0, 80, 8):
        desk.withdraw([f"kb:external-{n}" for n in range(start, start + 8)])

    assert before == ["this page belongs to the handbook of the harbour crew"]
    assert learned(desk, EXTERNAL) == []
    assert b"handbook of the harbour" not in (desk.path / "external/records.sqlite").read_bytes()
