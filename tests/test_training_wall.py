"""A model tells of the texts that made it: who may be served with one, and who may not."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.config import EmbedderSettings, Settings
from kbsearch.embed import CARD_FILE, ModelAudienceError, SentenceTransformerEmbedder, TrainingCard
from kbsearch.embed.model_files import hash_model
from kbsearch.errors import EmbedderNotFoundError
from kbsearch.layout import DeskLayout
from tests.builders import article
from tests.disk import flip_a_bit
from tests.library import EXTERNAL, INTERNAL
from tests.training import answers, recipe, tiny_bert, trainable_desk


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As it was published: no desk has adapted it."""
    return tiny_bert(tmp_path_factory.mktemp("models") / "tiny")


def trained_on(audience: Audience, model: Path, directory: Path) -> Path:
    """The same model, saying that a desk adapted it to these texts."""
    shutil.copytree(model, directory)
    card = TrainingCard(
        audience=audience,
        base="tiny",
        method="full",
        trained_at=datetime(2026, 1, 1, tzinfo=UTC),
        n_documents=1,
        n_pairs=1,
        seed=1,
    )
    (directory / CARD_FILE).write_text(card.model_dump_json(), encoding="utf-8")
    return directory


def desk_with(path: Path, model: Path) -> KnowledgeBase:
    """An empty desk with a model."""
    return KnowledgeBase.create(
        path, settings=Settings(embedder=EmbedderSettings(model=str(model)))
    )


@pytest.fixture
def of_staff(tmp_path: Path, model: Path) -> Iterator[KnowledgeBase]:
    """A desk for staff alone, with a model that knows their texts."""
    own = trained_on(INTERNAL, model, tmp_path / "staffs")
    with desk_with(tmp_path / "staff.kb", own) as kb:
        kb.upsert([article("1", "cure1 now please with symptom1", INTERNAL)])
        kb.rebuild()
        yield kb


def key_of_training(kb: KnowledgeBase, audience: Audience) -> str:
    """A hash over all that a training for an audience reads: every text, and every negative."""
    kb.train(
        audience,
        labels=answers(audience)[1],
        budget_s=0.001,
        recipe=recipe(n_negatives=1),
        resume=False,
    )
    from safetensors import safe_open

    with safe_open(DeskLayout(kb.path).unfinished_training / "state.safetensors", "pt") as state:
        return str(state.metadata()["key"])


class TestAModelOfStaffsTexts:
    """Serves staff, and nobody else."""

    def test_finds_for_staff(self, of_staff: KnowledgeBase) -> None:
        """Control: it is a model like any other for those who may read what made it."""
        assert [hit.id for hit in of_staff.searcher(INTERNAL).search("cure1")] == ["kb:1"]

    def test_serves_no_customer(self, of_staff: KnowledgeBase) -> None:
        """The order of hits could tell what staff write about."""
        with pytest.raises(ModelAudienceError, match="serves no customers"):
            of_staff.searcher(EXTERNAL)

    def test_embeds_nothing_that_customers_read(self, of_staff: KnowledgeBase) -> None:
        """Vectors on their shelf would be made of staff's texts, and go along in copies."""
        with pytest.raises(ModelAudienceError):
            of_staff.upsert([article("2", "cure2 now please", EXTERNAL)])

        assert list(of_staff.ids(EXTERNAL)) == []

    def test_is_given_to_no_other_host(self, of_staff: KnowledgeBase, tmp_path: Path) -> None:
        """Nor an empty bundle that names it."""
        with pytest.raises(ModelAudienceError):
            of_staff.export_shelf(EXTERNAL, tmp_path / "public.kb")

        assert not (tmp_path / "public.kb").exists()

    def test_cannot_be_washed_by_training_it_on_customers_texts(
        self, of_staff: KnowledgeBase
    ) -> None:
        """What it knows, it still knows."""
        with pytest.raises(ModelAudienceError):
            of_staff.train(EXTERNAL, labels=answers(EXTERNAL)[1])

    def test_is_not_put_into_the_settings_of_a_desk_for_customers(
        self, tmp_path: Path, model: Path
    ) -> None:
        """Refused before anything is changed; by hand, the rebuild refuses it."""
        own = trained_on(INTERNAL, model, tmp_path / "staffs")
        with desk_with(tmp_path / "support.kb", model) as kb:
            kb.upsert([article("2", "cure2 now please", EXTERNAL)])
            kb.rebuild()
            before = (kb.path / "kbsearch.toml").read_text(encoding="utf-8")
            with pytest.raises(ModelAudienceError):
                kb.use_model(str(own))
            assert (kb.path / "kbsearch.toml").read_text(encoding="utf-8") == before
            (kb.path / "kbsearch.toml").write_text(before.replace(str(model), str(own)))
        with KnowledgeBase.open(tmp_path / "support.kb") as kb, pytest.raises(ModelAudienceError):
            kb.rebuild()

    @pytest.mark.parametrize("lost", [CARD_FILE, "model.safetensors"])
    def test_is_not_used_once_a_file_of_it_was_changed(
        self, tmp_path: Path, model: Path, lost: str
    ) -> None:
        """Without its card it says nothing of whose texts made it; as named, it is used."""
        kb = desk_with(tmp_path / "staff.kb", model)
        made = trained_on(INTERNAL, model, tmp_path / "made")
        own = kb.path / "models" / f"tiny-{hash_model(made)[:8]}"
        own.parent.mkdir()
        made.rename(own)
        kb.use_model(f"models/{own.name}")

        if lost == CARD_FILE:
            (own / lost).unlink()
        else:
            flip_a_bit(next(own.rglob("*.safetensors")))

        with pytest.raises(EmbedderNotFoundError, match="not those that it was named after"):
            kb.use_model(f"models/{own.name}")
        with (
            KnowledgeBase.open(kb.path) as again,
            pytest.raises(EmbedderNotFoundError, match="not those that it was named after"),
        ):
            again.upsert([article("2", "cure2 now please", EXTERNAL)])

    def test_lets_customers_texts_be_withdrawn(self, tmp_path: Path, model: Path) -> None:
        """A refusal must never keep on their shelf what has to leave it."""
        own = trained_on(INTERNAL, model, tmp_path / "staffs")
        with desk_with(tmp_path / "support.kb", model) as kb:
            kb.upsert([article("2", "cure2 now please", EXTERNAL)])
            settings = (kb.path / "kbsearch.toml").read_text(encoding="utf-8")
            (kb.path / "kbsearch.toml").write_text(settings.replace(str(model), str(own)))

        with KnowledgeBase.open(tmp_path / "support.kb") as kb:
            kb.withdraw(["kb:2"])

            assert list(kb.ids(EXTERNAL)) == []

    def test_says_so_across_processes(self) -> None:
        """Errors survive pickling with what they know."""
        error = pickle.loads(pickle.dumps(ModelAudienceError("tiny@1")))

        assert error.model == "tiny@1"
        assert "--audience external" in str(error)


class TestAModelOfCustomersTexts:
    """May serve everybody."""

    def test_serves_customers_and_staff(self, tmp_path: Path, model: Path) -> None:
        """Staff may read all that customers may."""
        own = trained_on(EXTERNAL, model, tmp_path / "everybodys")
        with desk_with(tmp_path / "support.kb", own) as kb:
            kb.upsert([article("2", "cure2 now please", EXTERNAL)])

            for audience in Audience:
                assert [hit.id for hit in kb.searcher(audience).search("cure2")] == ["kb:2"]

    def test_is_the_same_whatever_staff_write(self, tmp_path: Path, model: Path) -> None:
        """Pairs, negatives and their order are a function of customers' shelf alone."""
        keys = []
        for number, secret in enumerate(("cure1 cure2 now", "symptom9 some more symptom8")):
            path = tmp_path / f"{number}.kb"
            with trainable_desk(path, EXTERNAL, model) as kb:
                kb.upsert([article(f"s{n}", f"{secret} {n}", INTERNAL) for n in range(20)])
                keys.append(key_of_training(kb, EXTERNAL))

        assert keys[0] == keys[1]

    def test_differs_where_customers_texts_do(self, tmp_path: Path, model: Path) -> None:
        """Control of the test above."""
        with trainable_desk(tmp_path / "support.kb", EXTERNAL, model) as kb:
            before = key_of_training(kb, EXTERNAL)
            kb.upsert([article("new", "cure3 now please again symptom4", EXTERNAL)])

            assert key_of_training(kb, EXTERNAL) != before


def test_what_is_restricted_to_a_group_trains_nobodys_model(tmp_path: Path, model: Path) -> None:
    """A model for all staff would tell all staff of what only some may read."""
    with trainable_desk(tmp_path / "support.kb", INTERNAL, model) as kb:
        before = key_of_training(kb, INTERNAL)
        kb.upsert(
            [
                Article(
                    id="hr:1",
                    title="cure1 with symptom9",
                    body="symptom9 please now again some more",
                    audience="internal",
                    groups=("hr",),
                )
            ]
        )

        assert key_of_training(kb, INTERNAL) == before


@pytest.mark.parametrize("card", ["{}", "no json", '{"format": 2, "audience": "external"}'])
def test_a_model_whose_card_cannot_be_read_is_not_loaded(
    tmp_path: Path, model: Path, card: str
) -> None:
    """Nobody knows then whose texts are in it."""
    own = trained_on(EXTERNAL, model, tmp_path / "own")
    (own / CARD_FILE).write_text(card, encoding="utf-8")

    with pytest.raises(EmbedderNotFoundError, match="whose texts made it"):
        SentenceTransformerEmbedder(str(own))


def test_a_card_that_was_changed_makes_another_model(tmp_path: Path, model: Path) -> None:
    """Its hash is over the card too: whoever edits it has to rebuild, and is asked why."""
    own = trained_on(INTERNAL, model, tmp_path / "own")
    before = SentenceTransformerEmbedder(str(own)).fingerprint.key
    card = json.loads((own / CARD_FILE).read_text(encoding="utf-8"))

    (own / CARD_FILE).write_text(json.dumps({**card, "audience": "external"}), encoding="utf-8")

    assert SentenceTransformerEmbedder(str(own)).fingerprint.key != before


class TestForgetting:
    """What weights have learnt nobody can find in them."""

    def test_names_the_models_that_were_trained_before(self, tmp_path: Path, model: Path) -> None:
        """So that somebody removes them and trains anew."""
        with desk_with(tmp_path / "support.kb", model) as kb:
            kb.upsert([article("2", "cure2 now please", EXTERNAL)])
            layout = DeskLayout(kb.path)
            layout.models.mkdir()
            trained_on(EXTERNAL, model, layout.models / "tiny-12345678")

            plan, receipt = kb.forget(["kb:2"], dry_run=True), kb.forget(["kb:2"])

        assert plan.models == receipt.models == ("models/tiny-12345678",)

    def test_drops_what_an_interrupted_training_would_go_on_from(
        self, tmp_path: Path, model: Path
    ) -> None:
        """It has read the text, and nobody asked for it."""
        with trainable_desk(tmp_path / "support.kb", EXTERNAL, model) as kb:
            key_of_training(kb, EXTERNAL)
            assert DeskLayout(kb.path).unfinished_training.exists()

            receipt = kb.forget(["ex:0-0"])

            assert not DeskLayout(kb.path).unfinished_training.exists()
            assert receipt.models == ()
