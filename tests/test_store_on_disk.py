"""records.sqlite on disk: who may read it, what is left in it, and what is wrong with it."""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kbsearch import Article, Audience
from kbsearch.errors import (
    AudienceMismatchError,
    DamagedRecordError,
    KbSearchError,
    NewerFormatError,
    StoreDamagedError,
    StoreUnavailableError,
)
from kbsearch.store import RecordReader, RecordWriter, create, schema
from tests.builders import article, resolved_ticket
from tests.records import (
    SHELF,
    contents,
    drop,
    new_writer,
    plain_sqlite,
    put,
    write,
)

INTERNAL = Audience.INTERNAL


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecordWriter]:
    """An empty shelf, open for writing."""
    found = new_writer(tmp_path)
    yield found
    found.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the writer's file lies."""
    return tmp_path / "records.sqlite"


def note(number: int, text: str = "printer jams") -> Article:
    """An internal article with its number in its text."""
    return article(str(number), f"{text} {number}", INTERNAL)


@pytest.fixture
def filled(writer: RecordWriter, path: Path) -> Path:
    """A shelf with an article and a ticket of three passages; nobody has it open."""
    put(
        writer,
        article("1", "printer jams", INTERNAL, product="LaserJet", language="en", tags=("toner",)),
        resolved_ticket("2", "Scanner is slow", "Use the other cable"),
    )
    writer.close()
    return path


def alter(path: Path, sql: str) -> None:
    """Change a row as another program would."""
    with plain_sqlite(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(sql)


def read_all(path: Path) -> dict[str, object]:
    """Everything in it, as a searcher or a check would read it."""
    reader = RecordReader(path, SHELF)
    try:
        return contents(reader)
    finally:
        reader.close()


class TestOnDisk:
    """Who may read the file, and what is left in it."""

    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
    def test_files_are_their_owners_alone(self, tmp_path: Path, umask: int) -> None:
        """Whatever the umask, the journal included."""
        before = os.umask(umask)
        try:
            writer = new_writer(tmp_path)
            with writer.writing():
                write(writer, note(1))
                modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()}
            writer.close()
        finally:
            os.umask(before)

        assert modes == {"records.sqlite": 0o600, "records.sqlite-journal": 0o600}

    def test_deleted_text_is_not_in_the_files_bytes(self, writer: RecordWriter, path: Path) -> None:
        """Text, ids, tags, cleaned text and vectors are overwritten, not only unlinked."""
        secret = article(
            "Secret-id", "Secret-body " * 900, INTERNAL, title="Secret-title", tags=("Secret-tag",)
        )
        others = [note(n, "printer jams " * 50) for n in range(60)]
        put(writer, *others[:30], secret, *others[30:])
        vectors = contents(writer)["vectors"]
        standing = {p.input_hash for p in contents(writer)["passages"] if p.document_key != 31}
        blobs = [np.array(v, "<f4").tobytes() for h, v in vectors.items() if h not in standing]
        assert blobs
        assert all(blob in path.read_bytes() for blob in (b"Secret-body", *blobs))

        put(writer, article("Secret-id", "nothing to see", INTERNAL, title="Secret-title 2"))
        drop(writer, "kb:Secret-id")

        left = path.read_bytes()
        assert b"Secret-" not in left
        assert not any(blob in left for blob in blobs)
        assert writer.count() == 60

    def test_writes_nothing_beside_its_file(self, writer: RecordWriter, tmp_path: Path) -> None:
        """No WAL that would have to be copied along."""
        put(writer, note(1))

        assert [file.name for file in tmp_path.iterdir()] == ["records.sqlite"]


COLUMNS = [
    ("documents", "document_id", "'kb:other'"),
    ("documents", "kind", "'ticket'"),
    ("documents", "product", "NULL"),
    ("documents", "language", "'de'"),
    ("documents", "status", "'draft'"),
    ("documents", "is_resolved", "1 - is_resolved"),
    ("documents", "has_bad_outcome", "1 - has_bad_outcome"),
    ("documents", "created_us", "0"),
    ("documents", "valid_from_us", "0"),
    ("documents", "valid_until_us", "0"),
    ("documents", "tags", "'[]'"),
    ("documents", "attributes_checksum", "zeroblob(16)"),
    ("documents", "raw", "replace(raw, 'printer', 'plotter')"),
    ("documents", "content_hash", "raw"),
    ("documents", "raw_checksum", "zeroblob(16)"),
    ("cleaned", "title", "title || '!'"),
    ("cleaned", "text", "replace(text, 'printer', 'plotter')"),
    ("cleaned", "sections", "'[]'"),
    ("cleaned", "checksum", "x''"),
    ("passages", "ordinal", "ordinal + 1"),
    ("passages", "section", "'nonsense'"),
    ("passages", "message_id", "'other'"),
    ("passages", "start", "start + 1"),
    ("passages", '"end"', '"end" - 1'),
    ("passages", "n_tokens", "n_tokens + 1"),
    ("passages", "n_unseen_tokens", "1"),
    ("passages", "input_hash", "'other'"),
    ("passages", "checksum", "zeroblob(16)"),
    ("vectors", "vector", "zeroblob(length(vector))"),
    ("vectors", "vector", "substr(vector, 5)"),
    ("vectors", "checksum", "zeroblob(16)"),
    ("changes", "operation", "'drop'"),
    ("changes", "document_key", "1"),
    ("changes", "content_hash", "'other'"),
    ("changes", "chain", "'other'"),
]
FIRST_ROW = {
    "documents": "document_key = 1",
    "cleaned": "document_key = 1",
    "passages": "passage_key = 1",
    "changes": "sequence = 2",
    "vectors": "input_hash = (SELECT input_hash FROM passages WHERE passage_key = 1)",
}


class TestDamagedRows:
    """A row that is not what was written is an error, never an answer."""

    @pytest.mark.parametrize(("table", "column", "value"), COLUMNS)
    def test_an_altered_value_is_detected(
        self, filled: Path, table: str, column: str, value: str
    ) -> None:
        """Whichever column of whichever table, well-formed or not."""
        alter(filled, f"UPDATE {table} SET {column} = {value} WHERE {FIRST_ROW[table]}")

        with pytest.raises(DamagedRecordError, match="fails its checksum") as caught:
            read_all(filled)

        assert (caught.value.shelf, caught.value.table) == (SHELF, table)

    @pytest.mark.parametrize(
        ("table", "columns"),
        [
            ("documents", "raw, content_hash, raw_checksum"),
            ("cleaned", "title, text, sections, checksum"),
            ("vectors", "vector, checksum"),
        ],
    )
    def test_a_whole_row_in_anothers_place_is_detected(
        self, filled: Path, table: str, columns: str
    ) -> None:
        """Each of its values is genuine, but not of this document or text."""
        source = f"SELECT {columns} FROM {table} WHERE NOT {FIRST_ROW[table]}"

        alter(filled, f"UPDATE {table} SET ({columns}) = ({source}) WHERE {FIRST_ROW[table]}")

        with pytest.raises(DamagedRecordError, match=f"of '{table}' on shelf 'internal'"):
            read_all(filled)

    def test_the_other_rows_are_served(self, filled: Path) -> None:
        """One bad row takes nothing else with it."""
        alter(filled, "UPDATE documents SET raw = '{}' WHERE document_key = 1")
        reader = RecordReader(filled, SHELF)

        assert [d.id for d in reader.documents([2]).values()] == ["desk:2"]
        with pytest.raises(DamagedRecordError, match="Row 1 of 'documents'"):
            reader.documents([1, 2])
        reader.close()

    @pytest.mark.parametrize("column", ["raw", "tags"])
    def test_no_text_of_a_document_is_in_the_error(self, filled: Path, column: str) -> None:
        """SQLite itself would put the row's text into its message."""
        alter(filled, f"UPDATE documents SET {column} = CAST(x'ff' || 'printer' AS TEXT)")

        with pytest.raises(StoreDamagedError, match="a text in it is not UTF-8") as caught:
            read_all(filled)

        assert "printer" not in str(caught.value)
        assert caught.value.__cause__ is None

    def test_a_flipped_bit_anywhere_is_an_error_or_changes_no_document(
        self, filled: Path, tmp_path: Path
    ) -> None:
        """300 bits at places drawn by chance; lost rows may be missing, never different."""
        genuine, copy = read_all(filled), tmp_path / "copy.sqlite"
        whole = filled.read_bytes()
        chance = random.Random(5)
        for _ in range(300):
            damaged = bytearray(whole)
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            copy.write_bytes(damaged)
            try:
                found = read_all(copy)
            except KbSearchError:
                continue
            assert found["attributes"] == genuine["attributes"]
            assert found["documents"] == genuine["documents"]
            for table in ("cleaned", "vectors"):
                assert found[table].items() <= genuine[table].items()  # type: ignore[attr-defined]


class TestOpening:
    """What is refused at the door, with nothing changed."""

    def test_another_audiences_records_are_refused(self, filled: Path) -> None:
        """Wherever the file was copied to: it says itself whose it is."""
        before = filled.read_bytes()

        with pytest.raises(AudienceMismatchError, match="holds internal documents") as caught:
            RecordReader(filled, "external")

        assert (caught.value.holds, caught.value.asked) == ("internal", "external")
        assert filled.read_bytes() == before

    def test_records_that_name_no_audience_are_refused(self, filled: Path) -> None:
        """Unknown is not internal, and not external either."""
        alter(filled, "DELETE FROM meta WHERE name = 'audience'")

        with pytest.raises(AudienceMismatchError, match="holds unknown documents"):
            RecordReader(filled, SHELF)

    def test_a_newer_format_is_refused(self, filled: Path) -> None:
        """An older program would read it wrong, or write it to pieces."""
        alter(filled, "PRAGMA user_version = 99")

        with pytest.raises(NewerFormatError, match="has format 99") as caught:
            RecordReader(filled, SHELF)

        assert (caught.value.found, caught.value.supported) == (99, schema.FORMAT_VERSION)

    @pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 999])
    def test_a_file_that_is_no_database_is_refused(self, path: Path, content: bytes) -> None:
        """And left as it is: it may be someone's only copy of something."""
        path.write_bytes(content)

        with pytest.raises(StoreDamagedError, match="Nothing was changed"):
            RecordReader(path, SHELF)

        assert path.read_bytes() == content

    def test_another_programs_database_is_refused(self, path: Path) -> None:
        """Whole, but not ours."""
        alter(path, "CREATE TABLE meta (name TEXT, value TEXT)")

        with pytest.raises(StoreDamagedError, match="it is not a database of kbsearch"):
            RecordReader(path, SHELF)

    @pytest.mark.parametrize("kind", ["missing", "directory"])
    def test_what_is_no_file_is_unavailable(self, path: Path, kind: str) -> None:
        """Nothing is created in its place."""
        if kind == "directory":
            path.mkdir()

        with pytest.raises(StoreUnavailableError, match="could not be used"):
            RecordReader(path, SHELF)

        assert path.exists() == (kind == "directory")

    def test_creating_over_an_existing_file_is_refused(self, filled: Path) -> None:
        """Records are never overwritten by an empty shelf."""
        with pytest.raises(StoreUnavailableError, match="File exists"):
            create(filled, SHELF)

        assert len(read_all(filled)["documents"]) == 2  # type: ignore[arg-type]

    def test_a_truncated_file_is_damaged(self, filled: Path) -> None:
        """Half of a copy that was interrupted."""
        filled.write_bytes(filled.read_bytes()[: 4096 * 5])

        with pytest.raises(StoreDamagedError, match="malformed"):
            read_all(filled)

    def test_the_structure_of_a_sound_file_has_no_faults(self, filled: Path) -> None:
        """And a page of an index that was overwritten has."""
        reader = RecordReader(filled, SHELF)
        assert reader.structural_faults() == []
        reader.close()

        alter_schema = "DELETE FROM sqlite_schema WHERE name = 'passages_by_input'"
        with plain_sqlite(filled) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute(alter_schema)

        reader = RecordReader(filled, SHELF)
        assert reader.structural_faults() != []
        reader.close()
