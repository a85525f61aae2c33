"""A search that finds nothing says so, instead of showing the least unlike documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, Settings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import AudienceError, ConfigError, DamagedSnapshotError
from kbsearch.files import sha256_of_file
from kbsearch.indexing import FEWEST_DOCUMENTS
from kbsearch.layout import CALIBRATION_FILE, FOREIGN_FILE
from kbsearch.models import Article
from kbsearch.snapshots import load_snapshot, read_current
from tests.builders import article, resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL, ids
from tests.snapshot_shelf import new_layout

MACHINES = ("laser printer", "badge reader", "label scanner", "meeting screen", "desk telephone")
FAULTS = (
    "does not wake up after the weekend",
    "shows a blinking orange lamp",
    "prints or shows every line twice",
    "lost its network address again",
    "makes a grinding noise when it starts",
    "asks for a code that nobody knows",
    "answers only after several minutes",
)
ANSWERED = "The badge reader shows a blinking orange lamp"
FOREIGN = "Which wine goes with roasted pheasant?"
RATE = 0.1


def articles(audience: Audience = EXTERNAL, *, n: int = 35) -> list[Article]:
    """Every machine with every fault: 35 at most."""
    pairs = [(machine, fault) for fault in FAULTS for machine in MACHINES][:n]
    return [
        article(f"{audience.value}-{row}", f"The {machine} {fault}: call the caretaker.", audience)
        for row, (machine, fault) in enumerate(pairs)
    ]


@pytest.fixture
def known(desk: KnowledgeBase) -> KnowledgeBase:
    """A desk whose customers' shelf is calibrated."""
    desk.upsert(articles())
    desk.rebuild()
    return desk


def snapshot_directory(desk: KnowledgeBase, shelf: Audience = EXTERNAL) -> Path:
    root = desk.path / shelf.value
    (directory,) = sorted(root.glob("snapshot-*"))[-1:]
    return directory


class TestWhatIsHeldBack:
    """The caller states how often noise may be shown."""

    def test_nothing_is_shown_for_a_question_that_nothing_answers(
        self, known: KnowledgeBase
    ) -> None:
        """And it is said how far the best one was from what was needed."""
        found = known.searcher(EXTERNAL).search(FOREIGN + " The code?", accept_false=RATE)

        assert found.hits == ()
        assert not found.is_answered
        assert found.best_probability is not None
        assert found.needed_probability is not None
        assert found.best_probability < found.needed_probability
        assert found.note == (
            f"Nothing similar: best {found.best_probability:.2f}, "
            f"{found.needed_probability:.2f} needed."
        )

    def test_an_answer_is_shown_with_its_probability(self, known: KnowledgeBase) -> None:
        """The best hit is the best probability, and passes what is needed."""
        found = known.searcher(EXTERNAL).search(ANSWERED, accept_false=RATE)

        assert found.is_answered
        assert found[0].title.startswith("The badge reader shows")
        assert found[0].probability == found.best_probability
        assert (found[0].probability or 0) >= (found.needed_probability or 1)

    def test_every_hit_must_pass_and_not_the_first_alone(self, known: KnowledgeBase) -> None:
        """What follows an answer may be noise all the same."""
        searcher = known.searcher(EXTERNAL)
        everything = searcher.search(ANSWERED, k=35)
        shown = searcher.search(ANSWERED, k=35, accept_false=RATE)

        needed = shown.needed_probability or 1
        assert 0 < len(shown) < len(everything)
        assert ids(shown) == [h.id for h in everything if (h.probability or 0) >= needed]
        assert shown.note == f"Less probable hits are held back: {needed:.2f} is needed."

    def test_all_is_shown_unless_it_is_asked_for(self, known: KnowledgeBase) -> None:
        """Probabilities are there always."""
        searcher = known.searcher(EXTERNAL)
        found = searcher.search(FOREIGN + " The code?")

        assert found.hits
        assert all(hit.probability is not None for hit in found)
        assert found.needed_probability is None
        assert found.hits == searcher.search(FOREIGN + " The code?", accept_false=1).hits

    def test_order_and_scores_are_those_of_a_search_that_holds_nothing_back(
        self, known: KnowledgeBase
    ) -> None:
        """Holding back takes away; it does not rank."""
        searcher = known.searcher(EXTERNAL)
        shown = searcher.search(ANSWERED, accept_false=RATE)

        assert shown.hits == searcher.search(ANSWERED).hits[: len(shown)]

    def test_a_desk_can_hold_back_by_default(self, tmp_path: Path) -> None:
        """By [ranking] accept_false; 1 in a call shows all."""
        settings = Settings.model_validate({"ranking": {"accept_false": RATE}})
        with KnowledgeBase.create(
            tmp_path / "d.kb", embedder=HashingEmbedder(), settings=settings
        ) as desk:
            desk.upsert(articles())
            desk.rebuild()
            searcher = desk.searcher(EXTERNAL)

            assert searcher.search(FOREIGN + " The code?").hits == ()
            assert searcher.search(FOREIGN + " The code?", accept_false=1).hits

    def test_a_rate_that_is_none_is_refused(self, known: KnowledgeBase) -> None:
        """Before anything is searched."""
        searcher = known.searcher(EXTERNAL)

        with pytest.raises(ConfigError, match="accept_false = 10 is no rate"):
            searcher.search(ANSWERED, accept_false=10)
        with pytest.raises(ConfigError, match="accept_false = -1 is no rate"):
            searcher.similar(ticket("draft", ANSWERED), accept_false=-1)

    def test_what_is_newer_than_the_snapshot_is_judged_too(self, known: KnowledgeBase) -> None:
        """By the calibration that stands; a rebuild makes the next one."""
        known.upsert([article("new", "The franking machine eats stamps: open the flap.", EXTERNAL)])
        found = known.searcher(EXTERNAL).search(
            "The franking machine eats stamps", accept_false=RATE
        )

        assert ids(found)[0] == "kb:new"
        assert found[0].probability is not None


class TestSimilarTickets:
    """The same for a ticket's problem."""

    def test_an_unlike_problem_has_no_similar_ticket(self, desk: KnowledgeBase) -> None:
        """And the note does not speak of resolved ones that are not shown."""
        desk.upsert(
            [
                resolved_ticket(str(row), f"My {machine} {fault}", "Switched it off and on")
                for row, (machine, fault) in enumerate((m, f) for f in FAULTS for m in MACHINES)
            ]
        )
        desk.rebuild()
        searcher = desk.searcher(INTERNAL)

        like = searcher.similar(ticket("a", "Our badge reader shows a blinking orange lamp"))
        unlike = searcher.similar(ticket("b", FOREIGN + " My code?"), accept_false=RATE)

        assert like[0].title.startswith("My badge reader shows")
        assert unlike.hits == ()
        assert (unlike.note or "").startswith("Nothing similar: best 0.")


class TestEveryShelf:
    """Each is calibrated on its own, and a hit's probability is that of its shelf."""

    def test_staff_see_customers_probabilities_for_customers_documents(
        self, known: KnowledgeBase
    ) -> None:
        """The internal shelf changes nothing of them."""
        alone = known.searcher(EXTERNAL).search(ANSWERED)
        known.upsert(articles(INTERNAL, n=34))
        known.rebuild()
        both = known.searcher(INTERNAL).search(ANSWERED, k=40)

        public = {hit.id: hit.probability for hit in both if hit.shelf == "external"}
        assert alone.hits
        assert {hit.id: hit.probability for hit in alone} == {
            hit.id: public[hit.id] for hit in alone
        }

    def test_a_shelf_that_is_not_calibrated_says_so_and_holds_nothing_back(
        self, known: KnowledgeBase
    ) -> None:
        """Six words of staff are no ground to judge by."""
        known.upsert([article("note", "The code of the badge reader is in the safe.", INTERNAL)])
        found = known.searcher(INTERNAL).search(FOREIGN + " The code?", accept_false=RATE)

        assert ids(found) == ["kb:note"]
        assert found[0].probability is None
        assert "Not calibrated, so nothing is held back: shelf internal" in (found.note or "")
        assert known.searcher(EXTERNAL).search(FOREIGN + " The code?", accept_false=RATE).hits == ()


class TestTheSnapshot:
    """A calibration is made with each snapshot, from that shelf's content alone."""

    @pytest.mark.parametrize("n", [FEWEST_DOCUMENTS - 1, FEWEST_DOCUMENTS])
    def test_needs_thirty_documents(self, desk: KnowledgeBase, n: int) -> None:
        """One fewer, and nothing is held back."""
        desk.upsert(articles(n=n))
        desk.rebuild()

        is_calibrated = (snapshot_directory(desk) / CALIBRATION_FILE).exists()
        assert is_calibrated == (n == FEWEST_DOCUMENTS)
        found = desk.searcher(EXTERNAL).search(ANSWERED)
        assert all((hit.probability is not None) == is_calibrated for hit in found)

    def test_has_the_same_bytes_for_the_same_documents(self, tmp_path: Path) -> None:
        """No chance and no clock is in it."""
        files = []
        for name in ("a", "b"):
            with KnowledgeBase.create(tmp_path / name, embedder=HashingEmbedder()) as desk:
                desk.upsert(articles())
                desk.rebuild()
                directory = snapshot_directory(desk)
                files.append(
                    [(directory / f).read_bytes() for f in (CALIBRATION_FILE, FOREIGN_FILE)]
                )

        assert files[0] == files[1]

    def test_of_an_older_version_serves_without_and_a_rebuild_calibrates_it(
        self, desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No snapshot has to be made anew before it can be searched."""
        with monkeypatch.context() as older:
            older.setattr(
                "kbsearch.indexing.shelf_writer.calibrated", lambda content, *rest: content
            )
            desk.upsert(articles())
            desk.rebuild()
        before = desk.searcher(EXTERNAL).search(ANSWERED, accept_false=RATE)
        desk.rebuild()
        desk.searcher(EXTERNAL).search(ANSWERED)

        assert before.hits
        assert "`kbsearch rebuild` calibrates it" in (before.note or "")
        assert (snapshot_directory(desk) / CALIBRATION_FILE).exists()

    @pytest.mark.parametrize("file", [CALIBRATION_FILE, FOREIGN_FILE])
    def test_a_damaged_one_is_not_served(self, known: KnowledgeBase, file: str) -> None:
        """A threshold of 0 by a flipped bit would show customers noise."""
        layout = new_layout(known.path / "external")
        current = read_current(layout)
        path = snapshot_directory(known) / file
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

        assert current is not None
        with pytest.raises(DamagedSnapshotError, match=f"{file}.*sha256"):
            load_snapshot(layout, current, "external")

    def test_is_calibrated_after_forgetting_without_any_model(
        self, known: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The questions' vectors stand in the snapshot; the forgotten text counts no more."""
        before = sha256_of_file(snapshot_directory(known) / CALIBRATION_FILE)
        monkeypatch.setattr(HashingEmbedder, "embed_queries", None)
        monkeypatch.setattr(HashingEmbedder, "embed_passages", None)
        known.forget(["kb:external-3"])

        after = sha256_of_file(snapshot_directory(known) / CALIBRATION_FILE)
        assert after != before


class TestLabels:
    """What people judged makes the threshold better."""

    def test_questions_without_an_answer_raise_what_is_needed(self, known: KnowledgeBase) -> None:
        """If what looks like an answer is none, as people found; kept for the next rebuild."""
        near = [(f"The {m} {f}: call the caretaker.", False) for m in MACHINES for f in FAULTS]
        before = known.searcher(EXTERNAL).search(ANSWERED, accept_false=RATE)

        assert known.calibrate(near, shelf=EXTERNAL) == 35
        known.upsert([article("one-more", "Another page on plants in the hall.", EXTERNAL)])
        known.rebuild()

        with KnowledgeBase.open(known.path, embedder=HashingEmbedder()) as opened_anew:
            after = opened_anew.searcher(EXTERNAL).search(ANSWERED, accept_false=RATE)
        assert before.is_answered
        assert not after.is_answered

    def test_no_question_is_kept(self, known: KnowledgeBase) -> None:
        """Numbers alone: a question is personal data that nobody would look for there."""
        known.calibrate([("Wherefore is the xylophone tuned", False)], shelf="external")

        for path in known.path.rglob("*"):
            assert not path.is_file() or b"ylophone" not in path.read_bytes()

    @pytest.mark.parametrize("labels", [3, "why", [("why", 1)], ["why"], [], [("...", True)]])
    def test_what_is_no_label_is_refused(
        self, known: KnowledgeBase, labels: Sequence[tuple[str, bool]]
    ) -> None:
        """Nothing is learned from half of them."""
        with pytest.raises(ConfigError, match=r"calibrate\(\) (takes|needs)"):
            known.calibrate(labels, shelf=EXTERNAL)

    def test_a_shelf_must_be_named_and_have_documents_enough(self, known: KnowledgeBase) -> None:
        """Staff's own is empty here."""
        with pytest.raises(ConfigError, match="Shelf internal has 0 documents"):
            known.calibrate([("why", False)], shelf=INTERNAL)
        with pytest.raises(AudienceError, match="everyone"):
            known.calibrate([("why", False)], shelf="everyone")


class TestTheCommandLine:
    """--accept-false, for search and similar."""

    @pytest.fixture
    def arguments(self, tmp_path: Path) -> tuple[str, ...]:
        """Of a calibrated desk."""
        desk = make_desk(tmp_path / "cli.kb", *articles(INTERNAL))
        assert run("rebuild", "--desk", desk).exit_code == 0
        return ("--desk", str(desk), "--audience", "internal")

    def test_says_that_nothing_is_similar_and_is_no_failure(
        self, arguments: tuple[str, ...]
    ) -> None:
        """As any search without a hit."""
        said = run("search", FOREIGN + " The code?", *arguments, "--accept-false", "0.1")

        assert said.exit_code == 0
        assert "Nothing similar: best 0." in said.stdout

    def test_shows_and_exports_probabilities(self, arguments: tuple[str, ...]) -> None:
        """In the line that says why, and under `probability`."""
        said = run("search", ANSWERED, *arguments)
        told = run_json("search", ANSWERED, *arguments)

        assert "useful with probability 0." in said.stdout
        assert 0 < told["hits"][0]["probability"] < 1
        assert told["best_probability"] == told["hits"][0]["probability"]
