"""A replay of groups' shelves and of several languages says what a desk of then would have said."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, Resolution, Settings, Ticket, TicketStatus
from kbsearch.config import CleaningSettings, WordSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.evaluation import Question, ranked
from kbsearch.evaluation.cases import Case
from kbsearch.models import Article, Document
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL
from tests.pasts import MOMENT, say

EMBEDDER = HashingEmbedder(64)
ENGLISH = (
    "the printer on my desk does not print and the screen is green when i log in to the mailbox"
)
GERMAN = (
    "der drucker auf meinem tisch druckt nicht und der bildschirm ist grün wenn ich mich anmelde"
)
QUESTIONS = (
    "my printer does not print",
    "der drucker ist grün und der bildschirm druckt nicht",
    "when the screen is green i log in to the mailbox and the printer on my desk does not " * 3,
)


def settings_of(language: str) -> Settings:
    """Without what a replay leaves out."""
    return Settings(
        words=WordSettings(correct_spelling=False, language=language),
        cleaning=CleaningSettings(boilerplate=False),
    )


def documents(seed: int, n: int = 48) -> list[Document]:
    """
    Two thirds before `MOMENT`; what is told later, and what was edited since, is among them.

    A third is German, some are for one group, some for two, some articles for customers.
    """
    rng = random.Random(seed)
    found: list[Document] = []
    for number in range(n):
        words = (GERMAN if number % 3 == 0 else ENGLISH).split()

        def text(length: int, words: list[str] = words) -> str:
            return " ".join(rng.choice(words) for _ in range(length))

        at = MOMENT + timedelta(hours=number - 2 * n // 3)
        groups = rng.choice([("hr",), ("legal",), ("hr", "legal")]) if number % 4 == 1 else ()
        if number % 5 == 0:
            body, audience = text(30), INTERNAL if groups or number % 2 else EXTERNAL
            changed = at + timedelta(hours=rng.choice([0, 9]))
            name, dates = str(number), {"created_at": at, "updated_at": changed}
            found.append(article(name, body, audience, title=text(3), groups=groups, **dates))
            continue
        fixed = at + timedelta(hours=7)
        found.append(
            Ticket(
                id=f"desk:{number}",
                subject=text(4),
                messages=(
                    say(text(12), at),
                    say(text(9), at + timedelta(hours=5), agent=True),
                ),
                status=TicketStatus.RESOLVED if number % 2 else TicketStatus.OPEN,
                resolved_at=fixed if number % 2 else None,
                resolution=Resolution(text=text(5)) if number % 2 else None,
                groups=groups,
                created_at=at,
                updated_at=at + timedelta(hours=8),
            )
        )
    return found


def stood_then(every: list[Document]) -> list[Document]:
    """By hand: what of them a desk held just before `MOMENT`, as it read then."""
    found: list[Document] = []
    for one in every:
        assert one.created_at is not None
        if isinstance(one, Article):
            if max(one.created_at, one.updated_at or one.created_at) < MOMENT:
                found.append(one)
        elif one.created_at < MOMENT:
            told = tuple(m for m in one.messages if m.created_at and m.created_at < MOMENT)
            changes: dict[str, object] = {"messages": told}
            if one.resolved_at is not None and one.resolved_at >= MOMENT:
                changes |= {"status": TicketStatus.OPEN, "resolution": None, "resolved_at": None}
            found.append(one.model_copy(update=changes))
    return found


def filled(path: Path, settings: Settings, held: list[Document]) -> KnowledgeBase:
    kb = KnowledgeBase.create(path, settings=settings, embedder=EMBEDDER)
    kb.upsert(held)
    kb.rebuild()
    return kb


@pytest.mark.parametrize("language", ["english", "auto"])
@pytest.mark.parametrize(
    ("audience", "groups"),
    [(INTERNAL, ()), (INTERNAL, ("hr",)), (INTERNAL, ("hr", "legal")), (EXTERNAL, ())],
    ids=["staff", "one group", "two groups", "customers"],
)
def test_ranks_as_a_desk_of_then(
    tmp_path: Path, language: str, audience: Audience, groups: tuple[str, ...]
) -> None:
    """Same documents, order and scores: what two groups share is a hit once, and counted twice."""
    every, settings = documents(1), settings_of(language)
    relevance = {one.id: 1 for one in every}

    with (
        filled(tmp_path / "now.kb", settings, every) as now,
        filled(tmp_path / "then.kb", settings, stood_then(every)) as then,
    ):
        history = now.history(audience, groups=groups, growth=0.0)
        searcher = then.searcher(audience, groups=groups, clock=lambda: MOMENT)
        for text in QUESTIONS:
            question = Question(id="q", text=text, audience=audience, asked_at=MOMENT)
            case = history.case(question, relevance)
            assert isinstance(case, Case)
            order = ranked(case, now.settings.ranking, k=100)
            expected = searcher.rank(text, k=100)

            assert len(expected) > 2
            assert [case.document_ids[row] for row, _ in order] == [one.id for one in expected]
            scores = [score for _, score in order]
            assert scores == pytest.approx([one.score for one in expected], abs=1e-5)


def test_shows_no_member_of_one_group_what_another_has(tmp_path: Path) -> None:
    """Nor anything to somebody who is in none."""
    every = documents(1)
    restricted = {one.id: set(one.groups) for one in every}

    with filled(tmp_path / "now.kb", settings_of("english"), every) as kb:
        for groups in ((), ("hr",), ("legal",)):
            history = kb.history(INTERNAL, groups=groups)
            question = Question(id="q", text=QUESTIONS[0])
            case = history.case(question, {one.id: 1 for one in every})
            assert isinstance(case, Case)

            found = set(case.document_ids)

            assert all(not restricted[one] or restricted[one] & set(groups) for one in found)
            assert any(restricted[one] for one in found) is bool(groups)
