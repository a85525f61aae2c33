"""
A pickle in any place of a desk or a model is refused, never run.

That no module can run code from data is a rule over the source, with its
controls, in `test_architecture`; that a model with code or pickled weights is
refused is in `test_embed_models`.
"""

from __future__ import annotations

import io
import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder, SentenceTransformerEmbedder, StaticEmbedder
from kbsearch.errors import DamagedSnapshotError, EmbedderNotFoundError, KbSearchError
from kbsearch.files import sha256_of
from kbsearch.layout import ShelfLayout
from kbsearch.snapshots import Current, load_snapshot, read_current, read_manifest
from kbsearch.snapshots.manifest import FileEntry
from kbsearch.snapshots.writing import set_current
from tests.library import EXTERNAL, LIBRARY
from tests.records import SHELF
from tests.snapshot_shelf import content, new_layout, publish
from tests.tiny_models import save_model2vec, save_static_embedding

_SLOTS = [
    "vectors.faiss",
    "passages.npy",
    "documents.npy",
    "whitening.npy",
    "lengths.npy",
    "exact.npy",
    *(
        f"{index}-{part}"
        for index in ("lexical", "titles")
        for part in ("header.json", "vocabulary.json", "data.npy", "indices.npy", "indptr.npy")
    ),
]


class Malicious:
    """Leaves a file behind when somebody unpickles it."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self._trace,)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Exists if code was run."""
    return tmp_path / "code-was-run"


def as_pickle(trace: Path) -> bytes:
    return pickle.dumps(Malicious(trace))


def as_array(trace: Path) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([Malicious(trace)], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def as_archive(trace: Path) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, data=np.array([Malicious(trace)], dtype=object))
    return buffer.getvalue()


FORMS = {"a pickle": as_pickle, "an array": as_array, "an archive": as_archive}


def test_the_pickle_does_run_code_where_it_is_loaded(trace: Path) -> None:
    """Control: each form, by the call that is banned."""
    for make in (as_array, as_archive):
        found = np.load(io.BytesIO(make(trace)), allow_pickle=True)
        _ = found["data"] if make is as_archive else found
        assert trace.exists()
        trace.unlink()
    pickle.loads(as_pickle(trace))

    assert trace.exists()


class TestASnapshotThatVouchesForIt:
    """Whoever can write the directory can write the hashes, too."""

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("slot", _SLOTS)
    def test_is_refused(self, tmp_path: Path, trace: Path, slot: str, form: str) -> None:
        """Manifest and CURRENT name the pickle's own hash."""
        layout = new_layout(tmp_path / "shelf")
        publish(layout, content(1))
        plant(layout, slot, FORMS[form](trace))
        live = read_current(layout)
        assert live is not None

        with pytest.raises(DamagedSnapshotError, match="its files do not fit"):
            load_snapshot(layout, live, SHELF)

        assert not trace.exists()

    def test_whose_manifest_or_current_is_a_pickle_is_refused(
        self, tmp_path: Path, trace: Path
    ) -> None:
        """Both are JSON and nothing else."""
        layout = new_layout(tmp_path / "shelf")
        publish(layout, content(1))
        blob = as_pickle(trace)
        (layout.snapshot(1) / "manifest.json").write_bytes(blob)

        with pytest.raises(DamagedSnapshotError, match="it is no manifest"):
            load_snapshot(layout, Current(snapshot=1, manifest_sha256=sha256_of(blob)), SHELF)
        layout.current.write_bytes(blob)

        assert read_current(layout) is None
        assert not trace.exists()


def plant(layout: ShelfLayout, slot: str, blob: bytes) -> None:
    """Put bytes in a file of the live snapshot, with every hash made to fit."""
    live = read_current(layout)
    assert live is not None
    manifest = read_manifest(layout, live, SHELF)
    entry = FileEntry(size_bytes=len(blob), sha256=sha256_of(blob))
    forged = manifest.model_copy(update={"files": {**manifest.files, slot: entry}}).to_bytes()
    directory = layout.snapshot(live.snapshot)
    (directory / slot).write_bytes(blob)
    (directory / "manifest.json").write_bytes(forged)
    set_current(layout, Current(snapshot=live.snapshot, manifest_sha256=sha256_of(forged)))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("documents", "raw"),
        ("documents", "tags"),
        ("cleaned", "sections"),
        ("vectors", "vector"),
        ("meta", "value"),
    ],
)
def test_a_pickle_in_a_row_is_refused(tmp_path: Path, trace: Path, table: str, column: str) -> None:
    """In every column that is parsed."""
    with KnowledgeBase.create(tmp_path / "desk.kb", embedder=HashingEmbedder(64)) as kb:
        kb.upsert(LIBRARY)
    connection = sqlite3.connect(kb.path / "external" / "records.sqlite")
    with connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", (as_pickle(trace),))
    connection.close()

    with (
        pytest.raises(KbSearchError, match=r"."),
        KnowledgeBase.open(kb.path, embedder=HashingEmbedder(64)) as again,
    ):
        again.searcher(EXTERNAL).search("vpn drops")

    assert not trace.exists()


class TestAModel:
    """Its files come from somewhere else."""

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("slot", ["model.safetensors", "tokenizer.json", "config.json"])
    def test_with_a_pickle_in_a_file_of_a_static_model_is_refused(
        self, tmp_path: Path, trace: Path, slot: str, form: str
    ) -> None:
        """Whatever the file is called."""
        directory = save_model2vec(tmp_path / "tiny")
        (directory / slot).write_bytes(FORMS[form](trace))

        with pytest.raises(EmbedderNotFoundError, match="model2vec refused it"):
            StaticEmbedder(str(directory))

        assert not trace.exists()

    @pytest.mark.model
    @pytest.mark.parametrize("slot", ["model.safetensors", "tokenizer.json", "modules.json"])
    def test_with_a_pickle_in_a_file_of_sentence_transformers_is_refused(
        self, tmp_path: Path, trace: Path, slot: str
    ) -> None:
        """Its loader knows pickled weights, and is not let near them."""
        directory = save_static_embedding(tmp_path / "tiny")
        (directory / slot).write_bytes(as_pickle(trace))

        with pytest.raises(EmbedderNotFoundError, match="sentence-transformers refused it"):
            _ = SentenceTransformerEmbedder(str(directory)).fingerprint

        assert not trace.exists()

    @pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pkl", "model.ckpt"])
    def test_with_pickled_weights_beside_its_own_is_refused(
        self, tmp_path: Path, trace: Path, name: str
    ) -> None:
        """A loader might prefer them."""
        directory = save_model2vec(tmp_path / "tiny")
        (directory / name).write_bytes(as_pickle(trace))

        with pytest.raises(EmbedderNotFoundError, match="which could run code"):
            StaticEmbedder(str(directory))

        assert not trace.exists()
