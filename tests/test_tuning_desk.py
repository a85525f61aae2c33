"""Tuning a desk: what is written, for whom, and what customers cannot tell from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kbsearch import Article, Audience, KnowledgeBase, Ticket
from kbsearch.config import load_settings
from kbsearch.errors import ConfigError
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.layout import DeskLayout
from kbsearch.settings_file import SettingsFile
from tests.builders import article, customer_says
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL

PARTS = ("printer", "tunnel", "badge", "invoice", "calendar", "scanner")
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
N_TRIALS = 40


def tickets() -> Iterator[Ticket]:
    """Six problems that come back, and each time the ticket of the next day, linked to it."""
    for number in range(24):
        part = PARTS[number % len(PARTS)]
        for day, duplicates in ((60 * number, ()), (60 * number + 1, (f"desk:{60 * number:04}",))):
            yield Ticket(
                id=f"desk:{day:04}",
                subject=f"{part} stopped",
                messages=(customer_says(f"The {part} stopped working again"),),
                created_at=BEGIN + timedelta(days=day),
                duplicate_ids=duplicates,
            )


def articles() -> list[Article]:
    return [article(part, f"When the {part} stopped, start it again.", EXTERNAL) for part in PARTS]


@pytest.fixture
def filled(desk: KnowledgeBase) -> KnowledgeBase:
    desk.upsert([*tickets(), *articles()])
    desk.rebuild()
    return desk


def what_customers_see(desk: KnowledgeBase) -> list[dict[str, Any]]:
    searcher = desk.searcher(EXTERNAL)
    return [searcher.search(f"{part} stopped").model_dump(mode="json") for part in PARTS]


def files_of_customers(desk: KnowledgeBase) -> dict[str, bytes]:
    root = desk.path / EXTERNAL.value
    return {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }


class TestForStaff:
    """Labels of staff order what staff see."""

    def test_what_is_better_is_written_and_used(self, filled: KnowledgeBase) -> None:
        """The newer ticket is the answer, so age counts from the next search on."""
        report = filled.tune(INTERNAL, n_trials=N_TRIALS)

        assert report.is_written
        assert (report.section, report.kept_as) == ("staff_ranking", "kbsearch.toml.before-tune")
        assert report.left_out == {"newer": 24}
        assert load_settings(filled.path / "kbsearch.toml") == filled.settings
        share = filled.settings.staff_ranking.recency_share
        assert share == report.changes["recency_share"]
        now = BEGIN + timedelta(days=60 * 24)
        found = filled.searcher(INTERNAL, clock=lambda: now).rank("printer stopped")
        days = [int(one.id.split(":")[1]) for one in found if one.id.startswith("desk:")][:4]
        assert days == sorted(days, reverse=True)

    def test_customers_cannot_tell(self, filled: KnowledgeBase) -> None:
        """Not a bit of what staff have linked comes to them: neither hits nor scores nor files."""
        before, files_before = what_customers_see(filled), files_of_customers(filled)

        report = filled.tune(INTERNAL, n_trials=N_TRIALS)

        assert report.is_written
        assert what_customers_see(filled) == before
        assert files_of_customers(filled) == files_before
        with KnowledgeBase.open(filled.path, embedder=filled.embedder) as again:
            assert what_customers_see(again) == before
            again.rebuild()
            assert what_customers_see(again) == before

    def test_how_often_titles_count_for_staff_is_no_matter_of_customers(
        self, filled: KnowledgeBase
    ) -> None:
        """Staff's index is built anew, theirs is left as it is."""
        before, files_before = what_customers_see(filled), files_of_customers(filled)
        scores_before = [one.score for one in filled.searcher(INTERNAL).rank("printer stopped")]
        file = SettingsFile(DeskLayout(filled.path), "tuning")
        file.write("staff_ranking", {"bm25_title_weight": 9}, keep=False)

        with KnowledgeBase.open(filled.path, embedder=filled.embedder) as again:
            external, internal = again.rebuild()
            scores = [one.score for one in again.searcher(INTERNAL).rank("printer stopped")]

            assert (external.snapshot, internal.snapshot) == (1, 2)
            assert scores != scores_before
            assert what_customers_see(again) == before
        assert files_of_customers(filled) == files_before

    def test_a_dry_run_writes_nothing(self, filled: KnowledgeBase) -> None:
        """And says what it would have."""
        before = (filled.path / "kbsearch.toml").read_bytes()

        report = filled.tune(INTERNAL, n_trials=N_TRIALS, dry_run=True)

        assert report.is_better
        assert not report.is_written
        assert (filled.path / "kbsearch.toml").read_bytes() == before
        assert filled.settings.staff_ranking.recency_share is None

    def test_imitated_labels_write_nothing(self, filled: KnowledgeBase) -> None:
        """However clearly they speak: nobody has said so."""
        mined = filled.labels(INTERNAL)
        labels = tuple(
            one.model_copy(update={"source": LabelSource.TITLE_TO_BODY}) for one in mined.labels
        )

        report = filled.tune(
            INTERNAL, labels=mined.model_copy(update={"labels": labels}), n_trials=N_TRIALS
        )

        assert report.candidates[-1].gain is not None
        assert report.candidates[-1].gain.is_better
        assert not report.is_written
        assert report.reason.startswith("Nobody has said what answers")

    def test_questions_of_no_known_time_say_nothing_of_age(self, filled: KnowledgeBase) -> None:
        """How old a document was when somebody asked, nobody knows."""
        report = filled.tune(INTERNAL, labels=questions(INTERNAL), n_trials=N_TRIALS, dry_run=True)

        assert "recency" not in [one.name for one in report.candidates]


class TestForCustomers:
    """Their ranking is fitted to their own questions and shelf alone."""

    def test_no_label_of_staff_is_used(self, filled: KnowledgeBase) -> None:
        """A desk whose customers have judged nothing has nothing to fit."""
        report = filled.tune(EXTERNAL, labels=filled.labels(INTERNAL))

        assert (report.n_questions, report.candidates) == (0, ())
        assert "fewer than 20" in report.reason

    def test_their_section_is_that_of_the_desk(self, filled: KnowledgeBase) -> None:
        """What is fitted to what customers may know may order everybody's hits."""
        report = filled.tune(EXTERNAL, labels=questions(EXTERNAL), n_trials=N_TRIALS, dry_run=True)

        assert report.section == "ranking"
        assert report.n_questions == 24


def questions(audience: Audience) -> LabelSet:
    """Four ways to ask for each article."""
    asked = [
        (f"q:{part}{n}", part, f"{part} {said}")
        for part in PARTS
        for n, said in enumerate(("stopped", "broken", "start again", "when stopped"))
    ]
    return LabelSet(
        questions=tuple(Question(id=i, text=text, audience=audience) for i, _, text in asked),
        labels=tuple(
            Label(question_id=i, document_id=f"kb:{part}", source=LabelSource.JUDGED)
            for i, part, _ in asked
        ),
    )


class TestCommand:
    """`kbsearch tune`."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return make_desk(tmp_path / "a.kb", *tickets(), *articles())

    def test_shows_each_candidate_and_what_was_written(self, path: Path) -> None:
        """The last one decides; the file as it was is named."""
        result = run("tune", "--desk", path, "--audience", "internal", "--trials", N_TRIALS)

        assert result.exit_code == 0
        for name in ("as it is", "weights", "recency", "all of these"):
            assert f"\n{name} " in result.stdout
        assert "Written to kbsearch.toml under [staff_ranking]" in result.stdout
        assert "recency_share = " in result.stdout

    def test_shows_what_is_answered_at_some_rates(self, path: Path) -> None:
        """Of a desk that is calibrated; each rate has a line, and where it is set is told."""
        before = run("tune", "-d", path, "-a", "internal", "--trials", 5, "--dry-run").stdout
        run("rebuild", "-d", path)

        told = run("tune", "-d", path, "-a", "internal", "--trials", 5, "--dry-run").stdout

        assert "accept_false" not in before
        assert "accept_false" in told
        assert "\n0.05 " in told
        assert " of 24 (" in told

    def test_a_dry_run_says_where_it_belongs(self, path: Path) -> None:
        """So that somebody may write it by hand."""
        result = run("tune", "-d", path, "-a", "internal", "--trials", N_TRIALS, "--dry-run")

        assert "it belongs under [staff_ranking]" in result.stdout

    def test_json_is_the_report(self, path: Path) -> None:
        """All of its fields."""
        told = run_json("tune", "-d", path, "-a", "external")

        assert told["n_questions"] == 0
        assert told["is_written"] is False
        assert told["changes"] == {}


def test_labels_of_another_type_are_named(desk: KnowledgeBase) -> None:
    """A list of labels knows no questions."""
    with pytest.raises(ConfigError, match="labels is a list"):
        desk.tune(INTERNAL, labels=[])  # type: ignore[arg-type]
