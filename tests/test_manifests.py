"""What a snapshot says of itself."""

from __future__ import annotations

from pathlib import Path

from kbsearch.snapshots import Manifest
from kbsearch.snapshots.manifest import SNAPSHOT_FORMAT
from tests.records import FINGERPRINT, SHELF
from tests.snapshot_shelf import content, new_layout, publish


def test_a_manifest_survives_its_bytes() -> None:
    """Canonical JSON: equal manifests, equal bytes."""
    manifest = Manifest(
        shelf=SHELF,
        number=1,
        sequence=2,
        chain="c2",
        fingerprint=FINGERPRINT,
        n_documents=0,
        n_passages=0,
        n_tokens=0,
        n_unseen_tokens=0,
        bm25_k1=0.1 + 0.2,
        bm25_b=0.75,
        files={},
    )

    again = Manifest.from_bytes(manifest.to_bytes(), "internal/snapshot-0000000001")

    assert again == manifest
    assert again.to_bytes() == manifest.to_bytes()


def test_only_another_weight_of_titles_asks_for_a_newer_kbsearch(tmp_path: Path) -> None:
    """An older one would count new documents' titles three times beside these."""
    layout = new_layout(tmp_path / "internal")

    plain = publish(layout, content(1))
    other = publish(layout, content(2)._replace(title_weight=5))

    assert (plain.format, other.format, other.bm25_title_weight) == (2, SNAPSHOT_FORMAT, 5)
    assert b"title_weight" not in plain.to_bytes()
    for manifest in (plain, other):
        assert Manifest.from_bytes(manifest.to_bytes(), "a snapshot") == manifest
        assert manifest.with_gate(None) == manifest
