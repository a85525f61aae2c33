"""What measured questions are asked of: documents of their day that the desk's ranking proposes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.config import RankingSettings
from kbsearch.embed import Embedder, Fingerprint
from kbsearch.evaluation import Question
from kbsearch.models import Audience, Document, Filters, Kind, SectionKind, Ticket
from kbsearch.rank import Circumstances, Signals, fuse, prior_factors
from kbsearch.search import ShelfReader
from kbsearch.search.asking import Query, QueryMaker
from kbsearch.search.candidates import Candidates
from kbsearch.search.merging import newest_copies
from kbsearch.store import RecordReader, to_us
from kbsearch.text import passage_input, title_context

_N_PROPOSED = 200
_N_COMPARED = 100
"""
Ten times what is measured: of 20 an adapted model can hardly bring up what should stay below,
and looks better than it is.
"""
_PASSAGES_PER_DOCUMENT = 2
"""The nearest ones by the base: a handbook of a thousand would take all the time."""


class Asked(NamedTuple):
    """
    What of a desk is asked.

    Attributes:
        audience: Who asks.
        readers: Shelves that they may see, by name.
        records: Of the same shelves.
        embedder: The base.
        fingerprint: Of the desk.
        ranking: Weights of the stages, and priors.
        maker: Makes queries with an embedder.
        document: Of an id, None if it is not there.
        now: When questions are asked of which nobody knows when.
    """

    audience: Audience
    readers: Mapping[str, ShelfReader]
    records: Mapping[str, RecordReader]
    embedder: Embedder
    fingerprint: Fingerprint
    ranking: RankingSettings
    maker: Callable[[Embedder], QueryMaker]
    document: Callable[[str], Document | None]
    now: datetime

    def query(self, question: Question, maker: QueryMaker) -> Query | None:
        """A question as the desk asks it; None if it has no words, or its ticket is gone."""
        if question.text is not None:
            return maker.question(question.text)
        ticket = self.document(question.ticket_id or "")
        return maker.problem(ticket) if isinstance(ticket, Ticket) else None

    def asked_us(self, question: Question) -> int:
        """When a question was asked, microseconds since 1970 UTC."""
        ticket = None
        if question.asked_at is None and question.text is None:
            ticket = self.document(question.ticket_id or "")
        moment = ticket.created_at if ticket is not None else question.asked_at
        return to_us(moment or self.now) or 0

    def known_then(self, relevance: Mapping[str, int], asked_us: int) -> dict[str, int]:
        """Of judged documents those that stood on the desk, or of which nobody knows when."""
        found = {}
        for document_id, grade in relevance.items():
            document = self.document(document_id)
            if document is None:
                continue
            created_us = to_us(document.created_at)
            if created_us is None or created_us < asked_us:
                found[document_id] = grade
        return found


class Compared(NamedTuple):
    """
    One document that is compared with a question.

    Attributes:
        id: Of the document.
        passages: Hashes of its nearest passages' inputs; at least one.
        title: Likewise of its title, if that is embedded alone.
    """

    id: str
    passages: tuple[str, ...]
    title: str | None


class Pool(NamedTuple):
    """
    One question and the documents that are put in order.

    Attributes:
        question: Of the label.
        relevance: Of every judged document of the question's day, here or not.
        documents: (n,), by id.
        words: What BM25 says of them, as the desk does; cosines are left at zero.
        priors: What their scores are multiplied by, (n,).
        base: Vector of the question by the base, (dim,).
    """

    question: Question
    relevance: Mapping[str, int]
    documents: tuple[Compared, ...]
    words: Signals
    priors: Float32
    base: Float32


class Inputs(NamedTuple):
    """By hash of its input, what is embedded for a passage, and the base's vector of it."""

    texts: dict[str, str]
    vectors: dict[str, Float32]


def make_pool(
    question: Question, relevance: Mapping[str, int], asked: Asked, maker: QueryMaker, known: Inputs
) -> Pool | None:
    """
    What the desk would propose of what stood there on the day, to be ordered anew.

    Both models order the same documents, the first hundred of the desk's own ranking: a
    document that only the adapted one would find is counted neither for nor against it.
    None if nothing stood there that answers.

    Args:
        question: Of the label.
        relevance: Of judged documents.
        asked: The desk.
        maker: Of queries, with the base.
        known: Inputs of passages; those of this pool are added.
    """
    query = asked.query(question, maker)
    asked_us = asked.asked_us(question)
    relevance = asked.known_then(relevance, asked_us)
    if query is None or not any(relevance.values()):
        return None
    parts = newest_copies(list(_candidates(query, question, asked, asked_us)))
    if not any(part.document_ids for part in parts):
        return None
    signals = Signals(*map(np.concatenate, zip(*(part.signals for part in parts), strict=True)))
    ids = [one for part in parts for one in part.document_ids]
    keys = [(part.shelf, key) for part in parts for key in part.document_keys.tolist()]
    known_of = zip(*(part.circumstances for part in parts), strict=True)
    priors = prior_factors(Circumstances(*map(np.concatenate, known_of)), asked.ranking)
    scores = np.sum(list(fuse(signals, asked.ranking.weights).values()), axis=0) * priors
    best = np.lexsort((ids, -scores))[:_N_COMPARED]
    chosen = sorted(best.tolist(), key=lambda row: ids[row])
    documents = _compared([(ids[row], *keys[row]) for row in chosen], query.vector, asked, known)
    kept = [place for place, one in enumerate(documents) if one is not None]
    rows = [chosen[place] for place in kept]
    zeros = np.zeros(len(rows), dtype=np.float32)
    words = signals._replace(passages=zeros, titles=zeros)._asdict()
    of_rows = {name: zeros if each is zeros else each[rows] for name, each in words.items()}
    return Pool(
        question,
        relevance,
        tuple(one for one in documents if one is not None),
        Signals(**of_rows),
        priors[rows],
        query.vector,
    )


def _candidates(
    query: Query, question: Question, asked: Asked, asked_us: int
) -> Iterable[Candidates]:
    own = (question.ticket_id,) if question.ticket_id else ()
    for shelf, reader in asked.readers.items():
        is_copy = asked.audience is Audience.INTERNAL and shelf == Audience.EXTERNAL.value
        found = reader.candidates(
            query.vector,
            query.terms[shelf],
            Filters(exclude_ids=own, kind=Kind.ARTICLE if is_copy else None),
            now_us=asked_us,
            only_valid=asked.audience is Audience.EXTERNAL,
            n=_N_PROPOSED,
            asked=query.question.asked,
        )
        yield found.kept(~(found.circumstances.age_days < 0))  # of unknown age is kept


def _compared(
    documents: Sequence[tuple[str, str, int]], query: Float32, asked: Asked, known: Inputs
) -> list[Compared | None]:
    """Their passages; None for a document that has gone in the meantime."""
    found: dict[tuple[str, int], Compared] = {}
    for shelf, records in asked.records.items():
        wanted = {key: one for one, of, key in documents if of == shelf}
        if not wanted:
            continue
        with records.reading():
            cleaned = records.cleaned(list(wanted), asked.fingerprint.key)
            stored = records.passages(list(wanted), asked.fingerprint.key)
            vectors = records.vectors_of(stored, asked.fingerprint.embedder.key)
        room = {
            "max_tokens": asked.fingerprint.passage_tokens,
            "title_max_tokens": asked.fingerprint.title_tokens,
        }
        for key, document_id in wanted.items():
            own = [one for one in stored if one.document_key == key]
            if key not in cleaned or not own:
                continue
            titles = [one for one in own if one.passage.section is SectionKind.TITLE]
            others = [one for one in own if one.passage.section is not SectionKind.TITLE]
            others.sort(key=lambda one: -float(vectors[one.input_hash] @ query))
            nearest = others[:_PASSAGES_PER_DOCUMENT]
            text = cleaned[key]
            context = title_context(text.title, asked.embedder.token_offsets, **room)
            for one in (*nearest, *titles):
                known.vectors[one.input_hash] = vectors[one.input_hash]
                known.texts[one.input_hash] = passage_input(text, one.passage, context)
            title = titles[0].input_hash if titles else None
            hashes = tuple(one.input_hash for one in nearest)
            found[shelf, key] = Compared(document_id, hashes, title)
    return [found.get((shelf, key)) for _, shelf, key in documents]
