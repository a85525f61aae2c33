"""Labels of a desk and judging on it: who is asked, and what stands before whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, Ticket
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import BundleError, ConfigError, DocumentNotFoundError
from kbsearch.evaluation import LabelSet, LabelSource, Question, measure, text_question
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL

AT = datetime(2026, 3, 2, tzinfo=UTC)


def published(name: str, **fields: object) -> Ticket:
    return resolved_ticket(
        name, f"Scanner {name} does not wake", "Hold the green key", published=True, **fields
    )


HISTORY: list[Document] = [
    article("scan", "Hold the green key for two seconds to wake the scanner.", EXTERNAL),
    article("staff", "Scanners of floor two need their fuse changed.", INTERNAL),
    article("pay", "The scanner of payroll has a code.", INTERNAL, groups=("hr",)),
    published("1", article_ids=("kb:scan", "kb:staff"), duplicate_ids=("desk:2", "desk:3")),
    published("2", created_at=AT),
    resolved_ticket("3", "Scanner of floor two is dead", "We changed its fuse"),
    ticket(
        "4", "Payroll scanner asks for a code", groups=("hr",), article_ids=("kb:pay", "kb:scan")
    ),
]


def pairs(labels: LabelSet) -> set[tuple[str, str]]:
    return {(one.question_id, one.document_id) for one in labels.labels}


@pytest.fixture
def history(desk: KnowledgeBase) -> KnowledgeBase:
    desk.upsert(HISTORY)
    return desk


class TestStaffsLabels:
    """Tickets whole, articles of both shelves."""

    def test_hold_what_staff_can_find(self, history: KnowledgeBase) -> None:
        """Three duplicates of each other, and the two articles that were given."""
        labels = history.labels("internal")

        group = ("desk:1", "desk:2", "desk:3")
        assert pairs(labels) == {(a, b) for a in group for b in group if a != b} | {
            ("desk:1", "kb:scan"),
            ("desk:1", "kb:staff"),
        }
        assert all(one.audience is INTERNAL for one in labels.questions)

    def test_of_groups_are_for_their_members(self, history: KnowledgeBase) -> None:
        """Others are asked nothing that stands there, and nothing there answers them."""
        added = pairs(history.labels("internal", groups=["hr"])) - pairs(history.labels("internal"))

        assert added == {("desk:4", "kb:pay"), ("desk:4", "kb:scan")}

    def test_come_after_a_rebuild_as_before(self, history: KnowledgeBase) -> None:
        """They are of the records."""
        before = history.labels("internal", imitate=True)
        history.rebuild()

        assert history.labels("internal", imitate=True) == before

    def test_lose_what_is_deleted(self, history: KnowledgeBase) -> None:
        """What is not there cannot be found."""
        history.delete(["desk:3", "kb:staff"])

        assert pairs(history.labels("internal")) == {
            ("desk:1", "desk:2"),
            ("desk:2", "desk:1"),
            ("desk:1", "kb:scan"),
        }


class TestCustomersLabels:
    """Of their shelf alone."""

    def test_hold_no_link_of_staff(self, history: KnowledgeBase) -> None:
        """Published tickets tell customers no links, and so do labels."""
        assert history.labels("external") == LabelSet()

    def test_are_the_same_whatever_staff_know(
        self, tmp_path: Path, history: KnowledgeBase, hashing_embedder: HashingEmbedder
    ) -> None:
        """Byte for byte; staff's own differ, or this would show nothing."""
        with KnowledgeBase.create(tmp_path / "other.kb", embedder=hashing_embedder) as other:
            other.upsert([HISTORY[0], published("1"), published("2", created_at=AT)])
            for imitate in (False, True):
                ours = history.labels("external", imitate=imitate).model_dump_json()
                assert other.labels("external", imitate=imitate).model_dump_json() == ours
            assert other.labels("internal") != history.labels("internal")

    def test_imitate_what_customers_read(self, history: KnowledgeBase) -> None:
        """A published ticket has its public subject alone, here none, and its public replies."""
        labels = history.labels("external", imitate=True)

        assert {one.id for one in labels.questions} == {
            "problem_to_resolution/desk:1",
            "problem_to_resolution/desk:2",
        }
        assert {one.audience for one in labels.questions} == {EXTERNAL}
        texts = " ".join(one.text or "" for one in labels.questions)
        assert "Scanner 1 does not wake" in texts
        assert "floor two" not in texts

    def test_that_staff_may_look_at_hold_links_between_what_customers_read(
        self, history: KnowledgeBase
    ) -> None:
        """Neither the ticket nor the article that stand with staff alone."""
        labels = history.published_labels()

        assert pairs(labels) == {
            ("desk:1", "desk:2"),
            ("desk:2", "desk:1"),
            ("desk:1", "kb:scan"),
        }
        assert {one.audience for one in labels.questions} == {EXTERNAL}

    def test_tell_nothing_of_private_fixes_and_times(self, desk: KnowledgeBase) -> None:
        """What customers find of a ticket tells no fix, and begins with its public message."""
        said = (
            customer_says("Scanner 2 does not wake", created_at=AT),
            agent_says("Change the fuse", public=False),
        )
        private = published("2", created_at=datetime(2020, 1, 1, tzinfo=UTC)).model_copy(
            update={"messages": said, "resolution": None}
        )
        desk.upsert([published("1", duplicate_ids=("desk:2",)), private])

        labels = desk.published_labels()

        assert {(one.document_id, one.relevance) for one in labels.labels} == {
            ("desk:1", 2),
            ("desk:2", 1),
        }
        assert {one.id: one.asked_at for one in labels.questions}["desk:2"] == AT

    def test_of_a_bundle_are_those_of_its_shelf(
        self, tmp_path: Path, history: KnowledgeBase, hashing_embedder: HashingEmbedder
    ) -> None:
        """There is nothing of staff's to look at."""
        expected = history.labels("external", imitate=True)
        history.export_shelf("external", tmp_path / "public.kb")

        with KnowledgeBase.open(tmp_path / "public.kb", embedder=hashing_embedder) as bundle:
            assert bundle.labels("external", imitate=True) == expected
            with pytest.raises(BundleError, match="links of staff"):
                bundle.published_labels()
            with pytest.raises(BundleError, match="shelf for staff"):
                bundle.labels("internal")


def test_imitated_questions_find_their_documents(history: KnowledgeBase) -> None:
    """They flatter, as stated: the document still holds the words, so it is found first."""
    labels = history.labels("internal", imitate=True).of_sources(
        source for source in LabelSource if source.is_imitated
    )
    searcher = history.searcher("internal")
    run = {
        one.id: {hit.id: hit.score for hit in searcher.rank(one.text or "")}
        for one in labels.questions
    }

    assert len(labels.questions) == 3
    assert measure(labels.qrels(), run).mean("Success@1") > 0.5


class TestJudging:
    """What several rankings find, as the audience reads it."""

    def test_shows_what_the_audience_may_read(self, tmp_path: Path, history: KnowledgeBase) -> None:
        """Every document on customers' shelf, and no other."""
        asked = text_question("scanner does not wake", EXTERNAL)
        judge = history.judging(tmp_path / "j.jsonl", [asked], audience="external", by="anna")
        seen = set()
        while (shown := judge.current) is not None:
            seen.add(shown.document_id)
            assert "floor two" not in shown.text
            judge.skip()

        assert seen == {"kb:scan", "desk:1", "desk:2"}

    def test_of_a_ticket_shows_its_problem_and_never_itself(
        self, tmp_path: Path, history: KnowledgeBase
    ) -> None:
        """It would be the first that is found, and is no answer."""
        asked = Question(id="desk:3", ticket_id="desk:3")
        judge = history.judging(tmp_path / "j.jsonl", [asked], audience="internal", by="anna")
        seen = set()
        while (shown := judge.current) is not None:
            assert shown.question == "Scanner of floor two is dead\nScanner of floor two is dead"
            seen.add(shown.document_id)
            judge.skip()

        assert {"desk:1", "desk:2", "kb:scan", "kb:staff"} <= seen
        assert "desk:3" not in seen

    def test_tells_problem_reply_and_fix_apart(
        self, tmp_path: Path, history: KnowledgeBase
    ) -> None:
        """The judge reads the ticket as it is searched."""
        asked = text_question("floor two is dead", INTERNAL)
        judge = history.judging(tmp_path / "j.jsonl", [asked], audience="internal", by="anna")
        while (shown := judge.current) is not None and shown.document_id != "desk:3":
            judge.skip()

        assert shown is not None
        assert shown.text == (
            "problem: Scanner of floor two is dead\n\nresolution: We changed its fuse"
        )

    def test_looks_as_deep_as_it_is_told(self, tmp_path: Path, history: KnowledgeBase) -> None:
        """Three rankings give at most three documents at k = 1."""
        asked = text_question("scanner", INTERNAL)

        def size(k: int) -> int:
            path = tmp_path / "j.jsonl"
            return len(history.judging(path, [asked], audience="internal", by="anna", k=k))

        assert 1 <= size(1) <= 3 < size(10)

    def test_is_the_same_for_two_judges(self, tmp_path: Path, history: KnowledgeBase) -> None:
        """Kappa is of what both have seen."""
        asked = [text_question("scanner", INTERNAL), text_question("code", INTERNAL)]
        told = [
            history.judging(tmp_path / f"{by}.jsonl", asked, audience="internal", by=by)._tasks
            for by in ("anna", "bert")
        ]

        assert told[0] == told[1]

    def test_refuses_questions_of_others(self, tmp_path: Path, history: KnowledgeBase) -> None:
        """What staff ask is no question of customers."""
        path = tmp_path / "j.jsonl"
        asked = text_question("scanner", INTERNAL)

        with pytest.raises(ConfigError, match="asked by internal readers, and results for ext"):
            history.judging(path, [asked], audience="external", by="anna")
        with pytest.raises(ConfigError, match="takes a list of Question, and one is a str"):
            history.judging(path, ["scanner"], audience="internal", by="anna")  # type: ignore[list-item]
        with pytest.raises(ConfigError, match=r"k = 0\. Use 1 to 100"):
            history.judging(path, [asked], audience="internal", by="anna", k=0)
        assert not path.exists()

    @pytest.mark.parametrize("name", ["desk:3", "desk:never"])
    def test_of_a_ticket_that_customers_cannot_see_finds_none(
        self, tmp_path: Path, history: KnowledgeBase, name: str
    ) -> None:
        """Whether it stands with staff or nowhere: the same is said."""
        asked = Question(id="q", ticket_id=name, audience=EXTERNAL)

        with pytest.raises(DocumentNotFoundError, match=f"no document '{name}' for this audience"):
            history.judging(tmp_path / "j.jsonl", [asked], audience="external", by="anna")

    def test_of_an_article_as_a_ticket_is_refused(
        self, tmp_path: Path, history: KnowledgeBase
    ) -> None:
        """An article has no problem to ask."""
        asked = Question(id="q", ticket_id="kb:staff")

        with pytest.raises(
            ConfigError, match="names 'kb:staff' as its ticket, which is an article"
        ):
            history.judging(tmp_path / "j.jsonl", [asked], audience="internal", by="anna")
