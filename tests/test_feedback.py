"""What people say of results: kept once, for its readers alone, and gone with what it names."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, Person
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import (
    BundleError,
    ConfigError,
    DamagedRecordError,
    DocumentNotFoundError,
)
from kbsearch.evaluation import Label, LabelSource
from kbsearch.indexing import feedback as noting
from kbsearch.models import DocumentFeedback, FeedbackKind, Votes
from kbsearch.store import feedback_writer
from tests.builders import article
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL, LIBRARY

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """A desk with a few documents of both audiences, and a clock that stands still."""
    kb = KnowledgeBase.create(tmp_path / "a.kb", embedder=HashingEmbedder(64), clock=lambda: NOON)
    kb.upsert(LIBRARY)
    kb.rebuild()
    return kb


def said(kb: KnowledgeBase) -> list[tuple[str, str | None, str | None, bool, str]]:
    """Question, document, who, whether it helped, and the shelf of all feedback."""
    return [
        (one.question, one.document_id, one.by, one.is_helpful, one.shelf)
        for one in kb.feedback_given()
    ]


class TestKeeping:
    """What is noted, and how often."""

    def test_is_on_the_shelf_of_who_asked(self, kb: KnowledgeBase) -> None:
        """Whichever shelf the document stands on."""
        kb.feedback("vpn  drops", "kb:vpn", audience=EXTERNAL, by="7")
        kb.feedback("vpn drops", "kb:vpn", audience=INTERNAL, by="mira", helpful=False)

        assert said(kb) == [
            ("vpn drops", "kb:vpn", "mira", False, "internal"),
            ("vpn drops", "kb:vpn", "7", True, "external"),
        ]

    def test_counts_a_person_once_for_a_query_and_a_document(self, kb: KnowledgeBase) -> None:
        """The newest counts; of all who are unknown, too."""
        for helpful in (True, True, False):
            kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="7", helpful=helpful)
            kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, helpful=helpful)

        assert said(kb) == [
            ("vpn drops", "kb:vpn", "7", False, "external"),
            ("vpn drops", "kb:vpn", None, False, "external"),
        ]

    def test_stops_at_as_much_as_one_person_may_say_in_a_day(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A loop somewhere must not fill the disk; others are heard all the same."""
        monkeypatch.setattr(noting, "MOST_A_DAY", 3)

        kept = [kb.feedback(f"question {n}", "kb:vpn", audience=EXTERNAL, by="7") for n in range(5)]

        assert kept == [True, True, True, False, False]
        assert kb.feedback("another", "kb:vpn", audience=EXTERNAL, by="8")
        kb._clock = lambda: NOON + timedelta(days=1, seconds=1)
        assert kb.feedback("question 4", "kb:vpn", audience=EXTERNAL, by="7")

    def test_redacts_the_query_as_documents_of_that_shelf(self, kb: KnowledgeBase) -> None:
        """Secrets for all, addresses of people for customers."""
        query = "password: hunter-4242-x for mira@brightwater.example"
        kb.feedback(query, "kb:vpn", audience=EXTERNAL)
        kb.feedback(query, "kb:vpn", audience=INTERNAL)

        staffs, customers = (one.question for one in kb.feedback_given())
        assert "hunter-4242-x" not in staffs + customers
        assert "mira@brightwater.example" in staffs
        assert "mira@brightwater.example" not in customers

    def test_keeps_the_places_of_what_was_shown(self, kb: KnowledgeBase) -> None:
        """A document that is not for the audience is left out, and nobody moves up."""
        kb.feedback(
            "vpn",
            "kb:mfa",
            audience=EXTERNAL,
            kind="click",
            shown=["kb:vpn", "kb:dns", "kb:mfa"],
        )

        (one,) = kb.feedback_given()
        assert one.kind is FeedbackKind.CLICK
        assert one.shown == {1: "kb:vpn", 3: "kb:mfa"}

    def test_of_a_hidden_document_is_refused_as_of_one_that_never_was(
        self, kb: KnowledgeBase
    ) -> None:
        """A vote must not tell what stands with staff."""
        for document_id in ("kb:dns", "kb:never"):
            with pytest.raises(DocumentNotFoundError, match=document_id):
                kb.feedback("vpn", document_id, audience=EXTERNAL)
        assert said(kb) == []

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"query": "…"}, "holds no words"),
            ({"query": 3}, "is a int"),
            ({"kind": "like"}, "is none of"),
            ({"kind": "shown"}, "names none"),
            ({"document_id": None}, "name a document"),
            ({"document_id": None, "kind": "shown"}, "needs the page"),
            ({"shown": ["kb:mfa"]}, "not among those that were shown"),
            ({"shown": ["kb:vpn", "kb:vpn"]}, "each once"),
            ({"shown": ["kb:mfa", "kb:vpn"], "position": 1}, "is not where"),
            ({"position": 0}, "is no place"),
            ({"position": 10**30}, "the last 1,000,000"),
            ({"document_id": 5}, "no id"),
            ({"helpful": "no"}, "neither True nor False"),
            ({"helpful": None}, "neither True nor False"),
        ],
    )
    def test_refuses_what_does_not_fit(
        self, kb: KnowledgeBase, given: dict[str, object], reason: str
    ) -> None:
        """Nothing is guessed, and nothing is noted."""
        arguments = {"query": "vpn", "document_id": "kb:vpn", "audience": EXTERNAL} | given

        with pytest.raises(ConfigError, match=reason):
            kb.feedback(**arguments)  # type: ignore[arg-type]
        assert said(kb) == []

    def test_is_the_old_one_or_the_new_one_if_writing_it_ends_in_between(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The old vote has been removed by then; both are one transaction."""

        class KilledError(BaseException):
            pass

        def killed(_: datetime) -> int:
            raise KilledError

        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="7")
        with monkeypatch.context() as patch:
            patch.setattr(feedback_writer, "to_us", killed)
            with pytest.raises(KilledError):
                kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="7", helpful=False)

        assert said(kb) == [("vpn drops", "kb:vpn", "7", True, "external")]
        assert kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="7", helpful=False)

    def test_that_was_changed_on_disk_is_noticed(self, kb: KnowledgeBase) -> None:
        """As every row of the records."""
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)
        connection = sqlite3.connect(kb.path / "external" / "records.sqlite")
        with connection:
            connection.execute("UPDATE feedback SET is_helpful = 0")
        connection.close()

        with pytest.raises(DamagedRecordError, match="feedback"):
            kb.feedback_given()
        (finding,) = kb.check(EXTERNAL).findings
        assert "feedback" in finding.what
        assert "backup" in finding.remedy

    def test_survives_a_rebuild_and_a_new_version_of_the_document(self, kb: KnowledgeBase) -> None:
        """It is of the document, not of one of its texts."""
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="7")
        kb.upsert([article("vpn", "The VPN drops no more.", EXTERNAL)])
        kb.rebuild()

        assert said(kb) == [("vpn drops", "kb:vpn", "7", True, "external")]
        assert kb.check(INTERNAL).is_sound


class TestLeaving:
    """What is deleted, withdrawn, restricted or forgotten takes its feedback along."""

    def test_with_a_deleted_document(self, kb: KnowledgeBase) -> None:
        """From every shelf, and from the pages that it stood on."""
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)
        kb.feedback("vpn drops", "kb:vpn", audience=INTERNAL)
        kb.feedback("phone", "kb:mfa", audience=INTERNAL, shown=["kb:vpn", "kb:mfa"])

        kb.delete(["kb:vpn"])

        assert [one.shown for one in kb.feedback_given()] == [{2: "kb:mfa"}]

    def test_with_a_withdrawn_document_what_customers_said(self, kb: KnowledgeBase) -> None:
        """No byte of their shelf names it; staff keep what staff said."""
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)
        kb.feedback("vpn drops", "kb:vpn", audience=INTERNAL)

        kb.withdraw(["kb:vpn"])

        assert said(kb) == [("vpn drops", "kb:vpn", None, True, "internal")]

    def test_with_a_person(self, kb: KnowledgeBase) -> None:
        """What they said, and what others asked about them."""
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="rui@brightwater.example")
        kb.feedback("calls of Rui Pardal", "kb:fax", audience=INTERNAL, by="mira")
        kb.feedback("fax", "kb:fax", audience=INTERNAL, by="mira")

        kb.forget(person=Person(email="rui@brightwater.example", name="Rui Pardal"), by="privacy")

        assert said(kb) == [("fax", "kb:fax", "mira", True, "internal")]
        everything = b"".join(bytes_of(kb.path).values()).lower()
        assert b"rui@brightwater" not in everything
        assert b"pardal" not in everything

    def test_with_a_document_what_was_asked_in_its_words(self, kb: KnowledgeBase) -> None:
        """Whatever the document was that they voted for."""
        kb.upsert([article("lamp", "The zirkonleuchte flickers", EXTERNAL)])
        kb.feedback("zirkonleuchte", "kb:vpn", audience=EXTERNAL)
        kb.feedback("light", "kb:vpn", audience=EXTERNAL, shown=["kb:lamp", "kb:vpn"])

        kb.forget(["kb:lamp"], by="privacy")

        assert [(one.question, one.shown) for one in kb.feedback_given()] == [
            ("light", {2: "kb:vpn"})
        ]
        assert b"zirkonleuchte" not in b"".join(bytes_of(kb.path).values()).lower()

    def test_from_a_bundle(self, kb: KnowledgeBase, tmp_path: Path) -> None:
        """It holds none, and takes none."""
        kb.feedback("fernsprecher", "kb:vpn", audience=EXTERNAL, by="somebody-known")

        kb.export_shelf(EXTERNAL, tmp_path / "public.kb")

        everything = b"".join(bytes_of(tmp_path / "public.kb").values())
        assert b"fernsprecher" not in everything
        assert b"somebody-known" not in everything
        with (
            KnowledgeBase.open(tmp_path / "public.kb", embedder=HashingEmbedder(64)) as bundle,
            pytest.raises(BundleError, match="could be written"),
        ):
            bundle.feedback("vpn", "kb:vpn", audience=EXTERNAL)


class TestWall:
    """Who may read what of it."""

    def test_what_staff_say_changes_nothing_that_customers_can_see(self, tmp_path: Path) -> None:
        """No byte of the external directory, and none of customers' labels."""
        seen = []
        for name in ("a", "b"):
            kb = KnowledgeBase.create(
                tmp_path / f"{name}.kb", embedder=HashingEmbedder(64), clock=lambda: NOON
            )
            kb.upsert(LIBRARY)
            kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="7")
            if name == "b":
                kb.feedback("vpn drops", "kb:vpn", audience=INTERNAL, by="m", helpful=False)
                kb.feedback("where is the fax", "kb:fax", audience=INTERNAL, by="m")
            kb.rebuild()
            seen.append((bytes_of(kb.path / "external"), kb.feedback_labels(EXTERNAL)))

        assert seen[0] == seen[1]
        assert [one.document_id for one in seen[0][1].labels] == ["kb:vpn"]

    def test_customers_feedback_needs_no_directory_of_staff(self, kb: KnowledgeBase) -> None:
        """A process that may only read and write the external one can note it."""
        (kb.path / "internal").rename(kb.path.parent / "elsewhere")
        with KnowledgeBase.open(kb.path, embedder=HashingEmbedder(64)) as other:
            assert other.feedback("vpn drops", "kb:vpn", audience=EXTERNAL)
            assert len(other.feedback_labels(EXTERNAL).labels) == 1

    def test_of_a_groups_document_is_for_the_group(self, kb: KnowledgeBase) -> None:
        """Its question and its id are not for other staff."""
        kb.upsert([article("pay", "Salaries are paid late", INTERNAL, groups=("hr",))])
        kb.feedback("when is pay day", "kb:pay", audience=INTERNAL, groups=["hr"])

        assert kb.feedback_given() == ()
        assert [one.shelf for one in kb.feedback_given(groups=["hr"])] == ["internal.hr"]

    def test_of_a_page_with_a_groups_document_is_for_the_group(self, kb: KnowledgeBase) -> None:
        """What its members ask there tells of it; the control has nothing of theirs on the page."""
        kb.upsert([article("pay", "Salaries of the board.", INTERNAL, groups=("hr",))])
        page = ["kb:vpn", "kb:pay"]

        kb.feedback("board", audience=INTERNAL, groups=["hr"], by="1", kind="shown", shown=page)
        kb.feedback(
            "raise", "kb:vpn", audience=INTERNAL, groups=["hr"], by="1", kind="click", shown=page
        )
        kb.feedback(
            "vpn", "kb:vpn", audience=INTERNAL, groups=["hr"], by="1", kind="click", shown=page[:1]
        )

        assert [one.question for one in kb.feedback_given()] == ["vpn"]
        of_group = [one for one in kb.feedback_given(groups=["hr"]) if one.shelf == "internal.hr"]
        assert [(one.question, one.shown) for one in of_group] == [
            ("board", {1: "kb:vpn", 2: "kb:pay"}),
            ("raise", {1: "kb:vpn", 2: "kb:pay"}),
        ]

    def test_of_a_document_that_becomes_a_groups_leaves_all_staff(self, kb: KnowledgeBase) -> None:
        """What was asked about it is as restricted as it is."""
        kb.feedback("where is the fax", "kb:fax", audience=INTERNAL)

        kb.upsert([article("fax", "The fax machine is in the cellar.", INTERNAL, groups=("hr",))])

        assert kb.feedback_given() == ()


class TestOutcomes:
    """What comes of it."""

    def test_becomes_labels_of_its_audience(self, kb: KnowledgeBase) -> None:
        """Mostly helpful is worth 2, mostly not is worth 0, as many of both nothing."""
        for by, helpful in (("1", True), ("2", True), ("3", False)):
            kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by=by, helpful=helpful)
            kb.feedback("phone", "kb:mfa", audience=EXTERNAL, by=by, helpful=not helpful)
        for by, helpful in (("1", True), ("2", False)):
            kb.feedback("sleep", "kb:vpn", audience=EXTERNAL, by=by, helpful=helpful)

        found = kb.feedback_labels(EXTERNAL)

        texts = {one.id: one.text for one in found.questions}
        assert [
            (texts[one.question_id], one.document_id, one.relevance) for one in found.labels
        ] == [
            ("phone", "kb:mfa", 0),
            ("vpn drops", "kb:vpn", 2),
        ]
        assert {one.source for one in found.labels} == {LabelSource.FEEDBACK}
        assert isinstance(found.labels[0], Label)
        assert kb.feedback_labels(INTERNAL).labels == ()

    def test_is_counted_by_document_for_staff(self, kb: KnowledgeBase) -> None:
        """An outcome signal to look at."""
        kb.feedback("vpn", "kb:vpn", audience=EXTERNAL, by="7")
        kb.feedback("vpn", "kb:vpn", audience=INTERNAL, by="mira", helpful=False)
        page = ["kb:mfa", "kb:vpn"]
        kb.feedback("sleep", "kb:vpn", audience=EXTERNAL, by="8", kind="click", shown=page)
        kb.feedback("phone", audience=EXTERNAL, by="9", kind="shown", shown=page)

        assert kb.document_feedback() == (
            DocumentFeedback(document_id="kb:mfa", n_shown=2),
            DocumentFeedback(
                document_id="kb:vpn", n_helpful=1, n_not_helpful=1, n_clicks=1, n_shown=2
            ),
        )

    def test_is_counted_by_shelf_and_told_to_staff_beside_a_hit(self, kb: KnowledgeBase) -> None:
        """Customers are told of no vote; clicks are none."""
        kb.feedback("vpn", "kb:vpn", audience=EXTERNAL, by="7")
        kb.feedback("phone", "kb:mfa", audience=EXTERNAL, by="7")
        kb.feedback("vpn", "kb:vpn", audience=INTERNAL, by="mira", helpful=False)
        kb.feedback("vpn", "kb:vpn", audience=INTERNAL, by="noa", kind="click", position=1)

        counts = {each.shelf: each.votes for each in kb.stats(INTERNAL)}
        told = kb.searcher(INTERNAL).explain("vpn", "kb:vpn")

        assert counts == {
            "internal": Votes(n_not_helpful=1),
            "external": Votes(n_helpful=2),
        }
        assert told.votes == Votes(n_helpful=1, n_not_helpful=1)
        assert kb.searcher(EXTERNAL).explain("vpn", "kb:vpn").votes is None

    def test_is_known_where_labels_are_left_out(self, kb: KnowledgeBase) -> None:
        """To tune, to train and to the gate: what people said is what they are for."""
        kb.feedback("vpn drops", "kb:vpn", audience=EXTERNAL, by="1")

        assert kb.labels(EXTERNAL).labels == ()
        assert kb.known_labels(EXTERNAL) == kb.feedback_labels(EXTERNAL)
        assert kb.tune(EXTERNAL, n_trials=1).n_questions == 1
        assert kb.tune(INTERNAL, n_trials=1).n_questions == 0

    def test_changes_no_ranking(self, kb: KnowledgeBase) -> None:
        """Whoever votes most would decide what others find; tuning looks whether it helps."""
        before = kb.searcher(EXTERNAL).rank("vpn code", k=5)

        for n in range(20):
            kb.feedback("vpn code", "kb:mfa", audience=EXTERNAL, by=str(n))

        assert kb.searcher(EXTERNAL).rank("vpn code", k=5) == before
