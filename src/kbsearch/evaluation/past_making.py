"""From what stands on a shelf to all versions of it, cleaned, cut and embedded as the desk does."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.embed import Embedder, Fingerprint, checked_vectors
from kbsearch.errors import InvalidDocumentError
from kbsearch.evaluation.past_passages import PastPassages, Span
from kbsearch.evaluation.past_shelf import PastShelf
from kbsearch.evaluation.past_words import PastWords
from kbsearch.evaluation.versions import Version, versions_of
from kbsearch.indexing.prepare import cut_passages
from kbsearch.lexical import ExactIndex
from kbsearch.models import Article, Audience, Document, SectionKind
from kbsearch.store import Attributes, attributes_of, content_hash, exact_keys
from kbsearch.text import AUTO, Analyzer, Cleaner, LanguageDetector, field_terms

_TEXTS_AT_A_TIME = 2048

KeptVectors = Callable[[Collection[str]], Mapping[str, Float32]]
"""Of these hashes of inputs, the vectors that are at hand."""


def no_vectors(_: Collection[str]) -> Mapping[str, Float32]:
    """Nothing is at hand: every text is embedded."""
    return {}


class Making(NamedTuple):
    """
    What documents are read, cut and embedded with, as the desk does it.

    Attributes:
        embedder: Of the desk.
        fingerprint: Of its indexes.
        analyzer: Of its words.
    """

    embedder: Embedder
    fingerprint: Fingerprint
    analyzer: Analyzer

    @property
    def cleaner(self) -> Cleaner:
        """Without learned boilerplate, which is known from the whole of a desk's life."""
        return Cleaner(cuts_mail=self.fingerprint.cleaning == "mail")


class PastShelfMaker:
    """
    Takes in what stands on a shelf, document by document, and makes its past.

    Args:
        name: Of the shelf.
        making: What documents are read with.
        kept: Vectors that need not be made again.
        growth: See `PastMeasures`.
    """

    def __init__(
        self, name: str, making: Making, *, kept: KeptVectors = no_vectors, growth: float = 0.1
    ) -> None:
        self._name, self._making, self._kept, self._growth = name, making, kept, growth
        self._cleaner = making.cleaner
        analyzer = making.analyzer
        is_auto = analyzer.language == AUTO
        self._detector = LanguageDetector(analyzer.languages) if is_auto else None
        self._attributes: list[Attributes] = []
        self._spans = array("q"), array("q"), array("b")
        self._words, self._passages = PastWords(), PastPassages()
        self._exact_keys: list[Collection[str]] = []
        self._numbers: dict[str, int] = {}
        self._vectors: list[Float32] = []
        self._waiting: dict[str, str] = {}
        self._n_embedded, self._changed = 0, set[str]()

    def add(self, face: Document) -> None:
        """Take in all versions of what stands on the shelf of a document."""
        if isinstance(face, Article) and _is_changed(face):
            self._changed.add(face.id)
        offsets = cache(self._making.embedder.token_offsets)
        has_all_times = self._name != Audience.EXTERNAL.value
        for version in versions_of(face, has_all_times=has_all_times):
            self._add(version, offsets)
        if len(self._waiting) >= _TEXTS_AT_A_TIME:
            self._embed()

    def _add(self, version: Version, offsets: Callable[[str], Int64]) -> None:
        try:
            cleaned = self._cleaner.document(version.face)
        except InvalidDocumentError:  # nothing of it could be read yet
            return
        detected = None
        if self._detector is not None and version.face.language is None:
            detected = self._detector.detect(f"{cleaned.title}\n{cleaned.text}")
        row = attributes_of(version.face, detected)
        self._attributes.append(row)
        for column, value in zip(self._spans, version[1:], strict=True):
            column.append(value)
        analyzer = self._making.analyzer.in_language(row.language)
        self._words.add(field_terms(cleaned, row.tags, analyzer))
        self._exact_keys.append(exact_keys(row, cleaned))
        passages, inputs = cut_passages(cleaned, offsets, self._making.fingerprint)
        numbers = [self._number(text) for text in inputs]
        self._passages.add(numbers, [one.section is SectionKind.TITLE for one in passages])

    def _number(self, text: str) -> int:
        digest = content_hash(text)
        if digest not in self._numbers:
            self._numbers[digest] = len(self._numbers)
            self._waiting[digest] = text
        return self._numbers[digest]

    def _embed(self) -> None:
        known = dict(self._kept(self._waiting.keys()))
        new = [digest for digest in self._waiting if digest not in known]
        if new:
            embedder = self._making.embedder
            found = embedder.embed_passages([self._waiting[digest] for digest in new])
            known |= zip(new, checked_vectors(found, len(new), embedder.fingerprint), strict=True)
        self._vectors += [known[digest] for digest in self._waiting]
        self._n_embedded += len(new)
        self._waiting.clear()

    def made(self) -> PastShelf:
        """The shelf; nothing can be added any more."""
        self._embed()
        dim = self._making.fingerprint.embedder.dim
        vectors = np.array(self._vectors, dtype=np.float32).reshape(-1, dim)
        del self._vectors
        from_us, until_us = (np.frombuffer(each, dtype=np.int64) for each in self._spans[:2])
        is_current = np.frombuffer(self._spans[2], dtype=np.bool_)
        ids = [row.document_id for row in self._attributes]
        order = np.array(
            sorted(range(len(ids)), key=lambda row: (from_us[row], ids[row], row)), dtype=np.int64
        )
        self._words.arranged(order)
        self._passages.arranged(order, vectors)
        return PastShelf(
            self._name,
            [self._attributes[row] for row in order],
            Span(from_us[order], until_us[order], is_current[order]),
            words=self._words,
            passages=self._passages,
            exact=ExactIndex([self._exact_keys[row] for row in order]),
            growth=self._growth,
            changed_articles=self._changed,
            n_embedded=self._n_embedded,
        )


def _is_changed(article: Article) -> bool:
    created, changed = article.created_at, article.updated_at
    return created is not None and changed is not None and created < changed
