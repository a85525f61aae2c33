"""Rerankers of sentence-transformers: found, checked and loaded as safely as embedders."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from kbsearch.config import RerankerSettings
from kbsearch.embed import CrossEncoderReranker, checked_scores, make_reranker
from kbsearch.errors import ConfigError, RerankerError
from kbsearch.testing.contracts import RerankerContract
from kbsearch.testing.contracts.reranker import QUERY, TEXTS, Build
from tests.tiny_models import save_cross_encoder, save_model2vec
from tests.wrong_rerankers import NoNumber, SharedWords, TwoScores


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random numbers."""
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "judge")


@pytest.fixture
def own_model(model: Path, tmp_path: Path) -> Path:
    """One that a test may spoil."""
    return Path(shutil.copytree(model, tmp_path / "judge"))


class TestCrossEncoderReranker(RerankerContract):
    """The shipped one."""

    @pytest.fixture
    def build(self, model: Path) -> Build:
        return lambda: CrossEncoderReranker(str(model))


class TestAnyReranker(RerankerContract):
    """The contract does not ask for a model: counting shared words passes."""

    @pytest.fixture
    def build(self) -> Build:
        return SharedWords


def test_its_scores_are_the_model_s_logits_whatever_it_would_make_of_them(model: Path) -> None:
    """sentence-transformers squashes those of some models and not of others."""
    from sentence_transformers import CrossEncoder

    squashed = CrossEncoder(str(model), device="cpu", local_files_only=True).predict(
        [(QUERY, text) for text in TEXTS]
    )

    logits = CrossEncoderReranker(str(model)).scores(QUERY, TEXTS)

    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), squashed, atol=1e-5)
    assert len(set(logits.tolist())) == 4


def test_its_name_tells_another_model_and_not_where_it_lies(
    model: Path, own_model: Path, tmp_path: Path
) -> None:
    """A copy gives the same scores, another model others."""
    other = save_cross_encoder(tmp_path / "other")
    (other / "vocab.txt").write_text("otherwise", encoding="utf-8")

    name = CrossEncoderReranker(str(model)).name

    assert name.startswith("judge@")
    assert CrossEncoderReranker(str(own_model)).name == name
    assert CrossEncoderReranker(str(other)).name.partition("@")[2] != name.partition("@")[2]
    assert CrossEncoderReranker(str(model), max_tokens=16).name == f"{name}/16"


@pytest.mark.parametrize("given", ["no-such-judge", "team/no-such-judge", "../no such place", ""])
def test_a_model_that_is_not_here_is_a_wrong_setting(given: str) -> None:
    """Nothing is fetched unless the settings say so."""
    with pytest.raises(RerankerError, match="cannot be used") as caught:
        CrossEncoderReranker(given)

    assert caught.value.model == given
    assert isinstance(caught.value, ConfigError)


@pytest.mark.parametrize("suffix", ["py", "bin", "pt", "pkl"])
def test_a_model_with_code_or_pickles_is_refused(own_model: Path, suffix: str) -> None:
    """Neither is ever run."""
    (own_model / f"extra.{suffix}").write_bytes(b"")

    with pytest.raises(RerankerError, match="could run code"):
        CrossEncoderReranker(str(own_model))


def test_an_embedding_model_is_refused(tmp_path: Path) -> None:
    """Its missing head would be made up of random numbers, and order by chance."""
    with pytest.raises(RerankerError, match="it is no cross-encoder"):
        CrossEncoderReranker(str(save_model2vec(tmp_path / "tiny")))


def test_a_model_with_several_outputs_is_refused(tmp_path: Path) -> None:
    """Which of them says that a text answers, nobody knows."""
    model = save_cross_encoder(tmp_path / "classes", n_outputs=3)

    with pytest.raises(RerankerError, match="gives 3 scores to a text"):
        CrossEncoderReranker(str(model))


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"architectures": 3})])
def test_a_damaged_configuration_is_refused(own_model: Path, content: str) -> None:
    """At opening, before anything is loaded."""
    (own_model / "config.json").write_text(content, encoding="utf-8")

    with pytest.raises(RerankerError, match=r"its config\.json cannot be read"):
        CrossEncoderReranker(str(own_model))


def test_damaged_weights_fail_when_they_are_read(own_model: Path) -> None:
    """As a failing model, which searches go on without."""
    (own_model / "model.safetensors").write_bytes(b"\x08")

    with pytest.raises(RerankerError, match="failed with RerankerError"):
        checked_scores(CrossEncoderReranker(str(own_model)), QUERY, TEXTS)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (TwoScores(), r"returned shape \(4, 2\) for 4 texts"),
        (NoNumber(), "returned NaN or infinite numbers"),
    ],
)
def test_what_a_reranker_returns_is_made_sure_of(wrong: SharedWords, reason: str) -> None:
    """Users' own ones can be wrong."""
    with pytest.raises(RerankerError, match=reason):
        checked_scores(wrong, "", ["", *TEXTS[1:]])


def test_an_error_of_a_reranker_quotes_no_text() -> None:
    """Its own message could hold a document's text; it is not repeated."""

    class Quotes(SharedWords):
        def scores(self, query: str, texts: object) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
            raise ValueError(f"cannot read {texts}")

    with pytest.raises(RerankerError, match="failed with ValueError") as caught:
        checked_scores(Quotes(), QUERY, ["the lantern on the sill"])

    assert "lantern" not in str(caught.value)


def test_settings_name_the_reranker(model: Path) -> None:
    """None by default."""
    assert make_reranker(RerankerSettings()) is None
    assert isinstance(make_reranker(RerankerSettings(model=str(model))), CrossEncoderReranker)
