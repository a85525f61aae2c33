"""Problems that came again: what a shelf learns from its own links about having no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kbsearch import KnowledgeBase, Ticket
from kbsearch.arrays import Float32, Int64, unit_rows
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DamagedRecordError
from kbsearch.evaluation import mine_labels, repeats
from kbsearch.indexing import Repeated
from kbsearch.indexing.calibrating import AskedShelf, Repeats, calibrate
from kbsearch.layout import CALIBRATION_FILE
from kbsearch.models import Audience, Document
from kbsearch.rank import Calibration
from kbsearch.store import RecordReader
from tests.builders import article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def on_day(n: float) -> datetime:
    return MONDAY + timedelta(days=n)


def pairs(*documents: Document) -> list[tuple[str, str]]:
    found = repeats(mine_labels(documents, INTERNAL))
    return [(one.first.removeprefix("desk:"), one.again.removeprefix("desk:")) for one in found]


class TestPairs:
    """The first ticket of a problem, and the next one."""

    @pytest.mark.parametrize("linked", ["1", "2"])
    def test_are_in_the_order_of_time_whoever_names_the_other(self, linked: str) -> None:
        """Which of two was called the duplicate says nothing of which was asked first."""
        links = {"1": (), "2": (), linked: ("desk:1" if linked == "2" else "desk:2",)}

        found = pairs(
            ticket("2", "mute", created_at=on_day(2), duplicate_ids=links["2"]),
            ticket("1", "no dial tone", created_at=on_day(1), duplicate_ids=links["1"]),
        )

        assert found == [("1", "2")]

    def test_are_one_for_each_problem_however_often_it_came(self) -> None:
        """Ninety tickets of one outage say no more than two of another."""
        outage = [
            ticket(f"o{n}", "no net", created_at=on_day(n), duplicate_ids=("desk:o0",))
            for n in range(1, 90)
        ]
        other = [
            ticket("b", "mute", created_at=on_day(200), duplicate_ids=("desk:a",)),
            ticket("a", "mute", created_at=on_day(100)),
        ]

        found = pairs(ticket("o0", "no net", created_at=on_day(0)), *outage, *other)

        assert found == [("a", "b"), ("o0", "o1")]

    @pytest.mark.parametrize(
        "of_the_first",
        [
            {"created_at": None},
            {"created_at": on_day(2)},
            {"article_ids": ("kb:how",)},
            {"problem_ids": ("desk:p",)},
        ],
    )
    def test_need_a_first_one_that_nothing_answered(self, of_the_first: dict[str, Any]) -> None:
        """Not one without a date, of the same moment, or with another answer."""
        fields = {"created_at": on_day(1), **of_the_first}

        found = pairs(
            ticket("1", "no dial tone", **fields),
            ticket("2", "mute", created_at=on_day(2), duplicate_ids=("desk:1",)),
            article("how", "Plug it in.", INTERNAL),
            ticket("p", "line dead", created_at=on_day(0)),
        )

        assert found == []

    def test_are_not_made_of_merges(self) -> None:
        """One person who wrote twice is no problem that came again."""
        found = pairs(
            ticket("1", "no dial tone", created_at=on_day(1)),
            ticket("2", "mute", created_at=on_day(2), merged_ids=("desk:1",)),
        )

        assert found == []


N_OLD = 30


def shelf_of(vectors: Float32) -> Any:
    """A content of one passage for each document, as far as calibration looks at it."""
    n = len(vectors)
    return SimpleNamespace(
        vectors=vectors,
        is_title=np.zeros(n, dtype=np.bool_),
        passage_documents=np.arange(n, dtype=np.int64),
        document_keys=np.arange(n, dtype=np.int64),
    )


def rows(values: Sequence[int]) -> Int64:
    return np.array(values, dtype=np.int64)


class TestWhatWasFoundThen:
    """Both are asked of what stood when the next one came, the first without itself."""

    def test_the_first_found_nothing_and_the_next_one_the_first(self) -> None:
        """By hand: of ten unlike ones 0; (1 + 0.1) / 2 less 0.6 times a crowd of 0.1 / 10."""
        vectors = np.eye(N_OLD + 2, dtype=np.float32)
        vectors[-1] = vectors[-2]
        created = rows([0] * N_OLD + [1, 2])

        first, again = AskedShelf(shelf_of(vectors)).answers_then(
            Repeats(rows([N_OLD]), rows([N_OLD + 1]), created)
        )

        assert first == pytest.approx([0.0], abs=1e-6)
        assert again == pytest.approx([0.544], abs=1e-4)

    def test_what_came_when_the_shelf_was_small_is_left_out(self) -> None:
        """Beside the first of the two stood 29 documents, and 30 when the next problem came."""
        vectors = np.eye(N_OLD + 2, dtype=np.float32)
        created = rows([0] * (N_OLD - 1) + [1, 2, 3])

        first, again = AskedShelf(shelf_of(vectors)).answers_then(
            Repeats(rows([N_OLD - 1, N_OLD]), rows([N_OLD, N_OLD + 1]), created)
        )

        assert (len(first), len(again)) == (1, 1)


DIM = 64


def world(n_problems: int, *, likeness: float) -> tuple[Any, Float32, Repeats]:
    """Old documents and problems in a cloud; the next ticket of each is like its first."""
    random = np.random.default_rng(4)

    def cloud(n: int) -> Float32:
        return unit_rows((random.normal(size=(n, DIM)) + 0.5).astype(np.float32))

    old, first, other, foreign = cloud(200), cloud(n_problems), cloud(n_problems), cloud(100)
    again = likeness * first + (1 - likeness) * other
    again /= np.linalg.norm(again, axis=1, keepdims=True)
    created = rows(
        [0] * 200 + [*range(1, n_problems + 1)] + [10_000 + n for n in range(n_problems)]
    )
    known = Repeats(
        rows(range(200, 200 + n_problems)),
        rows(range(200 + n_problems, 200 + 2 * n_problems)),
        created,
    )
    foreign -= foreign.mean(axis=0)  # of another subject
    return shelf_of(np.concatenate([old, first, again]).astype(np.float32)), foreign, known


class TestTheCalibration:
    """Problems are one way more of knowing, beside those of the text."""

    def test_asks_for_more_where_new_problems_look_like_known_ones(self) -> None:
        """Questions about everything and passages from afar are easier to tell."""
        content, foreign, known = world(60, likeness=0.8)
        without, learned = calibrate(content, foreign), calibrate(content, foreign, repeats=known)
        assert without is not None
        assert learned is not None
        first, _ = AskedShelf(content).answers_then(known)

        def deceived(calibration: Calibration) -> float:
            needed = calibration.needed(0.1)
            return float(np.mean(calibration.probabilities(first) >= needed))

        assert deceived(without) > 0.5
        assert deceived(learned) < 0.35

    def test_needs_thirty_problems(self) -> None:
        """Of fewer, not three of the first tickets would pass where a tenth may."""
        content, foreign, known = world(60, likeness=0.8)
        few = Repeats(known.first[:29], known.again[:29], known.created_us)
        enough = Repeats(known.first[:30], known.again[:30], known.created_us)

        assert calibrate(content, foreign, repeats=few) == calibrate(content, foreign)
        assert calibrate(content, foreign, repeats=enough) != calibrate(content, foreign)

    def test_learns_nothing_from_links_that_tell_nothing(self) -> None:
        """Tickets that were linked at random: the next ones found no better than the first."""
        content, foreign, known = world(60, likeness=0.0)

        assert calibrate(content, foreign, repeats=known) == calibrate(content, foreign)

    def test_is_not_spoiled_by_many_links(self) -> None:
        """They count as much as one way of imitating: of all that is asked for, a third."""
        content, foreign, known = world(60, likeness=0.8)
        learned = calibrate(content, foreign, repeats=known)
        many = Repeats(np.tile(known.first, 8), np.tile(known.again, 8), known.created_us)

        told = calibrate(content, foreign, repeats=many)

        assert learned is not None
        assert told is not None
        assert told.needed(0.1) == pytest.approx(learned.needed(0.1), abs=0.02)

    def test_is_hardly_moved_by_a_few_wrong_links(self) -> None:
        """Six of sixty were in truth answered, by what nobody linked."""
        content, foreign, known = world(60, likeness=0.8)
        right = calibrate(content, foreign, repeats=known)
        first = known.first.copy()
        first[:6], wrong = known.again[:6], known.again.copy()
        wrong[:6] = known.first[:6]

        told = calibrate(content, foreign, repeats=Repeats(first, wrong, known.created_us))

        assert right is not None
        assert told is not None
        answered = AskedShelf(content).answers_then(known)[1]
        shares = [float(np.mean(c.probabilities(answered) >= c.needed(0.1))) for c in (right, told)]
        assert shares[1] == pytest.approx(shares[0], abs=0.15)


MACHINES = ("printer", "reader", "scanner", "screen", "telephone", "router")
FAULTS = ("hums", "flickers", "sleeps", "overheats", "reboots", "stalls")


def tickets(*, linked: bool) -> list[Ticket]:
    """Thirty-six problems, each twice, and published to customers."""
    found = []
    for n in range(36):
        text = f"The {MACHINES[n % 6]} {FAULTS[n // 6]} since revision r{n}x{n * 7} was rolled out"
        for turn in range(2):
            came = on_day(n + 100 * turn)
            found.append(
                ticket(
                    f"{n}-{turn}",
                    text,
                    messages=(customer_says(f"{text}, case {turn}", created_at=came),),
                    published=True,
                    created_at=came,
                    duplicate_ids=(f"desk:{n}-0",) if linked and turn else (),
                )
            )
    return found


def calibrations(path: Path, *, linked: bool) -> dict[Audience, bytes]:
    """Of both shelves of a desk, after a rebuild."""
    old = [
        article(f"old{n}", f"Chapter {n}: how to order {word} and pay for it", INTERNAL)
        for n, word in enumerate(["pens", "chairs", "lamps", "cups", "boxes"] * 6)
    ]
    with KnowledgeBase.create(path, embedder=HashingEmbedder()) as desk:
        desk.upsert([*old, *tickets(linked=linked)])
        desk.rebuild()
    found = {}
    for audience in Audience:
        (directory,) = sorted((path / audience.value).glob("snapshot-*"))[-1:]
        found[audience] = (directory / CALIBRATION_FILE).read_bytes()
    return found


@pytest.fixture(scope="module")
def with_links(tmp_path_factory: pytest.TempPathFactory) -> dict[Audience, bytes]:
    return calibrations(tmp_path_factory.mktemp("linked") / "a.kb", linked=True)


@pytest.fixture(scope="module")
def without_links(tmp_path_factory: pytest.TempPathFactory) -> dict[Audience, bytes]:
    return calibrations(tmp_path_factory.mktemp("unlinked") / "a.kb", linked=False)


class TestADesk:
    """What a rebuild makes of the links that stand in its records."""

    def test_learns_from_its_own_links(
        self, with_links: dict[Audience, bytes], without_links: dict[Audience, bytes]
    ) -> None:
        """Nobody has called `calibrate`."""
        assert with_links[INTERNAL] != without_links[INTERNAL]

    def test_tells_customers_nothing_of_staffs_links(
        self, with_links: dict[Audience, bytes], without_links: dict[Audience, bytes]
    ) -> None:
        """Their shelf holds the same tickets, and none of the links."""
        assert with_links[EXTERNAL] == without_links[EXTERNAL]

    def test_would_tell_customers_of_them_if_they_were_read_for_their_shelf(
        self,
        with_links: dict[Audience, bytes],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The control: staff's pairs name tickets that stand there, too."""
        staffs = [Repeated(f"desk:{n}-0", f"desk:{n}-1") for n in range(36)]
        monkeypatch.setattr("kbsearch.desk.opening.repeats_on", lambda records: staffs)

        leaking = calibrations(tmp_path / "a.kb", linked=True)

        assert leaking[EXTERNAL] != with_links[EXTERNAL]

    def test_with_a_damaged_record_learns_from_its_text_alone(
        self,
        without_links: dict[Audience, bytes],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A row that cannot be read must not stand in the way of a snapshot."""

        def damaged(records: RecordReader) -> list[Repeated]:
            raise DamagedRecordError(records.shelf, "documents", 7)

        monkeypatch.setattr("kbsearch.desk.opening.repeats_on", damaged)

        assert calibrations(tmp_path / "a.kb", linked=True) == without_links

    def test_has_the_same_bytes_for_the_same_documents(
        self, with_links: dict[Audience, bytes], tmp_path: Path
    ) -> None:
        """A second desk learns what the first one did."""
        assert calibrations(tmp_path / "a.kb", linked=True) == with_links
