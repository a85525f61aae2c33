"""The live and the new indexes of a desk, each asked with its own model and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32, Int64
from kbsearch.config import EmbedderKind, RankingSettings, Settings
from kbsearch.embed import Embedder, Fingerprint, checked_vectors, make_embedder
from kbsearch.embed.fingerprint import EmbedderFingerprint
from kbsearch.errors import ConfigError, EmbedderError
from kbsearch.lexical.synonyms import Synonyms
from kbsearch.models import Audience
from kbsearch.search import PinnedReader, Searcher
from kbsearch.text import Analyzer
from kbsearch.text.words import ANALYZER_VERSION

_ANALYZER = re.compile(r"([a-z]+)(?:\(([A-Za-z0-9,-]*)\))?-([0-9]+)")
_QUERIES_PER_CALL = 64


class RememberedQueries:
    """
    An embedder that is asked for each query once; both sides of a comparison share it.

    Args:
        embedder: Makes the vectors.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Float32] = {}

    @property
    def fingerprint(self) -> EmbedderFingerprint:
        """Of the embedder."""
        return self._embedder.fingerprint

    def token_offsets(self, text: str) -> Int64:
        """As the embedder's."""
        return self._embedder.token_offsets(text)

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        """As the embedder's."""
        return self._embedder.embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """As the embedder's, from memory where it can be."""
        self.learn(texts)
        return np.stack([self._known[text] for text in texts])

    def learn(self, texts: Sequence[str]) -> None:
        """Embed what is not known yet, many at once; texts of one audience alone."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(new), _QUERIES_PER_CALL):
            piece = new[start : start + _QUERIES_PER_CALL]
            vectors = self._embedder.embed_queries(piece)
            found = checked_vectors(vectors, len(piece), self._embedder.fingerprint)
            self._known.update(zip(piece, found, strict=True))


class Side(NamedTuple):
    """
    One state of a desk that can be asked.

    Attributes:
        readers: By shelf.
        embedder: Makes the vectors of queries.
        analyzer: Makes their terms.
    """

    readers: dict[str, PinnedReader]
    embedder: RememberedQueries
    analyzer: Analyzer

    def searcher(
        self,
        audience: Audience,
        shelves: Sequence[str],
        ranking: RankingSettings,
        *,
        clock: Callable[[], datetime],
        synonyms: Callable[[], Synonyms],
        corrects_spelling: bool,
    ) -> Searcher:
        """Asks these shelves as the desk does, but for a reranker: that is no part of an index."""
        return Searcher(
            audience,
            [self.readers[shelf] for shelf in shelves],
            self.embedder,
            self.analyzer,
            ranking,
            clock=clock,
            synonyms=synonyms,
            corrects_spelling=corrects_spelling,
        )

    def pin(self, reader: PinnedReader) -> None:
        """Ask one more shelf, as it stands now."""
        self.readers[reader.shelf] = reader
        reader.pin()

    def with_reader(self, shelf: str, reader: PinnedReader) -> Side:
        """The same with another reader of one shelf."""
        return self._replace(readers={**self.readers, shelf: reader})

    def close(self) -> None:
        """Close the readers."""
        for reader in self.readers.values():
            reader.close()


def embedder_of_live(
    fingerprints: Sequence[Fingerprint],
    new: RememberedQueries,
    settings: Settings,
    previous: Embedder | None,
) -> RememberedQueries | None:
    """
    What the live indexes are asked with; None if it is not at hand any more.

    Args:
        fingerprints: Of the live shelves.
        new: The embedder of the new indexes.
        settings: Of the desk; a model that they named before may still be on this machine.
        previous: The embedder that the live indexes were made with, if somebody gives it.

    Raises:
        ConfigError: If the previous embedder is not the one that they were made with.
    """
    known = {each.embedder.key: each.embedder for each in fingerprints}
    if not known or known.keys() == {new.fingerprint.key}:
        return new
    if len(known) > 1:
        return None
    ((key, wanted),) = known.items()
    if previous is not None and previous.fingerprint.key != key:
        raise ConfigError(
            f"previous_embedder is {str(previous.fingerprint)!r}, but the live indexes were made "
            f"with {str(wanted)!r}. Give that one, or leave it out."
        )
    found = previous or _made_again(wanted, settings)
    return None if found is None else RememberedQueries(found)


def _made_again(wanted: EmbedderFingerprint, settings: Settings) -> Embedder | None:
    """The embedder of an old fingerprint, if its name leads to the same model here."""
    if wanted.kind not in tuple(EmbedderKind):
        return None
    chosen = settings.embedder.model_copy(
        update={
            "kind": EmbedderKind(wanted.kind),
            "model": wanted.model,
            "revision": wanted.revision,
            "allow_download": False,
            "max_tokens": wanted.max_tokens,
            "query_prompt": wanted.query_prompt,
            "passage_prompt": wanted.passage_prompt,
            "dim": wanted.dim,
        }
    )
    try:
        found = make_embedder(chosen)
        return found if found.fingerprint.key == wanted.key else None
    except (EmbedderError, ConfigError):
        return None


def analyzer_of_live(fingerprints: Sequence[Fingerprint], new: Analyzer) -> Analyzer | None:
    """What made the words of the live indexes; None if this kbsearch cannot make them any more."""
    known = {each.analyzer for each in fingerprints}
    if not known or known == {new.fingerprint}:
        return new
    match = _ANALYZER.fullmatch(known.pop())
    if known or match is None or int(match[3]) != ANALYZER_VERSION:
        return None
    languages = tuple(match[2].split(",")) if match[2] else ()
    try:
        return Analyzer(match[1], languages)
    except ConfigError:
        return None
