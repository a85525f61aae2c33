"""Snapshots without records behind them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kbsearch.layout import ShelfLayout
from kbsearch.snapshots import ChainAt, Manifest, SnapshotContent, publish_snapshot
from tests.records import FINGERPRINT, SHELF


def new_layout(directory: Path) -> ShelfLayout:
    """An empty shelf directory."""
    directory.mkdir(parents=True, exist_ok=True)
    return ShelfLayout(directory)


def content(sequence: int, *, n_documents: int = 5) -> SnapshotContent:
    """Documents of a passage and a title each; every sequence number gives other numbers."""
    rng = np.random.default_rng(sequence)
    n_passages = 2 * n_documents
    words = [f"{letter}word{'x' * sequence}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    return SnapshotContent(
        sequence=sequence,
        chain=f"chain {sequence}",
        document_keys=np.arange(n_documents, dtype=np.int64) + 10 * sequence,
        document_terms=[["vpn", f"word{sequence}", f"word{n}"] for n in range(n_documents)],
        exact_keys=[{f"error {n}", f"error {sequence}"} for n in range(n_documents)],
        title_terms=[[f"word{n}"] for n in range(n_documents)],
        passage_keys=np.arange(n_passages, dtype=np.int64) + 100 * sequence,
        passage_documents=np.repeat(np.arange(n_documents, dtype=np.int64), 2),
        is_title=np.tile(np.array([False, True]), n_documents),
        vectors=rng.standard_normal((n_passages, FINGERPRINT.embedder.dim)).astype(np.float32),
        n_tokens=17 * n_passages,
        n_unseen_tokens=3,
        document_words=[words[: 1 + n * sequence] for n in range(n_documents)],
    )


def publish(
    layout: ShelfLayout,
    made_of: SnapshotContent,
    *,
    shelf: str = SHELF,
    keep: int = 2,
    chain_at: ChainAt | None = None,
) -> Manifest:
    """Publish with the parameters that all these tests use."""
    return publish_snapshot(
        layout,
        made_of,
        shelf=shelf,
        fingerprint=FINGERPRINT,
        bm25_k1=1.5,
        bm25_b=0.75,
        keep=keep,
        chain_at=chain_at,
    )


def all_bytes(directory: Path) -> dict[str, bytes]:
    """Every file below a directory by its relative name."""
    return {
        file.relative_to(directory).as_posix(): file.read_bytes()
        for file in sorted(directory.rglob("*"))
        if file.is_file()
    }
