"""What a repair mends, what it leaves as it is, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DamagedRecordError, EmbedderMismatchError
from kbsearch.models import Person
from kbsearch.store import schema
from tests.builders import article
from tests.disk import bytes_of, flip_a_bit
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids, index
from tests.records import plain_sqlite

VPN = article("vpn", "The VPN needs an adapter", EXTERNAL, product="gateway", tags=("net",))
WRONG_ATTRIBUTES = {
    "id": "UPDATE documents SET document_id = 'kb:vpm' WHERE document_id = 'kb:vpn'",
    "product": "UPDATE documents SET product = 'x'",
    "tags": "UPDATE documents SET tags = '[\"net'",
    "time": "UPDATE documents SET created_us = 1.5",
    "checksum": "UPDATE documents SET attributes_checksum = zeroblob(16)",
}


def alter(desk: KnowledgeBase, sql: str, *values: object, shelf: str = "external") -> None:
    """Change records behind the library's back."""
    with plain_sqlite(desk.path / shelf / "records.sqlite") as other:
        assert other.execute(sql, values).rowcount


def rows(desk: KnowledgeBase, sql: str, shelf: str = "external") -> list[tuple[Any, ...]]:
    """What stands in the records."""
    with plain_sqlite(desk.path / shelf / "records.sqlite") as other:
        return other.execute(sql).fetchall()


def whats(desk: KnowledgeBase) -> list[str]:
    return [finding.what for finding in desk.check(INTERNAL).findings]


def snapshot_numbers(desk: KnowledgeBase) -> list[int]:
    return [info.number for info in desk.snapshots(EXTERNAL)]


class TestWrongAttributes:
    """They are computed anew from the document, which has a checksum of its own."""

    @pytest.mark.parametrize("where", ["delta", "snapshot"])
    @pytest.mark.parametrize("mend", ["rebuild", "repair"])
    @pytest.mark.parametrize("column", WRONG_ATTRIBUTES)
    def test_are_mended_under_the_same_key(
        self, desk: KnowledgeBase, column: str, mend: str, where: str
    ) -> None:
        """One wrong column would stop all searches of the shelf; indexes know the key alone."""
        index(desk, [VPN], where)
        searcher = desk.searcher(EXTERNAL)
        expected = [(hit.id, hit.score) for hit in searcher.search("vpn")]
        before = rows(desk, "SELECT * FROM documents")
        alter(desk, WRONG_ATTRIBUTES[column])

        _ = desk.rebuild() if mend == "rebuild" else desk.repair(EXTERNAL)

        assert rows(desk, "SELECT * FROM documents") == before
        assert whats(desk) == []
        assert [(hit.id, hit.score) for hit in searcher.search("vpn")] == expected

    def test_stop_a_search_until_then(self, desk: KnowledgeBase) -> None:
        """The control."""
        desk.upsert([VPN])
        alter(desk, WRONG_ATTRIBUTES["product"])

        with pytest.raises(DamagedRecordError, match="fails its checksum"):
            desk.searcher(EXTERNAL).search("vpn")

    def test_whose_ids_changed_places_go_back(self, desk: KnowledgeBase) -> None:
        """Ids are unique at any moment."""
        desk.upsert([VPN, article("mfa", "A new phone needs a code", EXTERNAL)])
        for old, new in [("kb:vpn", "kb:x"), ("kb:mfa", "kb:vpn"), ("kb:x", "kb:mfa")]:
            alter(desk, "UPDATE documents SET document_id = ? WHERE document_id = ?", new, old)

        report = desk.repair(EXTERNAL)

        assert report.findings == ()
        assert desk.searcher(EXTERNAL).get("kb:vpn") == VPN

    def test_give_way_to_the_document_that_was_added_again_since(self, desk: KnowledgeBase) -> None:
        """Its id was unreadable, so tonight's import did not find it."""
        desk.upsert([VPN])
        alter(desk, WRONG_ATTRIBUTES["id"])
        newer = article("vpn", "The VPN needs no adapter", EXTERNAL)
        desk.upsert([newer])

        report = desk.repair(EXTERNAL)

        assert report.findings == ()
        assert rows(desk, "SELECT document_key, document_id FROM documents") == [(2, "kb:vpn")]
        assert desk.searcher(EXTERNAL).get("kb:vpn") == newer

    @pytest.mark.parametrize("also", ["", "DELETE FROM vectors", "DELETE FROM cleaned"])
    def test_of_a_document_that_is_damaged_too_are_reported(
        self, desk: KnowledgeBase, also: str
    ) -> None:
        """Only a backup or the document itself helps; the finding names the row."""
        desk.upsert([VPN, article("mfa", "A new phone needs a code", EXTERNAL)])
        alter(desk, "UPDATE documents SET product = 'x', raw = '{}' WHERE document_id = 'kb:vpn'")
        if also:
            alter(desk, also)

        report = desk.repair(EXTERNAL)
        desk.upsert([VPN])

        assert "Row 1 of 'documents' on shelf 'external'" in report.findings[0].what
        assert "from a backup" in report.findings[0].remedy
        assert desk.repair(EXTERNAL).findings == ()
        assert ids(desk.searcher(EXTERNAL).search("vpn"))[0] == "kb:vpn"


class TestWhatARepairPublishes:
    """A new snapshot only if what is served was wrong."""

    @pytest.fixture
    def built(self, desk: KnowledgeBase) -> KnowledgeBase:
        """One snapshot on each shelf, and a change since."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        desk.upsert([VPN])
        return desk

    def test_nothing_for_a_file_of_somebody_else(self, built: KnowledgeBase) -> None:
        """It cannot mend that, however often it runs."""
        (built.path / "external" / "notes.txt").write_text("x")
        before = bytes_of(built.path / "external")

        report = built.repair(EXTERNAL)

        assert len(report.findings) == 1
        after = bytes_of(built.path / "external")
        assert {n: b for n, b in after.items() if n != "LOCK"} == {
            n: b for n, b in before.items() if n != "LOCK"
        }

    def test_nothing_for_a_draft_which_it_removes(self, built: KnowledgeBase) -> None:
        """No reader looked at it."""
        draft = built.path / "external" / "building-0000000009"
        draft.mkdir()

        assert built.repair(EXTERNAL).findings == ()
        assert not draft.exists()
        assert snapshot_numbers(built) == [1]

    def test_nothing_for_vectors_that_no_passage_uses_which_it_removes(
        self, built: KnowledgeBase
    ) -> None:
        """A forgotten text's vector must not stay."""
        n_vectors = rows(built, "SELECT COUNT(*) FROM vectors")
        values = ("0" * 64, "e", b"1234")
        alter(built, "INSERT INTO vectors VALUES (?, ?, ?, ?)", *values, schema.checksum(*values))

        found = built.check(EXTERNAL).findings
        report = built.repair(EXTERNAL)

        assert [f.what for f in found] == ["1 vectors belong to no passage"]
        assert "check --repair" in found[0].remedy
        assert report.findings == ()
        assert rows(built, "SELECT COUNT(*) FROM vectors") == n_vectors
        assert snapshot_numbers(built) == [1]

    @pytest.mark.parametrize("name", ["CURRENT", "snapshot-0000000001/vectors.faiss"])
    def test_one_for_a_damaged_file(self, built: KnowledgeBase, name: str) -> None:
        """It holds what was written since, too."""
        flip_a_bit(built.path / "external" / name)

        assert built.repair(EXTERNAL).findings == ()
        assert snapshot_numbers(built)[-1] == 2
        assert built.stats(EXTERNAL)[0].n_changes_since_snapshot == 0

    def test_one_for_a_lost_derived_row(self, built: KnowledgeBase) -> None:
        """Its passages have new keys, which the old snapshot does not know."""
        alter(built, "DELETE FROM cleaned WHERE document_key = 2")

        assert built.repair(EXTERNAL).findings == ()
        assert snapshot_numbers(built) == [1, 2]

    def test_one_for_other_vectors_than_the_records_have(self, built: KnowledgeBase) -> None:
        """Both are whole by their own checksums."""
        input_hash, key, vector = rows(
            built,
            "SELECT input_hash, embedder_key, vector FROM vectors JOIN passages "
            "USING (input_hash) WHERE document_key = 2",
        )[0]
        other = np.roll(np.frombuffer(bytes(vector), dtype="<f4"), 1).tobytes()
        alter(
            built,
            "UPDATE vectors SET vector = ?, checksum = ? WHERE input_hash = ?",
            *(other, schema.checksum(input_hash, key, other), input_hash),
        )
        found = whats(built)

        assert ["has another vector in the snapshot" in what for what in found] == [True]
        assert built.repair(EXTERNAL).findings == ()
        assert snapshot_numbers(built) == [1, 2]


def test_another_embedder_is_refused_before_anything_is_changed(desk: KnowledgeBase) -> None:
    """Embedding one shelf with it would make the scores of two shelves incomparable."""
    desk.upsert(LIBRARY)
    desk.rebuild()
    flip_a_bit(desk.path / "external" / "snapshot-0000000001" / "vectors.faiss")
    before = bytes_of(desk.path)

    with (
        KnowledgeBase.open(desk.path, embedder=HashingEmbedder(64)) as other,
        pytest.raises(EmbedderMismatchError, match="run `kbsearch rebuild`"),
    ):
        other.repair(EXTERNAL)

    assert bytes_of(desk.path) == before
    assert "kb:vpn" in ids(desk.searcher(INTERNAL).search("vpn drops"))


class TestNotes:
    """What is noted beside the documents, with checksums of its own."""

    @pytest.fixture
    def forgetful(self, desk: KnowledgeBase) -> KnowledgeBase:
        """A desk that has forgotten a document and a person."""
        desk.upsert(LIBRARY)
        desk.forget(["kb:fax"], person=Person(email="mira@brightwater.example"), by="privacy")
        return desk

    @pytest.mark.parametrize("prefix", ["forgotten:email", "forgotten-salt", "receipt:"])
    @pytest.mark.parametrize("mend", ["rebuild", "repair"])
    def test_of_what_was_forgotten_are_reported_and_never_removed(
        self, forgetful: KnowledgeBase, prefix: str, mend: str
    ) -> None:
        """Without them tonight's import would let in again what was forgotten."""
        names = "SELECT name FROM notes ORDER BY name"
        before = rows(forgetful, names, "internal")
        alter(
            forgetful,
            "UPDATE notes SET value = value || ' ' WHERE name LIKE ?",
            f"{prefix}%",
            shelf="internal",
        )

        found = forgetful.check(INTERNAL).findings
        with KnowledgeBase.open(forgetful.path, embedder=forgetful.embedder) as opened:
            _ = opened.rebuild() if mend == "rebuild" else opened.repair(INTERNAL)

        assert [f"note '{prefix}" in f.what for f in found] == [True]
        assert "Restore records.sqlite from a backup" in found[0].remedy
        assert rows(forgetful, names, "internal") == before

    def test_of_anything_else_are_removed_by_a_rebuild(self, desk: KnowledgeBase) -> None:
        """They are noted again when they are needed."""
        desk.upsert(LIBRARY)
        values = ("why:kb:vpn", "[]", b"wrong")
        alter(desk, "INSERT INTO notes VALUES (?, ?, ?)", *values, shelf="internal")

        found = desk.check(INTERNAL).findings
        desk.rebuild()

        assert [f.what for f in found] == ["note 'why:kb:vpn' fails its checksum"]
        assert "kbsearch rebuild" in found[0].remedy
        assert whats(desk) == []
