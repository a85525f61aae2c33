"""What is read from one shelf's records once it is known which documents are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from kbsearch.arrays import Float32
from kbsearch.embed import Fingerprint
from kbsearch.models import Article, Document, Votes
from kbsearch.store import RecordReader, StoredPassage
from kbsearch.text import CleanDocument, Cleaner


class Details(NamedTuple):
    """What a hit is made of, read from the records."""

    document: Document
    cleaned: CleanDocument
    passages: list[StoredPassage]
    language: str | None = None


class ShelfRecords:
    """The records of one shelf, for searches of it."""

    _records: RecordReader
    _fingerprint: Fingerprint

    def cleaner(self) -> Cleaner:
        """What texts of this shelf are cleaned with."""
        cuts_mail = self._fingerprint.cleaning == "mail"
        return Cleaner(self._records.boilerplate(), cuts_mail=cuts_mail)

    def standing(self, ids: Iterable[str]) -> set[str]:
        """Of these ids, those that stand here."""
        return set(self._records.keys_by_id(list(ids)))

    def details(self, document_keys: Sequence[int]) -> dict[int, Details]:
        """Documents by key with all their passages; those that have gone are left out."""
        with self._records.reading():
            documents = self._records.documents(document_keys)
            rows = {row.document_key: row for row in self._records.attributes(documents)}
            cleaned = self._records.cleaned(documents, self._fingerprint.key)
            passages = self._records.passages(cleaned, self._fingerprint.key)
        found = {
            key: Details(documents[key], cleaned[key], [], rows[key].language) for key in cleaned
        }
        for passage in passages:
            found[passage.document_key].passages.append(passage)
        return {key: details for key, details in found.items() if details.passages}

    def vectors_of(self, details: Iterable[Details]) -> dict[str, Float32]:
        """Unit vectors (dim,) of all passages of documents, by the hash of their input."""
        passages = [passage for one in details for passage in one.passages]
        inputs = {passage.input_hash for passage in passages}
        return self._records.vectors(inputs, self._fingerprint.embedder.key)

    def votes_on(self, document_id: str) -> Votes:
        """What this shelf's readers said of a document, here or not."""
        return self._records.votes(document_id)

    def get(self, document_id: str) -> Document | None:
        """The document as it stands on this shelf, or None."""
        with self._records.reading():
            found = self._records.keys_by_id([document_id])
            if document_id not in found:
                return None
            key = found[document_id][0]
            return self._records.documents([key])[key]

    def superseding(self, ids: Collection[str]) -> list[Article]:
        """The articles here that say that they supersede one of these, by document key."""
        with self._records.reading():
            found = self._records.documents(self._records.keys_naming(ids))
        return [
            document
            for _, document in sorted(found.items())
            if isinstance(document, Article) and not set(ids).isdisjoint(document.supersedes)
        ]
