"""A damaged desk: what a check finds, what is still served, and what cures it."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.errors import DamagedRecordError
from tests.builders import article
from tests.disk import bytes_of, flip_a_bit
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids

SNAPSHOT_FILES = [
    "manifest.json",
    "vectors.faiss",
    "passages.npy",
    "documents.npy",
    "exact.npy",
    "lexical-data.npy",
    "lexical-vocabulary.json",
]


class TestADamagedSnapshot:
    """It is found before it is read, passed over, and made anew."""

    @pytest.mark.parametrize("file", SNAPSHOT_FILES)
    @pytest.mark.parametrize("n_snapshots", [1, 2])
    def test_is_found_by_a_check_passed_over_by_a_search_and_cured_by_a_rebuild(
        self,
        desk: KnowledgeBase,
        caplog: pytest.LogCaptureFixture,
        file: str,
        n_snapshots: int,
    ) -> None:
        """One bit of any file; the records, or an older snapshot, stand in."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        if n_snapshots == 2:
            desk.upsert([article("new", "VPN for guests", EXTERNAL)])
            desk.rebuild()
        sound = desk.searcher(EXTERNAL).search("vpn drops after sleep")
        flip_a_bit(desk.path / "external" / f"snapshot-000000000{n_snapshots}" / file)

        report = desk.check(EXTERNAL)
        with (
            caplog.at_level(logging.WARNING),
            KnowledgeBase.open(desk.path, embedder=desk.embedder) as opened_now,
        ):
            fallen_back = opened_now.searcher(EXTERNAL).search("vpn drops after sleep")
        desk.rebuild()
        cured = desk.searcher(EXTERNAL).search("vpn drops after sleep")

        assert [finding.remedy.split(":")[0] for finding in report.findings] == [
            "Run `kbsearch rebuild`"
        ]
        assert f"snapshot-000000000{n_snapshots}" in report.findings[0].what
        assert "is damaged" in caplog.text
        assert set(ids(fallen_back)) == set(ids(sound))
        assert [(hit.id, hit.score) for hit in cured] == [(hit.id, hit.score) for hit in sound]
        assert desk.check(INTERNAL).findings == ()

    @pytest.mark.parametrize("content", [b"", b"{", b"\x00" * 60, b"[1]", b'{"snapshot": 7}'])
    def test_an_unreadable_current_is_found_and_cured(
        self, desk: KnowledgeBase, content: bytes
    ) -> None:
        """The one line that names the live snapshot is a file like any other."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        (desk.path / "external" / "CURRENT").write_bytes(content)

        report = desk.check(EXTERNAL)
        found = ids(desk.searcher(EXTERNAL).search("vpn drops", k=1))
        desk.rebuild()

        assert ["CURRENT" in finding.what for finding in report.findings] == [True]
        assert found == ["kb:vpn"]
        assert desk.check(EXTERNAL).findings == ()

    def test_files_that_nobody_knows_are_passed_over_and_reported(
        self, desk: KnowledgeBase
    ) -> None:
        """Backup tools leave such files everywhere; a copied shelf takes them along."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        (desk.path / "external" / ".DS_Store").write_bytes(b"x")
        (desk.path / "external" / "snapshot-0000000001" / "thumbs.db").write_bytes(b"x")
        (desk.path / "external" / "snapshot-9").mkdir()

        assert ids(desk.searcher(EXTERNAL).search("vpn drops", k=1)) == ["kb:vpn"]
        assert [finding.what for finding in desk.check(EXTERNAL).findings] == [
            "'.DS_Store' is no file of this desk; no reader looks at it",
            "'snapshot-9' is no file of this desk; no reader looks at it",
            "'snapshot-0000000001/thumbs.db' is no file of this desk; no reader looks at it",
        ]


DAMAGE = {
    "documents": "UPDATE documents SET raw = replace(raw, 'adapter', 'adaptor')",
    "attributes": "UPDATE documents SET status = 'draft' WHERE document_id = 'kb:vpn'",
    "cleaned": "UPDATE cleaned SET text = replace(text, 'adapter', 'adaptor')",
    "passages": 'UPDATE passages SET "end" = "end" - 1',
    "vectors": "UPDATE vectors SET vector = zeroblob(length(vector))",
}


class TestADamagedRecord:
    """A row that is not what was written is never served."""

    @pytest.fixture(params=DAMAGE)
    def damaged(self, request: pytest.FixtureRequest, desk: KnowledgeBase) -> KnowledgeBase:
        """Written around kbsearch, as a failing disk would."""
        desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
        connection = sqlite3.connect(desk.path / "external" / "records.sqlite")
        with connection:
            connection.execute(DAMAGE[request.param])
        connection.close()
        return desk

    def test_is_found_by_a_check(self, damaged: KnowledgeBase) -> None:
        """Every row's checksum is compared, and nothing is repaired."""
        damaged_bytes = bytes_of(damaged.path)

        report = damaged.check(EXTERNAL)

        assert [(f.shelf, "fails its checksum" in f.what) for f in report.findings] == [
            ("external", True)
        ]
        assert not report.is_sound
        assert bytes_of(damaged.path) == damaged_bytes

    def test_is_not_served(self, damaged: KnowledgeBase) -> None:
        """An error names the row; nobody gets a changed text."""
        with pytest.raises(DamagedRecordError, match="fails its checksum and was not served"):
            damaged.searcher(EXTERNAL).search("vpn")

    def test_is_cured_by_deleting_the_document_and_adding_it_again(
        self, damaged: KnowledgeBase
    ) -> None:
        """All its rows are written anew."""
        damaged.delete(["kb:vpn"])
        damaged.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])

        assert ids(damaged.searcher(EXTERNAL).search("vpn")) == ["kb:vpn"]
        assert damaged.check(EXTERNAL).findings == ()


@pytest.mark.parametrize("table", ["cleaned", "passages", "vectors"])
def test_a_damaged_derived_row_is_cured_by_a_rebuild_as_its_error_says(
    desk: KnowledgeBase, table: str
) -> None:
    """The remedy that an error names must work."""
    desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
    alter(desk.path, DAMAGE[table])
    with pytest.raises(DamagedRecordError, match="Run `kbsearch rebuild`"):
        desk.searcher(EXTERNAL).search("vpn")

    desk.rebuild()

    assert ids(desk.searcher(EXTERNAL).search("vpn")) == ["kb:vpn"]
    assert desk.check(EXTERNAL).findings == ()


@pytest.mark.parametrize("table", ["cleaned", "passages", "vectors"])
def test_a_lost_derived_row_is_found_by_check_and_cured_by_a_rebuild(
    desk: KnowledgeBase, table: str
) -> None:
    """A document is whole or it is reported; half of one is not searched in silence."""
    desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
    alter(desk.path, f"DELETE FROM {table}")
    findings = desk.check(EXTERNAL).findings

    desk.rebuild()

    assert "lacks its cleaned text, a passage or a vector" in findings[-1].what
    assert desk.check(EXTERNAL).findings == ()
    assert ids(desk.searcher(EXTERNAL).search("vpn")) == ["kb:vpn"]


@pytest.mark.parametrize("damage", ["documents", "attributes"])
def test_a_damaged_document_is_cured_by_adding_it_again_as_its_error_says(
    desk: KnowledgeBase, damage: str
) -> None:
    """It is not taken for unchanged because its hash still is."""
    page = article("vpn", "The VPN needs an adapter", EXTERNAL)
    desk.upsert([page])
    alter(desk.path, DAMAGE[damage])
    with pytest.raises(DamagedRecordError, match="Add the document again"):
        desk.searcher(EXTERNAL).search("vpn")

    report = desk.upsert([page])

    assert report.changed == ("kb:vpn",)
    assert ids(desk.searcher(EXTERNAL).search("vpn")) == ["kb:vpn"]


def alter(path: Path, sql: str) -> None:
    """Change the records of customers behind the library's back."""
    connection = sqlite3.connect(path / "external" / "records.sqlite")
    with connection:
        connection.execute(sql)
    connection.close()


QUERIES = ["slow scanner", "printers jam", "book holidays", "vpn adapter"]


def hits_of(desk: KnowledgeBase, query: str) -> list[tuple[str, float]]:
    """Ids and scores that a customer gets."""
    return [(hit.id, hit.score) for hit in desk.searcher(EXTERNAL).search(query)]


class TestARestoredBackup:
    """The records go back; a snapshot made of what they were is not theirs any more."""

    @pytest.fixture
    def restored(self, desk: KnowledgeBase) -> KnowledgeBase:
        """Keys 2 and 3, and their sequence numbers, were given to other documents before."""
        records = desk.path / "external" / "records.sqlite"
        desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
        backup = records.read_bytes()
        lost = ["The scanner is slow", "Coffee machines are in the kitchen"]
        desk.upsert([article(f"lost{n}", text, EXTERNAL) for n, text in enumerate(lost)])
        desk.rebuild()
        records.write_bytes(backup)
        new = ["Printers jam in summer", "Holidays are booked in the portal"]
        desk.upsert([article(f"new{n}", text, EXTERNAL) for n, text in enumerate(new)])
        return desk

    def test_is_searched_as_it_stands(self, restored: KnowledgeBase) -> None:
        """No vector and no word of the lost documents answers for the new ones."""
        searcher = restored.searcher(EXTERNAL)
        path = restored.path.with_name("fresh.kb")
        with KnowledgeBase.create(path, embedder=restored.embedder) as fresh:
            fresh.upsert([searcher.get(i) for i in ("kb:vpn", "kb:new0", "kb:new1")])
            expected = [hits_of(fresh, query) for query in QUERIES]

        assert [hits_of(restored, query) for query in QUERIES] == expected
        assert expected[1][0][0] == "kb:new0"
        assert searcher.count() == 3

    def test_is_found_by_a_check_and_cured_by_a_rebuild(self, restored: KnowledgeBase) -> None:
        """As its finding says."""
        findings = restored.check(EXTERNAL).findings
        restored.rebuild()

        assert ["made from other records" in f.what for f in findings] == [True]
        assert restored.check(EXTERNAL).findings == ()
        assert restored.stats(EXTERNAL)[0].n_changes_since_snapshot == 0
        assert ids(restored.searcher(EXTERNAL).search("printers jam"))[0] == "kb:new0"
        lost = [p for p in restored.path.rglob("*") if p.is_file() and b"coffe" in p.read_bytes()]
        assert lost == []

    def test_is_seen_by_a_searcher_that_was_open_before(self, desk: KnowledgeBase) -> None:
        """Whether the file was written over or put in place of the other."""
        records = desk.path / "external" / "records.sqlite"
        desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
        desk.rebuild()
        backup = records.read_bytes()
        desk.upsert([article("lost", "The scanner is slow", EXTERNAL)])
        searcher = desk.searcher(EXTERNAL)
        assert ids(searcher.search("slow scanner"))[0] == "kb:lost"

        (records.parent / "copy").write_bytes(backup)
        (records.parent / "copy").replace(records)

        assert ids(searcher.search("slow scanner")) in ([], ["kb:vpn"])
        desk.upsert([article("new", "Printers jam in summer", EXTERNAL)])
        assert ids(searcher.search("printers jam"))[0] == "kb:new"

    def test_an_older_snapshot_of_the_same_history_is_served(self, desk: KnowledgeBase) -> None:
        """The control: what was made before the backup fits what stands here."""
        records = desk.path / "external" / "records.sqlite"
        desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
        desk.rebuild()
        backup = records.read_bytes()
        desk.upsert([article("lost", "The scanner is slow", EXTERNAL)])
        desk.rebuild()
        records.write_bytes(backup)

        assert desk.stats(EXTERNAL)[0].snapshot == 1
        assert ids(desk.searcher(EXTERNAL).search("vpn adapter")) == ["kb:vpn"]


class TestADamagedChangeLog:
    """A reader that knows an older state is not led to a wrong one."""

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE changes SET operation = 'drop' WHERE sequence = 2",
            "UPDATE changes SET document_key = 1 WHERE sequence = 2",
            "DELETE FROM changes WHERE sequence = 2",
        ],
    )
    def test_is_not_followed_and_is_cured_by_a_rebuild(self, desk: KnowledgeBase, sql: str) -> None:
        """As the error says."""
        desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])
        desk.rebuild()
        desk.upsert([article(n, f"printer {n} jams", EXTERNAL) for n in "ab"])
        alter(desk.path, sql)

        with pytest.raises(DamagedRecordError, match=r"of 'changes'.*Run `kbsearch rebuild`"):
            desk.searcher(EXTERNAL).search("printer")
        found = [f.remedy.split(":")[0] for f in desk.check(EXTERNAL).findings]
        desk.rebuild()

        assert found == ["Run `kbsearch rebuild`"]
        assert set(ids(desk.searcher(EXTERNAL).search("printer", k=2))) == {"kb:a", "kb:b"}
        assert desk.check(EXTERNAL).findings == ()


class TestACheckLooksAtEverything:
    """Not only at what is served today."""

    @pytest.mark.parametrize("file", SNAPSHOT_FILES)
    def test_an_older_snapshot_is_verified_too(self, desk: KnowledgeBase, file: str) -> None:
        """It is what a search falls back to; a rebuild clears it away."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        desk.upsert([article("new", "VPN for guests", EXTERNAL)])
        desk.rebuild()
        flip_a_bit(desk.path / "external" / "snapshot-0000000001" / file)

        findings = desk.check(EXTERNAL).findings
        desk.rebuild()

        assert ["snapshot-0000000001" in f.what for f in findings] == [True]
        assert desk.check(EXTERNAL).findings == ()

    def test_a_lost_current_is_found_and_cured(self, desk: KnowledgeBase) -> None:
        """Searches still work, slowly, and nobody would know why."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        (desk.path / "external" / "CURRENT").unlink()

        findings = desk.check(EXTERNAL).findings
        desk.rebuild()

        assert ["CURRENT is damaged: it is missing" in f.what for f in findings] == [True]
        assert desk.check(EXTERNAL).findings == ()

    def test_a_desk_that_was_never_rebuilt_lacks_nothing(self, desk: KnowledgeBase) -> None:
        """The control: no snapshot and no CURRENT."""
        desk.upsert([article("vpn", "The VPN needs an adapter", EXTERNAL)])

        assert desk.check(INTERNAL).findings == ()


class TestACheckOfASoundDesk:
    """Counts, and no findings."""

    def test_counts_what_it_verified(self, desk: KnowledgeBase) -> None:
        """So that a monitor sees that it looked; one passage more for each title."""
        desk.upsert(LIBRARY)
        desk.rebuild()

        report = desk.check(INTERNAL)

        assert report.is_sound
        assert (report.n_documents, report.n_passages) == (7, 14)
        assert report.n_files == len([p for p in desk.path.glob("*/**/*") if p.is_file()])

    def test_changes_nothing(self, desk: KnowledgeBase) -> None:
        """It may run on a copy for the auditors."""
        desk.upsert(LIBRARY)
        desk.rebuild()
        before = bytes_of(desk.path)

        desk.check(INTERNAL)
        desk.stats(INTERNAL)

        assert bytes_of(desk.path) == before
