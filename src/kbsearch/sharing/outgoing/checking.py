"""What of a draft only staff know: copies, paraphrases, secrets, and ways into the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from kbsearch.arrays import Float32
from kbsearch.clock import utc_now
from kbsearch.config import SharingSettings
from kbsearch.embed import Embedder, checked_vectors
from kbsearch.errors import ConfigError
from kbsearch.models import (
    ArticleStatus,
    Filters,
    FindingKind,
    OutgoingReport,
    TextFinding,
    TextFormat,
    Ticket,
    TicketStatus,
)
from kbsearch.redact import Redactor
from kbsearch.search import Details, ShelfReader
from kbsearch.sharing.outgoing.draft import Draft, Unit
from kbsearch.sharing.outgoing.line_vectors import LineVectors
from kbsearch.sharing.outgoing.links import links_of_staff, links_to_documents, text_of
from kbsearch.sharing.outgoing.paraphrase import paraphrases, sees_meaning, suspects
from kbsearch.sharing.outgoing.plain_sight import (
    Known,
    host_findings,
    personal_findings,
    references,
)
from kbsearch.sharing.outgoing.references import Reference, urls
from kbsearch.sharing.outgoing.shingles import Weights, read_words
from kbsearch.sharing.outgoing.sources import Line, LineIndex, Match, Origin, lines_of
from kbsearch.sharing.outgoing.verdict import copy_of, is_told
from kbsearch.store import to_us
from kbsearch.text import Analyzer

MAX_DRAFT_CHARACTERS = 200_000
_N_DOCUMENTS = 8
_LEAST_TERMS = 2
_EVERYTHING = Filters(status=(*ArticleStatus, *TicketStatus))
_PUBLIC = Filters()


class Shelves(NamedTuple):
    """The shelves that a draft is compared with: staff's, and the one that customers read."""

    internal: Sequence[ShelfReader]
    external: ShelfReader


class _Memory:
    """Vectors of a draft's sentences: each is embedded once, all of them in one call."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Float32] = {}

    def vectors(self, texts: Sequence[str]) -> Float32:
        """Unit vectors of texts, (len(texts), dim)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            made = self._embedder.embed_queries(new)
            rows = checked_vectors(made, len(new), self._embedder.fingerprint)
            self._known.update(zip(new, rows, strict=True))
        return np.stack([self._known[text] for text in texts])


class OutgoingCheck:
    """
    Looks for what only staff know in one text that is about to leave the house.

    Args:
        shelves: Open ones; the external one says what is no secret.
        embedder: Of the desk.
        analyzer: Likewise.
        redactors: What is replaced in what customers read.
        settings: Of the desk.
        vectors: Of lines that earlier checks of the desk have met.
        clock: What time it is; decides which articles customers can read.
    """

    def __init__(
        self,
        shelves: Shelves,
        embedder: Embedder,
        analyzer: Analyzer,
        *,
        redactors: Sequence[Redactor],
        settings: SharingSettings,
        vectors: LineVectors | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._shelves, self._embedder, self._analyzer = shelves, embedder, analyzer
        self._vectors = vectors or LineVectors(embedder)
        self._redactors, self._settings, self._clock = redactors, settings, clock
        self._memory = _Memory(embedder)

    def check(
        self,
        text: str,
        *,
        text_format: TextFormat,
        ticket: Ticket | None = None,
        draft_of: str | None = None,
    ) -> OutgoingReport:
        """As `KnowledgeBase.check_outgoing`."""
        if len(text) > MAX_DRAFT_CHARACTERS:
            raise ConfigError(
                f"The text has {len(text)} characters; at most {MAX_DRAFT_CHARACTERS} are "
                "checked at once. Check it in parts."
            )
        draft = Draft(text, text_format, self._analyzer)
        known = Known(_told_texts(ticket), self._settings.own_contacts)
        asked = [unit for unit in draft.sentences if len(unit.words.terms) >= _LEAST_TERMS]
        asked += [_of_reference(one, self._analyzer) for one in self._references(draft)]
        passed = {draft_of, ticket.id if ticket else None}
        found = list(personal_findings(draft, self._redactors, known))
        found += links_to_documents(
            draft.text,
            self._shelves.internal,
            self._shelves.external,
            own_ids=passed,
            now=self._clock(),
        )
        if asked:
            secret = self._secret(asked, passed)
            found += self._echoes(draft, asked, secret, ticket)
            found += self._ways_in(draft, asked, secret, known)
        ordered = sorted(found, key=lambda each: (each.start, each.end, each.kind))
        return OutgoingReport(
            text=draft.shown,
            n_sentences=len(draft.sentences),
            findings=tuple(_shown(draft, finding) for finding in ordered),
        )

    def _references(self, draft: Draft) -> list[Reference]:
        return [*references(draft, self._settings), *urls(draft.text)]

    def _echoes(
        self, draft: Draft, asked: list[Unit], secret: list[Details], ticket: Ticket | None
    ) -> list[TextFinding]:
        """Copies and paraphrases of what stands in internal documents and nowhere else."""
        own = self._own_lines(ticket)
        secrets = [lines for lines in own if lines[0].origin is not Origin.FREE]
        secrets += self._lines(secret, is_free=False)
        if not self._settings.replies_to_others:
            secrets = [lines for lines in secrets if lines[0].origin is not Origin.REPLY]
        weights = self._weights(asked, secrets)
        index = LineIndex(secrets, weights)
        copies = [
            (unit, match)
            for unit in draft.units()
            if (match := copy_of(index.matches(unit.words))) is not None
        ]
        taken = {place for unit, _ in copies for place in unit.parts}
        rest = [unit for unit in draft.sentences if unit.parts[0] not in taken]
        if not sees_meaning(self._embedder):
            rest = []
        echoes = suspects(rest, index, weights, self._vectors)
        taken.update(place for echo in echoes for place in echo.unit.parts)
        doubtful = [unit for unit in asked if taken.intersection(unit.parts)]
        free = [lines for lines in own if lines[0].origin is Origin.FREE]
        public = self._public(doubtful)
        told = LineIndex([*free, *self._lines(public, is_free=True)], weights)
        kept = [(u, m) for u, m in copies if not is_told(u.words, m, told, weights)]
        found = [_copy_finding(unit, match) for unit, match in _once(kept)]
        return found + list(paraphrases(echoes, told, weights, self._vectors))

    def _ways_in(
        self, draft: Draft, asked: list[Unit], secret: list[Details], known: Known
    ) -> list[TextFinding]:
        """Hosts and links that customers have not been told."""
        referring = [unit for unit in asked if not unit.parts]
        public = [d.document for d in self._public(referring)]
        texts = [text_of(document) for document in public]
        found = list(host_findings(draft, self._settings, known, texts))
        documents = [details.document for details in secret]
        covered = [(finding.start, finding.end) for finding in found]
        for link in links_of_staff(draft.text, documents, public, known.texts):
            if not any(start < link.end and link.start < end for start, end in covered):
                found.append(link)
        return found

    def _secret(self, units: list[Unit], passed: set[str | None]) -> list[Details]:
        """What only staff may read now and could hold what these sentences say."""
        found: list[Details] = []
        for reader in self._shelves.internal:
            found += self._details(reader, units, _EVERYTHING)
        found += self._details(self._shelves.external, units, _EVERYTHING, valid=False)
        return [details for details in found if details.document.id not in passed]

    def _public(self, units: list[Unit]) -> list[Details]:
        """Likewise what customers can read now."""
        return self._details(self._shelves.external, units, _PUBLIC, valid=True)

    def _details(
        self,
        reader: ShelfReader,
        units: list[Unit],
        filters: Filters,
        *,
        valid: bool | None = None,
    ) -> list[Details]:
        if not units:
            return []
        proposed = reader.nearest(
            self._memory.vectors([unit.text for unit in units]),
            [list(unit.words.terms) for unit in units],
            filters,
            now_us=to_us(self._clock()) or 0,
            valid=valid,
            n=_N_DOCUMENTS,
        )
        keys = sorted({key for keys in proposed for key in keys})
        return list(reader.details(keys).values())

    def _lines(self, found: Iterable[Details], *, is_free: bool) -> list[list[Line]]:
        return [
            lines
            for one in found
            for lines in lines_of(
                one.document, one.cleaned, self._analyzer, is_free=is_free, is_own=False
            )
        ]

    def _own_lines(self, ticket: Ticket | None) -> list[list[Line]]:
        if ticket is None:
            return []
        cleaned = self._shelves.internal[0].cleaner().document(ticket)
        return list(lines_of(ticket, cleaned, self._analyzer, is_free=False, is_own=True))

    def _weights(self, units: Iterable[Unit], sections: Iterable[list[Line]]) -> Weights:
        terms = {term for unit in units for term in unit.words.terms}
        terms.update(term for lines in sections for line in lines for term in line.words.terms)
        reader = self._shelves.internal[0]
        return Weights(reader.frequencies(terms), reader.count())


def _once(copies: Sequence[tuple[Unit, Match]]) -> Iterator[tuple[Unit, Match]]:
    """Each sentence once: alone if it is one, joined with the next if only both together are."""
    alone = {unit.parts[0] for unit, _ in copies if len(unit.parts) == 1}
    joined: set[int] = set()
    for unit, match in copies:
        if len(unit.parts) == 1:
            yield unit, match
        elif not alone.intersection(unit.parts) and not joined.intersection(unit.parts):
            joined.update(unit.parts)
            yield unit, match


def _copy_finding(unit: Unit, match: Match) -> TextFinding:
    line, like = match.line, match.likeness
    kind = FindingKind.COPY if like.is_exact else FindingKind.NEAR_COPY
    how = "is copied from" if like.is_exact else "is close to"
    return TextFinding(
        kind=kind,
        sentence=unit.text,
        start=unit.start,
        end=unit.end,
        why=f"It {how} {line.origin.value}, {line.document_id}.",
        source_id=line.document_id,
        source_sentence=line.text,
        score=round(like.score, 3),
    )


def _shown(draft: Draft, finding: TextFinding) -> TextFinding:
    start, end = draft.span(finding.start, finding.end)
    return finding.model_copy(update={"start": start, "end": end})


def _of_reference(reference: Reference, analyzer: Analyzer) -> Unit:
    """A host or a link as a question of its own."""
    words = read_words(reference.text, analyzer)
    return Unit(reference.text, reference.start, reference.end, words, ())


def _told_texts(ticket: Ticket | None) -> tuple[str, ...]:
    """What who asked has written and was told."""
    if ticket is None:
        return ()
    return tuple(message.text for message in ticket.messages if message.public)
