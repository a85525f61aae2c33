"""Writing a shelf's records. The caller holds the shelf's lock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kbsearch.embed.fingerprint import Fingerprint
from kbsearch.errors import DamagedRecordError
from kbsearch.models import Document
from kbsearch.store import schema
from kbsearch.store.reader import (
    ATTRIBUTE_COLUMNS,
    BOILERPLATE,
    DROPPED,
    PASSAGE_COLUMNS,
    RecordReader,
    is_remade,
)
from kbsearch.store.rows import (
    NewVector,
    PreparedDocument,
    attributes_of,
    content_hash,
    to_raw,
)
from kbsearch.text import Boilerplate

_DERIVED = {
    "cleaned": "document_key, fingerprint, title, text, sections, learned, n_passages",
    "passages": PASSAGE_COLUMNS,
    "vectors": "input_hash, embedder_key, vector",
    "notes": "name, value",
}
"""What the checksum of each table's rows is made of, of those that can be made anew."""


class RecordWriter(RecordReader):
    """
    The records of one shelf, for its one writer.

    Changes are made inside `writing()`, which commits them together, durably,
    when it ends without an error, and leaves nothing of them otherwise.
    """

    def __init__(self, path: Path, audience: str) -> None:
        super().__init__(path, audience)
        self._path = path
        self._released: set[str] = set()

    @property
    def connection(self) -> sqlite3.Connection:
        """
        That of this thread's transaction.

        Raises:
            RuntimeError: Outside of `writing()`.
        """
        held = self._connections.held()
        if held is None:
            raise RuntimeError("A change was made outside of `writing()`. Make it inside.")
        return held

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; readers see all of it or nothing."""
        with self._connections.taken() as connection, schema.reporting(self._path):
            connection.execute("BEGIN IMMEDIATE")
            self._released.clear()
            try:
                yield
                # not sooner: what one document let go of, the next one may have taken up
                self._drop_unused_vectors(sorted(self._released))
                connection.execute("COMMIT")
            except BaseException:
                is_own = self._connections.held() is connection  # not so in a forked child
                if is_own and connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def set_fingerprint(self, fingerprint: Fingerprint) -> None:
        """From now on documents are written, and read, under this fingerprint."""
        for name, value in (
            ("fingerprint", fingerprint.model_dump_json()),
            ("fingerprint_key", fingerprint.key),
            ("fingerprint_name", str(fingerprint)),
            ("embedder_key", fingerprint.embedder.key),
        ):
            self.connection.execute(
                "INSERT INTO meta VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def begin_keys(self, after: int) -> None:
        """On an empty file: the first document, and the first passage, get the key after this."""
        rows = [(table, after) for table in ("documents", "passages")]
        self.connection.executemany("INSERT INTO sqlite_sequence VALUES (?, ?)", rows)

    def put_vectors(self, vectors: Iterable[NewVector], embedder_key: str) -> None:
        """Keep vectors under their inputs' hashes; one that is kept already stays."""
        rows = []
        for input_hash, vector in vectors:
            blob = np.ascontiguousarray(vector, dtype="<f4").tobytes()
            rows.append(
                (input_hash, embedder_key, blob, schema.checksum(input_hash, embedder_key, blob))
            )
        self.connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?)", rows)

    def put(self, prepared: PreparedDocument, fingerprint: str) -> None:
        """Write a document in place of the one with its id, if any, under a new key."""
        self._drop_rows([prepared.document.id], "replace")
        key = self._insert_document(
            prepared.document, prepared.raw, prepared.content_hash, prepared.detected
        )
        self._insert_derived(key, prepared, fingerprint)
        self._log("put", key, prepared.content_hash)

    def put_pending(self, document: Document) -> None:
        """
        Keep a new document with nothing derived yet: safe, but not found until it is put.

        A rebuild derives what is pending.
        """
        raw = to_raw(document)
        content = content_hash(raw)
        key = self._insert_document(document, raw, content)
        self._log("put", key, content)

    def put_derived(self, key: int, prepared: PreparedDocument, fingerprint: str) -> None:
        """
        Add what is derived under another fingerprint; the document itself stays.

        Its language is derived too: from now on it is the one that was detected now.
        """
        self._set_attributes(key, prepared.document, prepared.detected)
        for table in ("cleaned", "passages"):
            self.connection.execute(
                f"DELETE FROM {table} WHERE document_key = ? AND fingerprint = ?",
                (key, fingerprint),
            )
        self._insert_derived(key, prepared, fingerprint)

    def set_learned(self, keys: Iterable[int], learned: str, fingerprint: str) -> None:
        """Note that cleaned texts read the same with the boilerplate that has this key."""
        select = (
            "SELECT document_key, title, text, sections, n_passages FROM cleaned "
            "WHERE fingerprint = ? AND document_key IN"
        )
        for key, *text, n_passages in self._many(select, keys, (fingerprint,)):
            digest = schema.checksum(key, fingerprint, *text, learned, n_passages)
            self.connection.execute(
                "UPDATE cleaned SET learned = ?, checksum = ? "
                "WHERE document_key = ? AND fingerprint = ?",
                (learned, digest, key, fingerprint),
            )

    def drop(self, ids: Iterable[str]) -> list[str]:
        """Remove documents with all that is derived from them; returns the ids that stood here."""
        return self._drop_rows(ids, "drop")

    def drop_other_fingerprints(self, kept: Iterable[Fingerprint]) -> None:
        """Remove what was derived under any other fingerprint than these."""
        fingerprints = list(kept)
        keys = [each.key for each in fingerprints]
        marks = ",".join("?" * len(keys))
        for table in ("cleaned", "passages"):
            self.connection.execute(f"DELETE FROM {table} WHERE fingerprint NOT IN ({marks})", keys)
        self.connection.execute(
            f"DELETE FROM vectors WHERE embedder_key NOT IN ({marks}) OR NOT EXISTS "
            "(SELECT 1 FROM passages WHERE passages.input_hash = vectors.input_hash)",
            [each.embedder.key for each in fingerprints],
        )

    def note(self, values: Mapping[str, str]) -> None:
        """Note values under their names, in place of what was noted there."""
        rows = [(name, value, schema.checksum(name, value)) for name, value in values.items()]
        self.connection.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", rows)

    def drop_notes(self, names: Iterable[str]) -> None:
        """Forget what was noted under these names."""
        self.connection.executemany("DELETE FROM notes WHERE name = ?", [(n,) for n in names])

    def set_boilerplate(self, learned: Boilerplate) -> None:
        """Note what the shelf has learned, in place of what it knew."""
        self.note({BOILERPLATE: learned.model_dump_json()})
        self.drop_notes([DROPPED])

    def forget_boilerplate_of(self, n_dropped: int) -> bool:
        """
        Count documents that left; beyond one in a hundred, forget what was learned with them.

        A line that only they shared must not outlive them. A rebuild learns anew.

        Returns:
            Whether it was forgotten.
        """
        noted = self.notes([BOILERPLATE, DROPPED])
        if not n_dropped or BOILERPLATE not in noted:
            return False
        n_dropped += int(noted.get(DROPPED, 0))
        if n_dropped * 100 < self.boilerplate().n_documents:
            self.note({DROPPED: str(n_dropped)})
            return False
        self.drop_notes([BOILERPLATE, DROPPED])
        return True

    def trim_changes(self) -> None:
        """
        Keep of the log of changes the newest alone, without the hash of its content.

        Snapshots of its number and readers who have read it go on; others read anew.
        """
        newest = self.position().sequence
        self.connection.execute("DELETE FROM changes WHERE sequence < ?", (newest,))
        self.connection.execute("UPDATE changes SET content_hash = ''")

    def vacuum(self) -> None:
        """Write the file anew with what stands in it alone; not within `writing()`."""
        with self._connections.taken() as connection, schema.reporting(self._path):
            connection.execute("VACUUM")

    def rebuild_sql_indexes(self) -> None:
        """Make SQLite's own indexes anew from its tables."""
        with self._connections.taken() as connection, schema.reporting(self._path):
            connection.execute("REINDEX")

    def damaged_rows(self) -> list[tuple[str, int]]:
        """Table and rowid of every row that fails its checksum and can be made anew."""
        damaged: list[tuple[str, int]] = []
        for table, columns in _DERIVED.items():
            with self._connections.taken() as connection, schema.reporting(self._path):
                rows = connection.execute(f"SELECT rowid, checksum, {columns} FROM {table}")
                damaged += [
                    (table, rowid)
                    for rowid, stored, *values in rows
                    if schema.checksum(*values) != stored
                    and (table != "notes" or is_remade(str(values[0])))
                ]
        return damaged

    def discard(self, rows: Iterable[tuple[str, int]]) -> None:
        """Remove derived rows, to be derived anew."""
        for table, rowid in rows:
            self.connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))

    def drop_unused_vectors(self) -> None:
        """Remove the vectors that no passage uses."""
        self.connection.execute(
            "DELETE FROM vectors WHERE NOT EXISTS "
            "(SELECT 1 FROM passages WHERE passages.input_hash = vectors.input_hash)"
        )

    def damaged_attributes(self) -> list[int]:
        """Keys of the documents whose attributes fail their checksum, ascending."""
        rows = self._all(
            f"SELECT document_key, attributes_checksum, {ATTRIBUTE_COLUMNS} FROM documents "
            "ORDER BY 1",
            (),
        )
        return [key for key, stored, *values in rows if schema.checksum(key, *values) != stored]

    def restore_attributes(self, keys: Iterable[int]) -> None:
        """
        Compute attributes anew from the documents as they were given, where those are whole.

        Keys stay, so nothing that is made of them changes. A document that could
        not be found under its id, and was added again since, gives way to the newer one.
        """
        wanted = set(keys)
        found = {key: face for key in sorted(wanted) for key, face in self._whole(key).items()}
        for key in found:  # two ids may have changed places
            self.connection.execute(
                "UPDATE documents SET document_id = ? WHERE document_key = ?", (f" {key}", key)
            )
        for key, face in found.items():
            standing, _ = self.keys_by_id([face.id]).get(face.id, (None, ""))
            if standing is None:
                self._set_attributes(key, face)
            elif standing not in wanted - found.keys():
                self._drop_rows([f" {key}"], "replace")

    def _whole(self, key: int) -> dict[int, Document]:
        """A document by its key, or nothing if it is damaged itself."""
        try:
            return self.documents([key])
        except DamagedRecordError:
            return {}

    def _set_attributes(self, key: int, document: Document, detected: str | None = None) -> None:
        values = _attribute_values(document, detected)
        self.connection.execute(
            f"UPDATE documents SET ({ATTRIBUTE_COLUMNS}) = ({_marks(values)}), "
            "attributes_checksum = ? WHERE document_key = ?",
            (*values, schema.checksum(key, *values), key),
        )

    def _drop_rows(self, ids: Iterable[str], operation: str) -> list[str]:
        """Ids that were dropped; the inputs of their passages count as released."""
        found = self.keys_by_id(ids)
        keys = [key for key, _ in found.values()]
        inputs = self._many("SELECT input_hash FROM passages WHERE document_key IN", keys)
        for key, content in found.values():
            self.connection.execute("DELETE FROM documents WHERE document_key = ?", (key,))
            self._log(operation, key, content)
        self._released.update(row[0] for row in inputs)
        return list(found)

    def _drop_unused_vectors(self, input_hashes: Iterable[str]) -> None:
        self.connection.executemany(
            "DELETE FROM vectors WHERE input_hash = ?1 AND NOT EXISTS "
            "(SELECT 1 FROM passages WHERE input_hash = ?1)",
            [(input_hash,) for input_hash in input_hashes],
        )

    def _insert_document(
        self, document: Document, raw: str, content: str, detected: str | None = None
    ) -> int:
        values = _attribute_values(document, detected)
        cursor = self.connection.execute(
            f"INSERT INTO documents ({ATTRIBUTE_COLUMNS}, attributes_checksum, raw, "
            f"content_hash, raw_checksum) VALUES ({_marks(values)}, x'', ?, ?, x'')",
            (*values, raw, content),
        )
        key = cursor.lastrowid or 0
        self.connection.execute(
            "UPDATE documents SET attributes_checksum = ?, raw_checksum = ? WHERE document_key = ?",
            (
                schema.checksum(key, *values),
                schema.checksum(key, raw, content),
                key,
            ),
        )
        return key

    def _insert_derived(self, key: int, prepared: PreparedDocument, fingerprint: str) -> None:
        cleaned = prepared.cleaned
        sections = json.dumps([part.model_dump(mode="json") for part in cleaned.sections])
        text = (cleaned.title, cleaned.text, sections)
        row = (key, fingerprint, *text, prepared.learned, len(prepared.passages))
        self.connection.execute(
            "INSERT INTO cleaned VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, schema.checksum(*row))
        )
        for passage, input_hash in zip(prepared.passages, prepared.input_hashes, strict=True):
            values = (
                key,
                fingerprint,
                passage.ordinal,
                passage.section.value,
                *passage[2:],
                input_hash,
            )
            self.connection.execute(
                f"INSERT INTO passages ({PASSAGE_COLUMNS}, checksum) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, schema.checksum(*values)),
            )

    def _log(self, operation: str, key: int, content: str) -> None:
        chain = schema.next_chain(self.position().chain, operation, key, content)
        self.connection.execute(
            "INSERT INTO changes (operation, document_key, content_hash, chain) "
            "VALUES (?, ?, ?, ?)",
            (operation, key, content, chain),
        )


def _marks(values: Sized) -> str:
    return ", ".join("?" * len(values))


def _attribute_values(document: Document, detected: str | None) -> list[str | int | None]:
    """The columns of `ATTRIBUTE_COLUMNS` as SQLite gives them back: a bool is an integer there."""
    _, *plain, merged_ids, tags = attributes_of(document, detected)
    lists = [json.dumps(each, ensure_ascii=False) for each in (merged_ids, tags)]
    return [*(int(v) if isinstance(v, bool) else v for v in plain), *lists]
