"""Sizes of passages: what another one gains, who may write it, and that nothing of it is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from kbsearch import Article, Audience, KnowledgeBase, RankingSettings
from kbsearch.config import (
    EmbedderKind,
    EmbedderSettings,
    PassageSettings,
    Settings,
    load_settings,
)
from kbsearch.desk import tuning as desk_tuning
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError
from kbsearch.evaluation import Case, Label, LabelSet, LabelSource, Question
from kbsearch.tuning import LEAST_GAIN, SizeChoice, choose_size
from tests.cli_runner import run
from tests.library import EXTERNAL, INTERNAL
from tests.made_cases import made_case

DEFAULTS = RankingSettings()
SECOND = 1 / np.log2(3)


def asked(n: int, is_first: Callable[[int], bool]) -> list[Case]:
    """Questions whose answer stands first or second of two."""
    return [
        made_case(
            f"q:{number}",
            {f"a:{number}": 1},
            [f"a:{number}", f"b:{number}"],
            passages=[0.9, 0.5] if is_first(number) else [0.5, 0.9],
        )
        for number in range(n)
    ]


class TestChoosingASize:
    """Worked by hand: an answer is worth 1 in the first place and 1/log2 3 in the second."""

    def test_what_finds_more_is_chosen(self) -> None:
        """Each second answer is first, and all of them in passages of 64."""
        own, other = asked(40, lambda n: n % 2 == 0), asked(40, lambda n: True)

        found = choose_size(own, {64: other}, DEFAULTS)

        as_it_is, of_64 = found.candidates
        assert as_it_is.ndcg.mean == pytest.approx((1 + SECOND) / 2)
        assert of_64.ndcg.mean == 1
        assert of_64.gain is not None
        assert of_64.gain.mean == pytest.approx((1 - SECOND) / 2)
        assert found.max_tokens == 64
        assert found.reason.startswith("Passages of 64 tokens find more: +0.1845 nDCG@10")

    def test_what_gains_too_little_is_not_worth_all_vectors_anew(self) -> None:
        """One question of 300 gains 0.37, which is 0.0012: above 0, and below the floor."""
        own = asked(300, lambda n: n % 100 > 0)
        few, many = asked(300, lambda n: n != 100), asked(300, lambda n: n != 100)

        found = choose_size(own, {64: few, 128: many}, DEFAULTS)

        assert found.candidates[-1].gain is not None
        assert 0 <= found.candidates[-1].gain.mean < LEAST_GAIN
        assert found.max_tokens is None

    def test_chance_chooses_nothing(self) -> None:
        """Three sizes that are as good as the desk's own: the luckiest of them is not written."""
        random = np.random.default_rng(1)
        chosen = []
        for _ in range(20):
            own, *others = (asked(40, lambda n: random.random() < 0.5) for _ in range(4))
            sizes = dict(zip((32, 64, 128), others, strict=True))
            chosen.append(choose_size(own, sizes, DEFAULTS).max_tokens)

        assert chosen.count(None) >= 19

    def test_of_several_sizes_what_other_folds_chose_decides(self) -> None:
        """64 is better everywhere, so all folds choose it; 128 is shown beside it."""
        own, better = asked(40, lambda n: False), asked(40, lambda n: True)
        worse = asked(40, lambda n: n % 2 == 0)

        found = choose_size(own, {128: worse, 64: better}, DEFAULTS)

        names = [one.name for one in found.candidates]
        assert names == ["as it is", "passages of 64", "passages of 128", "the best of four folds"]
        assert found.candidates[-1].ndcg.mean == 1
        assert found.max_tokens == 64

    def test_a_question_that_finds_nothing_is_worth_nothing(self) -> None:
        """With either size: it stays in both means."""
        own, other = asked(40, lambda n: True)[:30], asked(40, lambda n: True)[10:]

        found = choose_size(own, {64: other}, DEFAULTS)

        assert [one.ndcg.mean for one in found.candidates] == [0.75, 0.75]
        assert found.candidates[1].gain is not None
        assert (found.candidates[1].gain.n_better, found.candidates[1].gain.n_worse) == (10, 10)

    def test_a_few_questions_say_nothing(self) -> None:
        """As of the ranking's settings."""
        few = asked(19, lambda n: True)

        assert choose_size(few, {64: few}, DEFAULTS).candidates == ()


PARTS = ("printer", "tunnel", "badge", "invoice", "calendar", "scanner", "telephone")
FAULTS = ("jams", "hums", "blinks", "sleeps")
FILLING = "The staff of the first floor met and wrote down what the weather was like that day"
N_ARTICLES = 30


def faults_of(number: int) -> dict[str, str]:
    """What an article says of each part; every one names all parts and nearly all faults."""
    random = np.random.default_rng(number)
    return {part: FAULTS[random.integers(len(FAULTS))] for part in PARTS}


def questions(audience: Audience) -> LabelSet:
    """A part with a fault, answered by the articles that say it of that part."""
    pairs = [(part, fault) for part in PARTS for fault in FAULTS]
    return LabelSet(
        questions=tuple(
            Question(id=f"q:{part} {fault}", text=f"{part} {fault}", audience=audience)
            for part, fault in pairs
        ),
        labels=tuple(
            Label(
                question_id=f"q:{part} {fault}",
                document_id=f"kb:{number}",
                source=LabelSource.JUDGED,
            )
            for part, fault in pairs
            for number in range(N_ARTICLES)
            if faults_of(number)[part] == fault
        ),
    )


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """Articles that say something of each part in much text, for customers."""
    settings = Settings(
        embedder=EmbedderSettings(kind=EmbedderKind.HASHING, dim=256),
        passages=PassageSettings(max_tokens=256),
    )
    with KnowledgeBase.create(tmp_path / "s.kb", settings=settings) as desk:
        desk.upsert(
            Article(
                id=f"kb:{number}",
                title=f"Notes {number}",
                audience=EXTERNAL,
                body="\n\n".join(
                    f"{part} {fault}. {FILLING}." for part, fault in faults_of(number).items()
                ),
            )
            for number in range(N_ARTICLES)
        )
        desk.rebuild()
        yield desk


def everything(desk: KnowledgeBase) -> dict[str, bytes]:
    return {
        str(p.relative_to(desk.path.parent)): p.read_bytes()
        for p in sorted(desk.path.parent.rglob("*"))
        if p.is_file() and p.name != "LOCK"
    }


def smaller_is_better(_own: object, others: object, _settings: object) -> SizeChoice:
    return SizeChoice((), 32, "Passages of 32 tokens find more.")


class TestOfADesk:
    """The size is one for all shelves, so only customers' questions may write it."""

    def test_asks_the_same_questions_of_other_passages(self, filled: KnowledgeBase) -> None:
        """And says what they find, with an interval; nothing of it is on disk, before or after."""
        before = everything(filled)

        report = filled.tune(
            EXTERNAL,
            labels=questions(EXTERNAL),
            passage_tokens=[32, 64, 256],
            n_trials=5,
            dry_run=True,
        )

        names = [one.name for one in report.sizes]
        assert names == ["as it is", "passages of 32", "passages of 64", "the best of four folds"]
        assert report.sizes[0].ndcg == report.candidates[0].ndcg
        assert report.sizes[1].ndcg != report.sizes[0].ndcg
        assert everything(filled) == before

    def test_measures_what_a_desk_of_that_size_would_say(
        self, filled: KnowledgeBase, tmp_path: Path
    ) -> None:
        """One that was made with it, with the same records and the same model."""
        report = filled.tune(
            EXTERNAL, labels=questions(EXTERNAL), passage_tokens=[32], n_trials=5, dry_run=True
        )
        settings = Settings(passages=PassageSettings(max_tokens=32))
        embedder = HashingEmbedder(256)
        with KnowledgeBase.create(tmp_path / "t.kb", settings=settings, embedder=embedder) as other:
            other.upsert([filled.searcher(EXTERNAL).get(one) for one in filled.ids(EXTERNAL)])
            other.rebuild()
            expected = other.tune(
                EXTERNAL, labels=questions(EXTERNAL), n_trials=5, dry_run=True
            ).candidates[0]

        assert report.sizes[1].ndcg == expected.ndcg
        assert report.sizes[0].ndcg != expected.ndcg

    def test_customers_questions_write_it(
        self, filled: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Alone: the ranking was fitted to other passages. The open desk goes on as it is."""
        monkeypatch.setattr(desk_tuning, "choose_size", smaller_is_better)

        report = filled.tune(EXTERNAL, labels=questions(EXTERNAL), passage_tokens=[32], n_trials=5)

        assert (report.section, report.changes) == ("passages", {"max_tokens": 32})
        assert report.is_written
        assert report.needs_rebuild
        assert load_settings(filled.path / "kbsearch.toml").passages.max_tokens == 32
        assert filled.searcher(EXTERNAL).search("printer hums").hits
        with KnowledgeBase.open(filled.path, embedder=filled.embedder) as again:
            waiting = again.tune(EXTERNAL, labels=questions(EXTERNAL), n_trials=5, dry_run=True)
            external, _ = again.rebuild()
            assert waiting.rates == ()
            assert external.n_embedded > 0
            assert again.searcher(EXTERNAL).search("printer hums").hits

    def test_staffs_questions_never_do(
        self, filled: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However much they gain: the bytes of customers' indexes would tell of it."""
        monkeypatch.setattr(desk_tuning, "choose_size", smaller_is_better)
        before = everything(filled)

        report = filled.tune(INTERNAL, labels=questions(INTERNAL), passage_tokens=[32], n_trials=5)

        assert "max_tokens" not in report.changes
        assert report.size_reason is not None
        assert "only customers' questions write it" in report.size_reason
        assert not report.is_written
        assert everything(filled) == before

    def test_imitated_questions_never_do(
        self, filled: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody has asked them."""
        monkeypatch.setattr(desk_tuning, "choose_size", smaller_is_better)
        labels = questions(EXTERNAL)
        imitated = [
            one.model_copy(update={"source": LabelSource.TITLE_TO_BODY}) for one in labels.labels
        ]

        report = filled.tune(
            EXTERNAL,
            labels=labels.model_copy(update={"labels": tuple(imitated)}),
            passage_tokens=[32],
            n_trials=5,
        )

        assert not report.changes
        assert "Nobody has said" in (report.size_reason or "")

    def test_an_interruption_leaves_nothing(self, filled: KnowledgeBase) -> None:
        """Not even while all is embedded anew: no text or vector of it is ever on disk."""
        before = everything(filled)
        n_begun = 0

        def interrupting(task: str, n_done: int, n_total: int) -> None:
            nonlocal n_begun
            n_begun += task.startswith("read") and n_done == 1
            if n_begun == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            filled.tune(
                EXTERNAL,
                labels=questions(EXTERNAL),
                passage_tokens=[32],
                n_trials=5,
                progress=interrupting,
            )

        assert everything(filled) == before

    @pytest.mark.parametrize("sizes", [[15], [0], [10**6], ["64"], 64], ids=str)
    def test_a_size_that_cannot_be_is_told(
        self, filled: KnowledgeBase, sizes: Sequence[int]
    ) -> None:
        """Before anything is embedded."""
        with pytest.raises(ConfigError, match="passage_tokens = "):
            filled.tune(EXTERNAL, passage_tokens=sizes)

    def test_the_command_shows_sizes(self, filled: KnowledgeBase) -> None:
        """Of a desk with too few questions, that there is nothing to compare."""
        told = run(
            *("tune", "-d", filled.path, "-a", "external", "--dry-run"),
            *("--passage-tokens", "32", "--passage-tokens", "64"),
        )

        assert "too few questions to compare sizes" in told.stdout + told.stderr
