"""Reading a shelf's records. Every row is verified against its checksum before it is used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from kbsearch.arrays import Float32
from kbsearch.embed.fingerprint import Fingerprint
from kbsearch.errors import DamagedRecordError, StoreDamagedError
from kbsearch.locks import taking_turns
from kbsearch.models import Document, parse_document
from kbsearch.store import schema
from kbsearch.store.links import LinkReader
from kbsearch.store.rows import Attributes, Change, Position, StoredPassage, stored_passage
from kbsearch.text import Boilerplate, CleanDocument, Section

_LARGEST_KEY = 2**63 - 1

ATTRIBUTE_COLUMNS = (
    "document_id, kind, product, language, status, is_resolved, has_bad_outcome, created_us, "
    "valid_from_us, valid_until_us, merged_ids, tags"
)
_IDS_PER_READ = 10_000
_VECTORS_PER_READ = 10_000
BOILERPLATE = "boilerplate"
"""Under this name a shelf notes what it has learned."""
DROPPED = "dropped since boilerplate was learned"
_REMADE_NOTES = (BOILERPLATE, DROPPED, "why:")
"""Names begin so if a rebuild or the next import notes them again."""

PASSAGE_COLUMNS = (
    'document_key, fingerprint, ordinal, section, message_id, start, "end", n_tokens, '
    "n_unseen_tokens, input_hash"
)


def is_remade(note: str) -> bool:
    """
    Whether what is noted under this name may be removed, to be noted again.

    What must not come back after forgetting, and the receipts, exist nowhere else:
    without them it would be let in again.
    """
    return note.startswith(_REMADE_NOTES)


class RecordReader(LinkReader):
    """
    The records of one shelf, for reading, from any thread and after any fork.

    Args:
        path: An existing records.sqlite.
        audience: Whose documents it must hold.

    Raises:
        AudienceMismatchError: If it holds another audience's.
        StoreError: If it cannot be read.
    """

    def sequence(self) -> int:
        """Number of the newest change; 0 on a fresh shelf. Only a restored backup goes back."""
        return self.position().sequence

    def position(self) -> Position:
        """The newest change with its chain: which state of which history this is."""
        row = self._maybe("SELECT sequence, chain FROM changes ORDER BY sequence DESC LIMIT 1")
        return Position(*row) if row else Position(0, schema.CHAIN_START)

    def chain_at(self, sequence: int) -> str | None:
        """
        The chain up to a change; None if there is no such change.

        What was derived from other records than these, or from a later state of
        them, has another chain at its sequence number.
        """
        if sequence == 0:
            return schema.CHAIN_START
        row = self._maybe("SELECT chain FROM changes WHERE sequence = ?", (sequence,))
        return None if row is None else str(row[0])

    def fingerprint_key(self) -> str | None:
        """Key of the fingerprint that documents are written with; None on a fresh shelf."""
        return self._meta("fingerprint_key")

    def fingerprint(self) -> Fingerprint | None:
        """The same fingerprint, whole: what a snapshot is published under without a model."""
        value = self._meta("fingerprint")
        try:
            return None if value is None else Fingerprint.model_validate_json(value)
        except ValidationError:
            raise StoreDamagedError(self.path, "its fingerprint cannot be read") from None

    def fingerprint_name(self) -> str | None:
        """The same fingerprint as people read it."""
        return self._meta("fingerprint_name")

    def embedder_key(self) -> str | None:
        """Key that the vectors of those documents are kept under."""
        return self._meta("embedder_key")

    def last_drop(self) -> int:
        """Sequence number of the newest change that took a document off this shelf, or 0."""
        (newest,) = self._one(
            "SELECT COALESCE(MAX(sequence), 0) FROM changes WHERE operation = 'drop'"
        )
        return int(newest)

    def changes_since(self, sequence: int) -> list[Change]:
        """
        The changes after `sequence`, oldest first, verified as a chain.

        After 0, for who knows nothing yet: what stands here was put.
        """
        if sequence == 0:
            newest = self.sequence()
            return [Change(newest, True, key) for key in self.keys()]
        chain = self.chain_at(sequence)
        if chain is None:
            raise DamagedRecordError(self.shelf, "changes", sequence)
        rows = self._all(
            "SELECT sequence, operation, document_key, content_hash, chain FROM changes "
            "WHERE sequence > ? ORDER BY sequence",
            (sequence,),
        )
        found = []
        for number, operation, key, content, stored in rows:
            chain = schema.next_chain(chain, operation, key, content)
            if chain != stored:
                raise DamagedRecordError(self.shelf, "changes", number)
            found.append(Change(number, operation == "put", key))
        return found

    def count_changes_since(self, sequence: int) -> int:
        """Number of changes after `sequence`."""
        return int(self._one("SELECT COUNT(*) FROM changes WHERE sequence > ?", (sequence,))[0])

    def count(self) -> int:
        """Number of documents."""
        return int(self._one("SELECT COUNT(*) FROM documents")[0])

    def count_kinds(self) -> tuple[int, int, int]:
        """Number of articles, of tickets, and of resolved tickets."""
        articles, tickets, resolved = self._one(
            "SELECT COALESCE(SUM(kind = 'article'), 0), COALESCE(SUM(kind = 'ticket'), 0), "
            "COALESCE(SUM(is_resolved), 0) FROM documents"
        )
        return int(articles), int(tickets), int(resolved)

    def keys(self) -> list[int]:
        """The key of every document, ascending."""
        return [row[0] for row in self._all("SELECT document_key FROM documents ORDER BY 1", ())]

    def ids(self, prefix: str = "") -> Iterator[str]:
        """The ids that begin with `prefix`, by document key; what comes meanwhile is left out."""
        last = self._one("SELECT COALESCE(MAX(document_key), 0) FROM documents")[0]
        select = (
            "SELECT document_key, document_id FROM documents WHERE document_key > ? "
            "AND document_key <= ? ORDER BY document_key LIMIT ?"
        )
        key = 0
        while rows := self._all(select, (key, last, _IDS_PER_READ)):
            key = rows[-1][0]
            yield from (row[1] for row in rows if row[1].startswith(prefix))

    def unchanged(self, hashes: Mapping[str, str], fingerprint: str) -> set[str]:
        """Of these ids and content hashes, the ids that stand here, whole and derived, so."""
        found = self.keys_by_id(hashes)
        keys = {key: i for i, (key, content) in found.items() if content == hashes[i]}
        select = (
            "SELECT document_key, raw, content_hash, raw_checksum, attributes_checksum, "
            f"{ATTRIBUTE_COLUMNS} FROM documents WHERE EXISTS (SELECT 1 FROM cleaned "
            "WHERE cleaned.document_key = documents.document_key AND fingerprint = ?) "
            "AND document_key IN"
        )
        rows = self._many(select, keys, (fingerprint,))
        return {
            keys[key]
            for key, raw, content, of_raw, of_attributes, *values in rows
            if schema.checksum(key, raw, content) == of_raw
            and schema.checksum(key, *values) == of_attributes
        }

    def keys_by_id(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Document key and content hash of those ids that stand here."""
        rows = self._many(
            "SELECT document_id, document_key, content_hash FROM documents WHERE document_id IN",
            ids,
        )
        return {document_id: (key, content) for document_id, key, content in rows}

    def attributes(self, keys: Iterable[int] | None = None) -> list[Attributes]:
        """Attributes in the order of document keys; of all documents, or of those that exist."""
        select = f"SELECT document_key, {ATTRIBUTE_COLUMNS}, attributes_checksum FROM documents"
        if keys is None:
            rows = self._all(f"{select} ORDER BY document_key", ())
        else:
            rows = sorted(self._many(f"{select} WHERE document_key IN", keys))
        return [self._attributes(row) for row in taking_turns(rows)]

    def documents(self, keys: Iterable[int]) -> dict[int, Document]:
        """The documents as they were given, by key, those that still exist."""
        select = (
            "SELECT document_key, raw, content_hash, raw_checksum FROM documents "
            "WHERE document_key IN"
        )
        found = {}
        for key, raw, content, stored in self._many(select, keys):
            self._verify("documents", key, stored, key, raw, content)
            found[key] = parse_document(raw)
        return found

    def cleaned(self, keys: Iterable[int], fingerprint: str) -> dict[int, CleanDocument]:
        """Cleaned documents by key, those that exist under this fingerprint."""
        select = (
            "SELECT document_key, title, text, sections, learned, n_passages, checksum "
            "FROM cleaned WHERE fingerprint = ? AND document_key IN"
        )
        found = {}
        for key, *values, stored in self._many(select, keys, (fingerprint,)):
            self._verify("cleaned", key, stored, key, fingerprint, *values)
            title, text, sections, _, _ = values
            found[key] = CleanDocument(
                title=title,
                text=text,
                sections=tuple(Section.model_validate(part) for part in json.loads(sections)),
            )
        return found

    def passages(self, keys: Iterable[int], fingerprint: str) -> list[StoredPassage]:
        """The passages of these documents, by document key and ordinal."""
        select = (
            f"SELECT passage_key, {PASSAGE_COLUMNS}, checksum FROM passages "
            "WHERE fingerprint = ? AND document_key IN"
        )
        found = []
        for passage_key, *values, stored in self._many(select, keys, (fingerprint,)):
            self._verify("passages", passage_key, stored, *values)
            found.append(stored_passage(passage_key, values))
        return sorted(found, key=lambda p: (p.document_key, p.passage.ordinal))

    def vectors(self, input_hashes: Iterable[str], embedder_key: str) -> dict[str, Float32]:
        """Unit vectors (dim,) by the hash of their input, those that are kept."""
        select = (
            "SELECT input_hash, vector, checksum FROM vectors "
            "WHERE embedder_key = ? AND input_hash IN"
        )
        found = {}
        for input_hash, vector, stored in self._many(select, input_hashes, (embedder_key,)):
            self._verify("vectors", input_hash, stored, input_hash, embedder_key, vector)
            found[input_hash] = np.frombuffer(vector, dtype="<f4").astype(np.float32)
        return found

    def inputs_of(self, keys: Iterable[int]) -> set[str]:
        """Hashes of the inputs of all passages of these documents."""
        rows = self._many("SELECT input_hash FROM passages WHERE document_key IN", keys)
        return {row[0] for row in rows}

    def inputs_in_use(self, input_hashes: Iterable[str]) -> set[str]:
        """Of these hashes of inputs, those that a passage has."""
        rows = self._many("SELECT input_hash FROM passages WHERE input_hash IN", input_hashes)
        return {row[0] for row in rows}

    def unverified_text(self, key: int) -> str:
        """What a document's row says, damaged or not: to compare with, never to be served."""
        row = self._maybe("SELECT CAST(raw AS BLOB) FROM documents WHERE document_key = ?", (key,))
        return bytes(row[0]).decode("utf-8", "replace") if row else ""

    def vectors_of(
        self, passages: Iterable[StoredPassage], embedder_key: str
    ) -> dict[str, Float32]:
        """
        The vectors of passages, by the hash of their input.

        Raises:
            DamagedRecordError: If one of them is lost.
        """
        wanted = {passage.input_hash for passage in passages}
        found = self.vectors(wanted, embedder_key)
        for lost in sorted(wanted - found.keys()):
            raise DamagedRecordError(self.shelf, "vectors", lost)
        return found

    def incomplete_keys(
        self, fingerprint: str, embedder_key: str, first: int = 0, last: int = _LARGEST_KEY
    ) -> list[int]:
        """Documents that lack something derived: never made under this fingerprint, or lost."""
        rows = self._all(
            "SELECT document_key FROM documents d WHERE document_key BETWEEN ?3 AND ?4 "
            "AND NOT EXISTS ("
            "SELECT 1 FROM cleaned c WHERE c.document_key = d.document_key "
            "AND c.fingerprint = ?1 AND c.n_passages = ("
            "SELECT COUNT(*) FROM passages p JOIN vectors v "
            "ON v.input_hash = p.input_hash AND v.embedder_key = ?2 "
            "WHERE p.document_key = d.document_key AND p.fingerprint = ?1)) "
            "ORDER BY document_key",
            (fingerprint, embedder_key, first, last),
        )
        return [row[0] for row in rows]

    def keys_learned_otherwise(self, learned: str, fingerprint: str) -> list[int]:
        """Documents that were cleaned with other boilerplate than the one with this key."""
        rows = self._all(
            "SELECT document_key FROM cleaned WHERE fingerprint = ? AND learned <> ? ORDER BY 1",
            (fingerprint, learned),
        )
        return [row[0] for row in rows]

    def boilerplate(self) -> Boilerplate:
        """What this shelf has learned; nothing on a fresh one."""
        value = self.notes([BOILERPLATE]).get(BOILERPLATE)
        return Boilerplate() if value is None else Boilerplate.model_validate_json(value)

    def notes(self, names: Iterable[str]) -> dict[str, str]:
        """What was noted under these names, those that are known."""
        select = "SELECT name, value, checksum FROM notes WHERE name IN"
        found = {}
        for name, value, stored in self._many(select, names):
            self._verify("notes", name, stored, name, value)
            found[name] = value
        return found

    def note_names(self, prefix: str) -> list[str]:
        """Names that begin with `prefix` (ASCII) under which something was noted."""
        rows = self._all(
            "SELECT name FROM notes WHERE name >= ? AND name < ?", (prefix, prefix + "\x7f")
        )
        return [row[0] for row in rows]

    def notes_from(self, prefix: str) -> dict[str, str]:
        """What was noted under names that begin with `prefix` (ASCII)."""
        return self.notes(self.note_names(prefix))

    def damaged_notes(self) -> list[str]:
        """Names of the notes that fail their checksum."""
        rows = self._all("SELECT name, value, checksum FROM notes ORDER BY name", ())
        return [str(row[0]) for row in rows if schema.checksum(*row[:2]) != row[2]]

    def count_unused_vectors(self) -> int:
        """Number of vectors that no passage uses, counted by many short reads."""
        (last,) = self._one("SELECT COALESCE(MAX(rowid), 0) FROM vectors")
        select = (
            "SELECT COUNT(*) FROM vectors WHERE rowid > ? AND rowid <= ? AND NOT EXISTS "
            "(SELECT 1 FROM passages WHERE passages.input_hash = vectors.input_hash)"
        )
        starts = range(0, last, _VECTORS_PER_READ)
        return sum(self._one(select, (s, s + _VECTORS_PER_READ))[0] for s in starts)

    def count_tokens(self, fingerprint: str) -> tuple[int, int, int]:
        """Number of passages, of their tokens, and of tokens that the model does not see."""
        passages, tokens, unseen = self._one(
            "SELECT COUNT(*), COALESCE(SUM(n_tokens), 0), COALESCE(SUM(n_unseen_tokens), 0) "
            "FROM passages WHERE fingerprint = ?",
            (fingerprint,),
        )
        return int(passages), int(tokens), int(unseen)

    def count_passages_since(self, sequence: int, fingerprint: str) -> int:
        """Passages of the documents that were put after `sequence` and still stand; 0 is all."""
        if sequence == 0:  # as for `changes_since`: the log may have been trimmed
            return self.count_tokens(fingerprint)[0]
        (count,) = self._one(
            "SELECT COUNT(*) FROM changes JOIN passages USING (document_key) "
            "WHERE sequence > ? AND operation = 'put' AND fingerprint = ?",
            (sequence, fingerprint),
        )
        return int(count)

    def structural_faults(self) -> list[str]:
        """What SQLite's own check of the file finds; empty if it is sound."""
        rows = self._all("PRAGMA integrity_check(20)", ())
        return [row[0] for row in rows if row[0] != "ok"]

    def _attributes(self, row: Sequence[Any]) -> Attributes:
        key, *values, stored = row
        self._verify("documents", key, stored, key, *values)
        *plain, created, start, end, merged_ids, tags = values
        document_id, kind, product, language, status, is_resolved, has_bad_outcome = plain
        return Attributes(
            document_key=key,
            document_id=document_id,
            kind=kind,
            product=product,
            language=language,
            status=status,
            is_resolved=bool(is_resolved),
            has_bad_outcome=bool(has_bad_outcome),
            created_us=created,
            valid_from_us=start,
            valid_until_us=end,
            merged_ids=tuple(json.loads(merged_ids)),
            tags=tuple(json.loads(tags)),
        )
