"""Embedders: what the rest of the library relies on, whichever model computes."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from kbsearch.embed import (
    Embedder,
    HashingEmbedder,
    SentenceTransformerEmbedder,
    StaticEmbedder,
)
from kbsearch.errors import ConfigError
from kbsearch.testing.contracts import EmbedderContract
from kbsearch.testing.contracts.embedder import TEXTS, Build, changed_word_is_seen
from tests.tiny_models import DIM, save_model2vec, save_static_embedding


@pytest.fixture(scope="session")
def model2vec_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model2vec model that loads in milliseconds."""
    return save_model2vec(tmp_path_factory.mktemp("models") / "tiny-model2vec")


@pytest.fixture(scope="session")
def static_embedding_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A StaticEmbedding folder of sentence-transformers, whose tokenizer truncates at 8."""
    directory = tmp_path_factory.mktemp("models") / "tiny-static-embedding"
    return save_static_embedding(directory, truncate_at=8)


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEmbedder:
    """The default model; loaded once."""
    return SentenceTransformerEmbedder()


class TestEveryEmbedder(EmbedderContract):
    """The contract, for one of every kind that is shipped."""

    @pytest.fixture(
        params=[
            "hashing",
            "model2vec",
            pytest.param("static-embedding", marks=pytest.mark.model),
            pytest.param("minilm", marks=pytest.mark.model),
        ]
    )
    def build(self, request: pytest.FixtureRequest) -> Build:
        """Makes an embedder anew; the real model is the one of the session."""
        if request.param == "hashing":
            return HashingEmbedder
        if request.param == "model2vec":
            directory = request.getfixturevalue("model2vec_directory")
            return lambda: StaticEmbedder(str(directory), max_tokens=40)
        if request.param == "static-embedding":
            directory = request.getfixturevalue("static_embedding_directory")
            return lambda: SentenceTransformerEmbedder(str(directory), max_tokens=40)
        minilm: SentenceTransformerEmbedder = request.getfixturevalue("minilm")
        return lambda: minilm

    def test_its_fingerprint_survives_pickling(self, embedder: Embedder) -> None:
        """It travels to worker processes."""
        again = pickle.loads(pickle.dumps(embedder.fingerprint))

        assert (again, again.key) == (embedder.fingerprint, embedder.fingerprint.key)


class TestHashingEmbedder:
    """An embedder without a model."""

    def test_texts_that_share_words_are_alike(self) -> None:
        """Inflections a little, other words hardly."""
        embedder = HashingEmbedder()

        same, inflected, other = embedder.embed_passages(["printers", "printer", "battery"])

        assert 0.2 < same @ inflected < 0.99
        assert abs(same @ other) < 0.1

    def test_its_fingerprint_changes_with_the_length_of_a_vector(self) -> None:
        """Vectors of different lengths cannot be compared."""
        assert HashingEmbedder(dim=64).fingerprint.key != HashingEmbedder(dim=128).fingerprint.key

    def test_reads_up_to_its_limit_when_folding_case_parts_words(self) -> None:
        """`İx` is one word, but folded it holds a combining dot, which is no word character."""
        embedder = HashingEmbedder()
        words = ["İx"] * 255

        seen, without = embedder.embed_passages([" ".join([*words, "paper"]), " ".join(words)])

        assert len(embedder.token_offsets(" ".join([*words, "paper"]))) == 256
        assert not np.array_equal(seen, without)


class TestStaticEmbedder:
    """Models of model2vec."""

    def test_a_vector_is_the_mean_of_its_tokens_vectors(self, model2vec_directory: Path) -> None:
        """By hand: "paper jam" lies in the middle of its two words' directions before scaling."""
        from tests.tiny_models import WORDS, tiny_table

        rows = tiny_table()[[2 + WORDS.index("paper"), 2 + WORDS.index("jam")]]
        expected = rows.mean(axis=0) / np.linalg.norm(rows.mean(axis=0))

        (vector,) = StaticEmbedder(str(model2vec_directory)).embed_passages(["paper jam"])

        assert vector.tolist() == pytest.approx(expected.tolist(), abs=1e-6)
        assert len(vector) == DIM

    def test_unknown_words_alone_give_a_zero_row(self, model2vec_directory: Path) -> None:
        """A cosine of 0 with everything."""
        (vector,) = StaticEmbedder(str(model2vec_directory)).embed_passages(["qwertz yxcvb"])

        assert vector.tolist() == [0.0] * DIM

    def test_its_fingerprint_changes_with_max_tokens(self, model2vec_directory: Path) -> None:
        """A longer text would get another vector."""
        short, long = (
            StaticEmbedder(str(model2vec_directory), max_tokens=n).fingerprint for n in (16, 32)
        )

        assert (short.max_tokens, long.max_tokens) == (16, 32)
        assert short.key != long.key

    def test_reads_more_than_the_model_was_saved_with_if_asked(self, tmp_path: Path) -> None:
        """The limit that model2vec saved is its default, not a property of the vectors."""
        directory = save_model2vec(tmp_path / "short", max_length=8)

        embedder = StaticEmbedder(str(directory), max_tokens=40)

        assert changed_word_is_seen(embedder, 39)


@pytest.mark.model
class TestSentenceTransformerEmbedder:
    """Models of sentence-transformers: prompts, limits, number formats."""

    def test_a_prompt_stands_before_its_own_texts_only(
        self, static_embedding_directory: Path
    ) -> None:
        """Models trained with two prompts need each in its place."""
        path = str(static_embedding_directory)
        plain = SentenceTransformerEmbedder(path)
        embedder = SentenceTransformerEmbedder(
            path, query_prompt="screen ", passage_prompt="the printer "
        )

        expected = plain.embed_passages(["screen jam", "the printer jam"])
        np.testing.assert_array_equal(embedder.embed_queries(["jam"])[0], expected[0])
        np.testing.assert_array_equal(embedder.embed_passages(["jam"])[0], expected[1])

    def test_its_fingerprint_changes_with_each_prompt(
        self, static_embedding_directory: Path
    ) -> None:
        """The same text would get another vector."""
        path = str(static_embedding_directory)
        embedders = [
            SentenceTransformerEmbedder(path),
            SentenceTransformerEmbedder(path, query_prompt="screen "),
            SentenceTransformerEmbedder(path, passage_prompt="screen "),
        ]

        assert len({embedder.fingerprint.key for embedder in embedders}) == 3

    def test_a_prompt_takes_its_tokens_off_the_limit(
        self, static_embedding_directory: Path
    ) -> None:
        """What is counted as seen is seen behind the longer of both prompts."""
        embedder = SentenceTransformerEmbedder(
            str(static_embedding_directory), max_tokens=20, passage_prompt="the printer drops "
        )

        assert embedder.fingerprint.max_tokens == 17
        assert changed_word_is_seen(embedder, 16)
        assert not changed_word_is_seen(embedder, 17)

    def test_a_prompt_that_leaves_no_room_is_a_config_error(
        self, static_embedding_directory: Path
    ) -> None:
        """Passages of no tokens cannot be cut."""
        embedder = SentenceTransformerEmbedder(
            str(static_embedding_directory), max_tokens=16, query_prompt="the printer " * 8
        )

        with pytest.raises(ConfigError, match="reads 16 tokens, and a prompt takes 16"):
            _ = embedder.fingerprint

    def test_more_tokens_than_the_model_has_positions_are_a_config_error(self) -> None:
        """MiniLM has 512; a longer text would end in an index error of torch."""
        with pytest.raises(ConfigError, match="max_tokens = 513 is more than the 512 positions"):
            _ = SentenceTransformerEmbedder(max_tokens=513).fingerprint

    def test_the_default_model_reads_254_tokens(self, minilm: SentenceTransformerEmbedder) -> None:
        """256 by its own settings, two of them special."""
        assert minilm.fingerprint.max_tokens == 254
        assert minilm.fingerprint.dim == 384

    def test_the_default_model_gives_the_published_cosines(
        self, minilm: SentenceTransformerEmbedder
    ) -> None:
        """Source: sentence-transformers' quickstart for all-MiniLM-L6-v2."""
        weather, sunny, stadium = minilm.embed_passages(
            ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
        )

        assert float(weather @ sunny) == pytest.approx(0.6660, abs=1e-3)
        assert float(weather @ stadium) == pytest.approx(0.1046, abs=1e-3)
        assert float(sunny @ stadium) == pytest.approx(0.1411, abs=1e-3)

    def test_paraphrases_are_closer_than_what_shares_words(
        self, minilm: SentenceTransformerEmbedder
    ) -> None:
        """That is what a model adds to BM25."""
        query, paraphrase, same_words = minilm.embed_passages(
            [
                "I cannot log in to my computer",
                "Signing on to the laptop fails",
                "I log the hours of my computer course",
            ]
        )

        assert query @ paraphrase > query @ same_words

    def test_bfloat16_is_another_fingerprint_and_nearly_the_same_vector(
        self, minilm: SentenceTransformerEmbedder
    ) -> None:
        """Vectors of both must not be mixed unseen, though cosines differ little."""
        fast = SentenceTransformerEmbedder(dtype="bfloat16")

        cosines = (fast.embed_passages(TEXTS) * minilm.embed_passages(TEXTS)).sum(axis=1)

        assert cosines.min() > 0.999
        assert fast.fingerprint.key != minilm.fingerprint.key

    def test_fewer_tokens_are_another_fingerprint(self) -> None:
        """A long text would get another vector."""
        embedder = SentenceTransformerEmbedder(max_tokens=32)

        assert embedder.fingerprint.max_tokens == 30
        assert changed_word_is_seen(embedder, 29)
        assert not changed_word_is_seen(embedder, 30)
