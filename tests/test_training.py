"""Adapting the model of a desk: offered if it is better, resumable, within its time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, Settings
from kbsearch.config import EmbedderKind, EmbedderSettings, StaffRankingSettings
from kbsearch.embed import SentenceTransformerEmbedder
from kbsearch.embed.provenance import CARD_FILE
from kbsearch.errors import ConfigError, EmbedderNotFoundError, LockedError
from kbsearch.evaluation import LabelSet
from kbsearch.layout import DeskLayout
from kbsearch.store import writer_lock
from kbsearch.training import Budget, Method, TrainingReport, Workplace
from tests.disk import flip_a_bit
from tests.library import EXTERNAL, INTERNAL
from tests.training import SYMPTOMS, answers, recipe, tiny_bert, trainable_desk

MINUTES = 300.0


class StopError(Exception):
    """What a caller raises who has seen enough."""


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Two would wait for each other longer than they compute."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base of all desks here."""
    return tiny_bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def kb(tmp_path: Path, model: Path) -> Iterator[KnowledgeBase]:
    """A desk whose articles are for customers."""
    with trainable_desk(tmp_path / "support.kb", EXTERNAL, model) as desk:
        yield desk


class Trained:
    """A desk with a model that was offered, trained once for all tests that only look."""

    def __init__(self, root: Path, model: Path) -> None:
        self.base = model
        self.kb = trainable_desk(root / "support.kb", EXTERNAL, model)
        self.report = train(self.kb)
        assert self.report.model is not None
        self.directory = self.kb.path / self.report.model


def train(kb: KnowledgeBase, labels: LabelSet | None = None, **options: object) -> TrainingReport:
    """With the labels of the audience that has documents here."""
    options = {"recipe": recipe(), "budget_s": MINUTES, **options}
    known = labels if labels is not None else answers(EXTERNAL)[1]
    return kb.train(EXTERNAL, labels=known, **options)  # type: ignore[arg-type]


def n_cured(kb: KnowledgeBase) -> int:
    """Symptoms whose cure is found, though no word of the question is in its text."""
    searcher = kb.searcher(EXTERNAL)
    return sum(
        f"cure:{number}" in [hit.id for hit in searcher.search(f"{symptom} again", k=5)]
        for number, symptom in enumerate(SYMPTOMS)
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Trained]:
    """See `Trained`."""
    done = Trained(tmp_path_factory.mktemp("trained"), model)
    yield done
    done.kb.close()


class TestAnOfferedModel:
    """Better with 95 % confidence, and so kept."""

    def test_gains_on_questions_that_it_was_not_trained_on(self, trained: Trained) -> None:
        """Symptoms and cures stand together in other articles alone."""
        verdict = trained.report.verdict

        assert verdict is not None
        assert verdict.n_questions == 24
        assert verdict.gain.low > 0
        assert verdict.gain.mean == pytest.approx(verdict.adapted.mean - verdict.base.mean)
        assert trained.report.is_offered
        assert trained.report.is_whole

    def test_is_safetensors_and_settings_alone(self, trained: Trained) -> None:
        """Pickles run code when they are loaded; none is ever written."""
        names = {path.suffix for path in trained.directory.rglob("*") if path.is_file()}

        assert names <= {".safetensors", ".json", ".txt", ".md"}
        assert len(list(trained.directory.rglob("*.safetensors"))) == 1
        assert not list(trained.kb.path.rglob("*.pt"))

    def test_has_a_fingerprint_of_its_own(self, trained: Trained) -> None:
        """Its vectors compare with none of the base's."""
        base = SentenceTransformerEmbedder(str(trained.base))
        adapted = SentenceTransformerEmbedder(str(trained.directory))

        assert adapted.fingerprint.key != base.fingerprint.key
        assert str(adapted.fingerprint) == trained.report.fingerprint
        assert adapted.fingerprint.max_tokens == base.fingerprint.max_tokens

    def test_says_what_it_was_trained_on_and_tells_no_text(self, trained: Trained) -> None:
        """Whoever finds it years later must know whose texts are in it."""
        card = json.loads((trained.directory / CARD_FILE).read_text(encoding="utf-8"))
        readme = (trained.directory / "README.md").read_text(encoding="utf-8")

        assert card["audience"] == "external"
        assert card["n_documents"] == 120
        assert "customers may read" in readme
        assert "cure" not in readme + json.dumps(card)

    def test_is_nobodys_but_the_owners(self, trained: Trained) -> None:
        """As all files of a desk."""
        assert {p.stat().st_mode & 0o77 for p in (trained.kb.path / "models").rglob("*")} == {0}

    def test_is_used_after_the_settings_name_it_and_a_rebuild(
        self, tmp_path: Path, kb: KnowledgeBase
    ) -> None:
        """The desk goes on as it is until then, and can be moved afterwards."""
        report = train(kb)
        assert report.model is not None
        before = n_cured(kb)

        kb.use_model(report.model)
        kb.close()
        (tmp_path / "support.kb").rename(tmp_path / "moved.kb")

        with KnowledgeBase.open(tmp_path / "moved.kb") as moved:
            moved.rebuild()
            after = n_cured(moved)
            assert str(moved.embedder.fingerprint) == report.fingerprint
        assert after > before


class TestARefusedModel:
    """Not surely better, and so not kept."""

    def test_leaves_the_desk_as_it_was(self, kb: KnowledgeBase) -> None:
        """Control of the gate: the labels are shuffled, so there is nothing to gain."""
        settings = (kb.path / "kbsearch.toml").read_bytes()

        report = train(kb, answers(EXTERNAL, shuffled=True)[1])

        assert report.verdict is not None
        assert report.verdict.gain.low <= 0
        assert report.model is None
        assert not report.is_offered
        assert "not surely better" in report.reason
        assert DeskLayout(kb.path).adapted_models() == []
        assert (kb.path / "kbsearch.toml").read_bytes() == settings

    def test_is_one_that_there_was_no_time_to_measure(self, kb: KnowledgeBase) -> None:
        """Nothing is offered on trust."""
        report = train(kb, budget_s=0.001)

        assert report.verdict is None
        assert report.model is None
        assert report.n_pairs_read == 8  # one batch in any case
        assert not report.is_whole

    def test_counts_its_time_by_the_clock_that_it_is_given(self, kb: KnowledgeBase) -> None:
        """Ten minutes of the processor may be an hour on a busy machine: a look is a minute."""
        seconds = count(step=60)

        report = train(kb, budget_s=Budget(600.0, clock=lambda: float(next(seconds))))

        assert 0 < report.n_pairs_read < report.n_pairs_wanted
        assert report.seconds % 60 == 0

    def test_is_not_even_trained_without_enough_questions(self, kb: KnowledgeBase) -> None:
        """Ten minutes are not spent on what cannot be judged; imitated labels do not count."""
        with pytest.raises(ConfigError, match=r"0 questions with known answers.*fewer than 20"):
            train(kb, LabelSet())


class TestAnInterruptedTraining:
    """No step is lost."""

    def test_goes_on_where_it_was(self, kb: KnowledgeBase) -> None:
        """Whatever `progress` raises, as Ctrl-C does."""
        told: list[int] = []

        def stop_at_five(task: str, n_done: int, n_total: int) -> None:
            told.append(n_done)
            if n_done == 5:
                raise StopError

        with pytest.raises(StopError):
            train(kb, progress=stop_at_five)
        told.clear()
        report = train(kb, progress=lambda task, n, of: told.append(n))

        assert told[0] == 6
        assert report.is_resumed
        assert report.is_whole

    def test_goes_on_when_its_time_was_up(self, kb: KnowledgeBase) -> None:
        """A short budget every night comes to the whole in the end."""
        first = train(kb, budget_s=0.001)
        second = train(kb, budget_s=0.001)

        assert (first.n_pairs_read, second.n_pairs_read) == (8, 16)
        assert second.is_resumed
        assert {p.stat().st_mode & 0o77 for p in (kb.path / "models").rglob("*")} == {0}

    def test_begins_anew_if_asked_or_if_the_texts_have_changed(self, kb: KnowledgeBase) -> None:
        """What it has learnt may be of texts that are gone."""
        train(kb, budget_s=0.001)
        anew = train(kb, budget_s=0.001, resume=False)
        kb.delete(["ex:0-0"])
        changed = train(kb, budget_s=0.001)

        assert not anew.is_resumed
        assert not changed.is_resumed

    def test_begins_anew_if_its_state_is_damaged(self, kb: KnowledgeBase) -> None:
        """A state is only a shortcut."""
        train(kb, budget_s=0.001)
        state = DeskLayout(kb.path).unfinished_training / "state.safetensors"
        state.write_bytes(state.read_bytes()[:100])

        assert not train(kb, budget_s=0.001).is_resumed

    def test_begins_anew_if_one_number_of_its_state_is_another(self, kb: KnowledgeBase) -> None:
        """It reads well, and the model would have learnt from it; the control goes on."""
        train(kb, budget_s=0.001)
        control = train(kb, budget_s=0.001)
        flip_a_bit(DeskLayout(kb.path).unfinished_training / "state.safetensors")

        assert control.is_resumed
        assert not train(kb, budget_s=0.001).is_resumed

    def test_leaves_nothing_once_it_is_whole(self, trained: Trained) -> None:
        """What was learnt stands in the model alone."""
        left = {path.name for path in (trained.kb.path / "models").iterdir()}

        assert left == {trained.directory.name, ".LOCK"}


class TestLora:
    """Small matrices beside the model's own."""

    def test_gives_one_set_of_weights_that_any_reader_loads(self, kb: KnowledgeBase) -> None:
        """Merged: the model needs no peft, and is as fast as the base."""
        report = train(kb, recipe=recipe(Method.LORA, learning_rate=2e-2))

        assert report.method == "lora"
        assert report.model is not None
        names = [path.name for path in (kb.path / report.model).rglob("*")]
        assert not [name for name in names if "adapter" in name]
        assert SentenceTransformerEmbedder(str(kb.path / report.model)).fingerprint.dim == 32


class TestTraining:
    """What is asked before anything is done."""

    def test_needs_a_model_that_can_learn(self, desk: KnowledgeBase) -> None:
        """Hashed words have nothing to adapt."""
        with pytest.raises(ConfigError, match=r"hashing.*cannot be trained"):
            desk.train(INTERNAL)

    @pytest.mark.parametrize("budget", [0, -1, float("nan"), "600", True, Budget(-1)])
    def test_needs_time(self, desk: KnowledgeBase, budget: object) -> None:
        """Nothing is assumed."""
        with pytest.raises(ConfigError, match="budget_s"):
            desk.train(INTERNAL, budget_s=budget)  # type: ignore[arg-type]

    def test_knows_two_methods(self, desk: KnowledgeBase) -> None:
        """And names them."""
        with pytest.raises(ConfigError, match="'full', 'lora'"):
            desk.train(INTERNAL, method="half")

    def test_runs_once_at_a_time(self, kb: KnowledgeBase) -> None:
        """Two would write one state."""
        train(kb, budget_s=0.001)

        with (
            writer_lock(DeskLayout(kb.path).training_lock, "other", doing="trained"),
            pytest.raises(LockedError),
        ):
            train(kb)

    def test_leaves_the_callers_random_numbers_alone(self, kb: KnowledgeBase) -> None:
        """The trainer seeds what the whole process draws from."""
        import random

        random.seed(3)
        expected = random.random()
        random.seed(3)

        train(kb, budget_s=0.001)

        assert random.random() == expected

    def test_prints_nothing(self, kb: KnowledgeBase, capfd: pytest.CaptureFixture[str]) -> None:
        """Bars of three libraries stay off the caller's terminal."""
        train(kb, budget_s=0.001)

        assert capfd.readouterr() == ("", "")

    def test_is_written_into_the_settings_line_by_line(self, kb: KnowledgeBase) -> None:
        """Comments and other settings stay; what cannot be understood is not written."""
        toml = kb.path / "kbsearch.toml"
        before = toml.read_text(encoding="utf-8")

        with pytest.raises(EmbedderNotFoundError):
            kb.use_model("models/none")
        kb.use_model(str(Path(kb.settings.embedder.model)))

        assert toml.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("model", ["models/none", 5])
def test_a_desk_whose_embedder_reads_no_model_is_given_none(tmp_path: Path, model: object) -> None:
    """It would be written, and mean nothing."""
    hashing = Settings(embedder=EmbedderSettings(kind=EmbedderKind.HASHING))
    with (
        KnowledgeBase.create(tmp_path / "a.kb", settings=hashing) as kb,
        pytest.raises(ConfigError, match="kind 'hashing'"),
    ):
        kb.use_model(model)  # type: ignore[arg-type]


def test_staffs_model_is_measured_with_staffs_ranking(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they search: what is fitted for them counts."""
    ranking = StaffRankingSettings(passage_weight=0.9)
    settings = Settings(embedder=EmbedderSettings(model=str(model)), staff_ranking=ranking)
    used: list[float] = []

    def no_training(place: Workplace, *given: object, **named: object) -> None:
        used.append(place.asked.ranking.passage_weight)

    monkeypatch.setattr("kbsearch.desk.training.run_training", no_training)
    with KnowledgeBase.create(tmp_path / "a.kb", settings=settings) as kb:
        kb.train(Audience.INTERNAL)
        kb.train(Audience.EXTERNAL)

    assert used == [0.9, 0.6]


def test_the_audience_is_never_assumed(desk: KnowledgeBase) -> None:
    """Whose texts are read decides whom the model may serve."""
    with pytest.raises(ConfigError, match="Audience None"):
        desk.train(None)  # type: ignore[arg-type]
    assert Audience.parse("external") is EXTERNAL
