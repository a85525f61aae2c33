"""A replay says what a desk would have said that held only what stood then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kbsearch import (
    Audience,
    KnowledgeBase,
    RankingSettings,
    Searcher,
    Settings,
    Ticket,
    TicketStatus,
)
from kbsearch.config import CleaningSettings, WordSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.evaluation.cases import Case
from kbsearch.evaluation.labels import Question
from kbsearch.evaluation.past_words import words_of_case
from kbsearch.evaluation.ranking import ranked
from kbsearch.evaluation.versions import as_asked
from kbsearch.models import Article, Document, Kind
from kbsearch.store import to_us
from tests.pasts import ASKED, MOMENT, RARE, history_of, world

EMBEDDER = HashingEmbedder(64)
SETTINGS = Settings(
    words=WordSettings(correct_spelling=False), cleaning=CleaningSettings(boilerplate=False)
)
DEFAULTS = RankingSettings()
QUESTIONS = (
    "tunnel on the green printer",
    f"login fails at 4.6.1, {RARE}",
    f"my phone and the laptop on my desk: {RARE} and the mailbox is slow since " + "today " * 30,
)


def stood_then(documents: Sequence[Document], audience: Audience) -> list[Document]:
    """
    By hand: what of a world a desk held just before `MOMENT`.

    A public face does not tell when a ticket was resolved, so customers' ones count as open.
    Of follow-ups nobody knows when they came.
    """
    found: list[Document] = []
    for one in documents:
        changed = one.updated_at if isinstance(one, Article) else None
        times = [time for time in (one.created_at, changed) if time is not None]
        if not times or max(times) >= MOMENT:
            continue
        if isinstance(one, Ticket):
            was_resolved = one.resolved_at is not None and one.resolved_at < MOMENT
            was_resolved = was_resolved and audience is Audience.INTERNAL
            messages = [m for m in one.messages if m.created_at and m.created_at < MOMENT]
            changes: dict[str, Any] = {
                "messages": tuple(messages),
                "status": one.status if was_resolved else TicketStatus.OPEN,
                "resolution": one.resolution if was_resolved else None,
                "tags": (),
                "followup_ids": (),
            }
            if one.updated_at is None or one.updated_at >= MOMENT:
                changes |= {"n_reopenings": None, "satisfaction": None}
            found.append(one.model_copy(update=changes))
        else:
            found.append(one)
    return found


def searcher_of(
    folder: Path,
    documents: Sequence[Document],
    audience: Audience,
    ranking: RankingSettings = DEFAULTS,
) -> Searcher:
    """Of a desk that holds these and nothing else, all in its indexes."""
    settings = SETTINGS.model_copy(update={"ranking": ranking})
    with KnowledgeBase.create(folder / "then.kb", settings=settings, embedder=EMBEDDER) as kb:
        kb.upsert(documents)
        kb.rebuild()
    desk = KnowledgeBase.open(folder / "then.kb", embedder=EMBEDDER)
    return desk.searcher(audience, clock=lambda: MOMENT)


def case_of(
    documents: Sequence[Document],
    question: Question,
    kind: Kind | None = None,
    ranking: RankingSettings = DEFAULTS,
) -> Case:
    """Of what can be found by anybody."""
    settings = SETTINGS.model_copy(update={"ranking": ranking})
    history = history_of(
        documents, question.audience, embedder=EMBEDDER, growth=0.0, settings=settings
    )
    every = {one.id: 1 for one in documents}
    case = history.case(question, every, kind=kind)
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize("n", [12, 60], ids=["plain cosines", "whitened"])
class TestAReplay:
    """Below a hundred passages there is no measure of closeness, above there is."""

    @pytest.mark.parametrize("text", QUESTIONS)
    @pytest.mark.parametrize("audience", list(Audience))
    def test_ranks_a_question_as_a_desk_of_then(
        self, n: int, text: str, audience: Audience, tmp_path: Path
    ) -> None:
        """The same documents in the same order with the same scores."""
        documents = world(1, 2, n=n)
        searcher = searcher_of(tmp_path, stood_then(documents, audience), audience)

        case = case_of(documents, Question(id="q", text=text, audience=audience, asked_at=MOMENT))
        order = ranked(case, RankingSettings(), k=100)
        expected = searcher.rank(text, k=100)

        assert [case.document_ids[row] for row, _ in order] == [one.id for one in expected]
        scores = [score for _, score in order]
        assert scores == pytest.approx([one.score for one in expected], abs=1e-5)

    def test_counts_titles_as_the_desk_does(self, n: int, tmp_path: Path) -> None:
        """The control: with the default weight at least one score is another."""
        documents, ranking = world(1, 2, n=n), RankingSettings(bm25_title_weight=9)
        stood = stood_then(documents, Audience.INTERNAL)
        searcher = searcher_of(tmp_path, stood, Audience.INTERNAL, ranking)
        question = Question(id="q", text=QUESTIONS[0], asked_at=MOMENT)
        expected = {one.id: one.score for one in searcher.rank(QUESTIONS[0], k=100)}

        found = []
        for own in (ranking, DEFAULTS):
            case = case_of(documents, question, ranking=own)
            order = ranked(case, own, k=100)
            found.append({case.document_ids[row]: score for row, score in order})

        assert found[0] == pytest.approx(expected, abs=1e-5)
        assert found[1] != pytest.approx(expected, abs=1e-3)

    @pytest.mark.parametrize("audience", list(Audience))
    def test_finds_tickets_as_similar_did(self, n: int, audience: Audience, tmp_path: Path) -> None:
        """The problem is that of the first moment, its telling terms those of then."""
        documents = world(3, 4, n=n)
        (asked,) = (one for one in documents if one.id == ASKED)
        assert isinstance(asked, Ticket)
        face = asked if audience is Audience.INTERNAL else asked.public_face()
        assert face is not None
        searcher = searcher_of(tmp_path, stood_then(documents, audience), audience)

        question = Question(id="t", ticket_id=ASKED, audience=audience, asked_at=MOMENT)
        case = case_of(documents, question, kind=Kind.TICKET)
        found = {case.document_ids[row]: score for row, score in ranked(case, RankingSettings())}
        draft = as_asked(face, to_us(MOMENT))
        hits = searcher.similar(draft, k=10, resolved_only=False).hits

        assert len(hits) == 10 or n < 20
        assert [found[hit.id] for hit in hits] == pytest.approx(
            [hit.score for hit in hits], abs=1e-5
        )

    def test_makes_the_signals_of_words_anew_from_what_they_are_made_of(self, n: int) -> None:
        """So that BM25's parameters can be tried without a history."""
        question = Question(id="q", text=QUESTIONS[1], asked_at=MOMENT)

        settings = RankingSettings(bm25_title_weight=2)
        case = case_of(world(1, 2, n=n), question, ranking=settings)
        words = words_of_case(
            case.words,
            k1=settings.bm25_k1,
            b=settings.bm25_b,
            title_weight=settings.bm25_title_weight,
        )

        for mine, theirs in zip(words, case.signals[2:], strict=True):
            assert mine == pytest.approx(theirs, abs=1e-6)
