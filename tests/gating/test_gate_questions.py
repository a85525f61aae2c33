"""What a gate asks: golden queries of each audience, and labels."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, Settings
from kbsearch.config import RankingSettings, StaffRankingSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.gating import Gate
from kbsearch.gating.golden import read_golden
from kbsearch.models import GateQuestions
from tests.builders import article, ticket
from tests.gating.desks import (
    filled,
    golden,
    labels,
    live_numbers,
    plant,
    reported,
    with_changes,
    without_words_of_newest,
    words_of_title,
)
from tests.library import EXTERNAL, INTERNAL


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """A desk with a live snapshot on each shelf, and something new on each."""
    return with_changes(filled(tmp_path / "a.kb", HashingEmbedder(64)))


class TestGoldenQueries:
    """A file of the desk for each audience."""

    def test_that_lose_their_document_are_refused(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One is enough, however well all others fare: no mean would show it."""
        golden(kb, EXTERNAL, '"the fountain is dry" = ["kb:new-e"]')
        plant(monkeypatch, without_words_of_newest)

        report = reported(kb, Gate(n_self_check=0))

        external, internal = report.shelves
        assert report.reasons == (
            "external: 1 golden query has its document no longer among the first 10",
        )
        assert [
            (move.question, move.document_id, move.live_place, move.new_place, move.change)
            for move in external.losers
        ] == [("the fountain is dry", "kb:new-e", 1, None, -1.0)]
        assert (external.decision.n_golden_lost, internal.decision.n_golden_lost) == (1, 0)

    def test_that_nothing_answered_before_are_no_reason(self, kb: KnowledgeBase) -> None:
        """They are asked and shown; the new indexes are no worse for them."""
        golden(kb, INTERNAL, '"nothing of this stands anywhere" = "kb:2"')

        report = reported(kb)

        (internal,) = [one for one in report.shelves if one.shelf == "internal"]
        asked = {figure.questions: figure for figure in internal.decision.figures}
        assert report.is_passed
        assert (asked[GateQuestions.GOLDEN].live, asked[GateQuestions.GOLDEN].new) == (0.0, 0.0)

    def test_of_an_audience_are_asked_for_that_one(self, kb: KnowledgeBase) -> None:
        """Customers' decision says nothing of what staff ask."""
        golden(kb, INTERNAL, f'"{words_of_title(kb, "kb:2")}" = "kb:2"')

        external, internal = reported(kb).shelves

        assert GateQuestions.GOLDEN not in {f.questions for f in external.decision.figures}
        assert GateQuestions.GOLDEN in {f.questions for f in internal.decision.figures}

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"[other]\n", "its one table is"),
            (b"golden = 3", "its one table is"),
            (b'[golden]\n"a" = []', "has no documents behind it"),
            (b'[golden]\n" " = ["kb:1"]', "has no documents behind it"),
            (b'[golden]\n"a" = [3]', "something else than ids"),
            (b"[golden", "Expected"),
            (b"\xff", "not UTF-8"),
            (b"#" * 1_000_001, "1000001 bytes"),
        ],
    )
    def test_that_cannot_be_read_are_an_error(
        self, kb: KnowledgeBase, content: bytes, reason: str
    ) -> None:
        """Before anything is made: a gate that asks half of it would pass too much."""
        (kb.path / "external" / "golden.toml").write_bytes(content)

        with pytest.raises(ConfigError, match=reason):
            kb.rebuild(gate=Gate())
        assert live_numbers(kb) == {"external": 1, "internal": 1}

    def test_may_begin_with_the_mark_that_some_editors_put_before_utf_8(
        self, tmp_path: Path
    ) -> None:
        """As Windows' Notepad writes it."""
        path = tmp_path / "golden.toml"
        path.write_bytes(codecs.BOM_UTF8 + b'[golden]\n"a" = "kb:2"')

        assert read_golden(path) == {"a": ("kb:2",)}

    def test_behind_a_link_are_an_error(self, kb: KnowledgeBase) -> None:
        """It could lead from customers' shelf to staff's."""
        golden(kb, INTERNAL, '"a" = "kb:2"')
        (kb.path / "external" / "golden.toml").symlink_to(kb.path / "internal" / "golden.toml")

        with pytest.raises(ConfigError, match="no plain file"):
            kb.rebuild(gate=Gate())

    def test_are_no_stranger_to_a_check_and_go_into_no_bundle(
        self, kb: KnowledgeBase, tmp_path: Path
    ) -> None:
        """What customers are known to ask is the desk's own business; so is the decision."""
        golden(kb, EXTERNAL, f'"{words_of_title(kb, "kb:1")}" = "kb:1"')
        kb.rebuild(gate=Gate())

        kb.export_shelf(EXTERNAL, tmp_path / "public.kb")

        assert kb.check(INTERNAL).is_sound
        assert not list((tmp_path / "public.kb").rglob("golden.toml"))
        with KnowledgeBase.open(tmp_path / "public.kb", embedder=HashingEmbedder(64)) as bundle:
            assert [each.gate for each in bundle.snapshots(EXTERNAL)] == [None]


class TestLabels:
    """Questions of the desk's own history, or that somebody judged."""

    def test_whose_answers_are_found_later_are_refused(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two are enough if both lose all: the interval of their differences is below zero."""
        given = labels(
            ("the fountain is dry", "kb:new-e"),
            ("an entirely other matter", "kb:new-e"),
            audience=EXTERNAL,
        )
        plant(monkeypatch, without_words_of_newest)

        report = reported(kb, Gate(labels=given, n_self_check=0))

        assert report.reasons == (
            "external: nDCG@10 of 2 labelled questions drops by 1.0000 "
            "(95 %: 1.0000 to 1.0000), and 0.01 is tolerated",
        )

    def test_of_which_one_alone_loses_say_nothing(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A single label may be wrong; what must be found is a golden query."""
        plant(monkeypatch, without_words_of_newest)
        given = labels(("the fountain is dry", "kb:new-e"), audience=EXTERNAL)

        assert reported(kb, Gate(labels=given, n_self_check=0)).is_passed

    def test_are_asked_of_their_own_audience(self, kb: KnowledgeBase) -> None:
        """A question of staff is no question of customers, whatever answers it."""
        given = labels((words_of_title(kb, "kb:1"), "kb:1"), audience=INTERNAL)

        external, internal = reported(kb, Gate(labels=given)).shelves

        assert GateQuestions.LABELS not in {f.questions for f in external.decision.figures}
        assert GateQuestions.LABELS in {f.questions for f in internal.decision.figures}

    def test_by_a_ticket_never_find_the_ticket_itself(self, kb: KnowledgeBase) -> None:
        """It says the same in the same words, and is no answer to itself."""
        kb.upsert([ticket("7", words_of_title(kb, "kb:2"))])
        given = LabelSet(
            questions=(Question(id="desk:7", ticket_id="desk:7"),),
            labels=(Label(question_id="desk:7", document_id="kb:2", source=LabelSource.ARTICLE),),
        )

        report = reported(kb, Gate(labels=given))

        (figure,) = [
            figure
            for one in report.shelves
            for figure in one.decision.figures
            if figure.questions is GateQuestions.LABELS
        ]
        assert (figure.n_questions, figure.new) == (1, 1.0)

    def test_are_mined_from_the_desk_if_none_are_given(self, kb: KnowledgeBase) -> None:
        """What its people linked when they closed tickets; of each audience's own shelves."""
        kb.upsert([ticket("7", words_of_title(kb, "kb:2"), article_ids=("kb:2",), published=True)])

        external, internal = reported(kb).shelves

        asked = {f.questions: f.n_questions for f in internal.decision.figures}
        assert asked[GateQuestions.LABELS] == 1
        assert GateQuestions.LABELS not in {f.questions for f in external.decision.figures}

    def test_of_tickets_that_customers_may_not_read_are_not_asked_for_them(
        self, kb: KnowledgeBase
    ) -> None:
        """The number of questions would tell of it."""
        kb.upsert([ticket("7", "A matter that is not published")])
        given = LabelSet(
            questions=(Question(id="q", text="what", ticket_id="desk:7", audience=EXTERNAL),),
            labels=(Label(question_id="q", document_id="kb:1", source=LabelSource.ARTICLE),),
        )

        external = reported(kb, Gate(labels=given)).shelves[0]

        assert GateQuestions.LABELS not in {f.questions for f in external.decision.figures}


def test_staff_are_asked_for_with_their_own_ranking(tmp_path: Path) -> None:
    """By `[staff_ranking]`, an open ticket counts nothing; by `[ranking]` it would be first."""
    settings = Settings(
        ranking=RankingSettings(open_ticket_prior=1.0),
        staff_ranking=StaffRankingSettings(open_ticket_prior=0.01),
    )
    kb = KnowledgeBase.create(tmp_path / "a.kb", settings=settings, embedder=HashingEmbedder(64))
    kb.upsert(
        [
            ticket("1", "the fountain is dry"),
            article("1", "Turn the pump on where the fountain is.", INTERNAL, title="Pump"),
        ]
    )
    golden(kb, INTERNAL, '"the fountain is dry" = "kb:1"')

    (internal,) = [one for one in reported(kb, Gate(k=1)).shelves if one.shelf == "internal"]

    asked = {figure.questions: figure for figure in internal.decision.figures}
    assert (asked[GateQuestions.GOLDEN].live, asked[GateQuestions.GOLDEN].new) == (1.0, 1.0)
