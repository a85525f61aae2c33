"""BM25 by bm25s: scores are computed when the index is built and added up at search time."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kbsearch.arrays import Float32, array_from_bytes
from kbsearch.lexical.base import LexicalIndex, Statistics

_ARRAYS = ("data", "indices", "indptr")
_METHOD = "lucene"
_EMPTY_PLACEHOLDER = ""  # bm25s needs one term in the vocabulary; no text gives this one


class Bm25Index(LexicalIndex):
    """
    Lucene's BM25.

    Args:
        documents: The terms of each document; may be empty, may hold empty ones.
        k1: Saturation of repeated terms.
        b: How far long documents are discounted.

    Source:
        Robertson & Zaragoza 2009; Lù, "BM25S", 2024 (method "lucene").
    """

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float, b: float) -> None:
        vocabulary = sorted({term for terms in documents for term in terms} | {_EMPTY_PLACEHOLDER})
        ids = {term: number for number, term in enumerate(vocabulary)}
        self._vocabulary = ids
        self._k1, self._b = k1, b
        lengths = [len(terms) for terms in documents]
        self._mean_length = float(np.mean(lengths)) if lengths else 0.0
        self._engine = _engine(k1, b)
        if any(lengths):
            token_ids = [[ids[term] for term in terms] for terms in documents]
            self._engine.index((token_ids, ids), show_progress=False, create_empty_token=False)
        else:
            self._engine.scores = _no_scores(len(documents), len(vocabulary))

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Bm25Index:
        """Read what `to_files` wrote. The caller has verified the bytes' hashes."""
        header = json.loads(files["header.json"])
        found = cls.__new__(cls)
        found._k1, found._b = header["k1"], header["b"]
        found._mean_length = header["mean_length"]
        terms = json.loads(files["vocabulary.json"])
        found._vocabulary = {term: number for number, term in enumerate(terms)}
        found._engine = _engine(found._k1, found._b)
        scores: dict[str, Any] = {name: array_from_bytes(files[f"{name}.npy"]) for name in _ARRAYS}
        found._engine.scores = scores | {"num_docs": header["n_documents"]}
        return found

    def __len__(self) -> int:
        return int(self._engine.scores["num_docs"])

    @property
    def statistics(self) -> Statistics:
        """Document frequencies are read off the postings, so they cannot disagree with them."""
        return Statistics(len(self), self._mean_length, _Frequencies(self))

    def to_files(self) -> dict[str, bytes]:
        """Arrays as npy, vocabulary and parameters as JSON."""
        header = {
            "n_documents": len(self),
            "mean_length": self._mean_length,
            "k1": self._k1,
            "b": self._b,
        }
        files = {
            "header.json": json.dumps(header, sort_keys=True).encode(),
            "vocabulary.json": json.dumps(list(self._vocabulary)).encode(),
        }
        for name in _ARRAYS:
            buffer = io.BytesIO()
            np.save(buffer, self._engine.scores[name], allow_pickle=False)
            files[f"{name}.npy"] = buffer.getvalue()
        return files

    def _scores(self, terms: Sequence[str]) -> Float32:
        ids = [self._vocabulary[term] for term in terms if term in self._vocabulary]
        if not ids:
            return np.zeros(len(self), dtype=np.float32)
        scores: Float32 = self._engine.get_scores_from_ids(ids)
        return scores

    def _document_frequency(self, term: str) -> int:
        number = self._vocabulary.get(term)
        if number is None:
            return 0
        bounds = self._engine.scores["indptr"]
        return int(bounds[number + 1] - bounds[number])


class _Frequencies(Mapping[str, int]):
    """A term's document frequency, looked up when it is asked for."""

    def __init__(self, index: Bm25Index) -> None:
        self._index = index

    def __getitem__(self, term: str) -> int:
        return self._index._document_frequency(term)

    def __iter__(self) -> Any:
        return iter(self._index._vocabulary)

    def __len__(self) -> int:
        return len(self._index._vocabulary)


def _engine(k1: float, b: float) -> Any:
    import bm25s

    _leave_out_hidden_bars(bm25s, bm25s.scoring)
    engine = bm25s.BM25(k1=k1, b=b, method=_METHOD, backend="numpy", csc_backend="numpy")
    engine.nonoccurrence_array = None  # set by index(); this method never needs one
    return engine


def _leave_out_hidden_bars(*modules: Any) -> None:
    """
    Keep bm25s from making progress bars that nobody sees.

    Even such a bar takes tqdm's lock, which processes share over a fork: one that
    is killed while it holds it would leave all others waiting for ever.
    """
    for module in modules:
        shown = module.tqdm
        if getattr(shown, "leaves_out_hidden", False):
            continue

        def bar(*args: Any, shown: Any = shown, **options: Any) -> Any:
            return args[0] if options.get("disable") else shown(*args, **options)

        bar.leaves_out_hidden = True  # type: ignore[attr-defined]
        module.tqdm = bar


def _no_scores(n_documents: int, n_terms: int) -> dict[str, Any]:
    return {
        "data": np.zeros(0, np.float32),
        "indices": np.zeros(0, np.int32),
        "indptr": np.zeros(n_terms + 1, np.int64),
        "num_docs": n_documents,
    }
