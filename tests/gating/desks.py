"""Desks to plant regressions on: every document differs from all others in what it says."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.embed import Embedder
from kbsearch.evaluation import Label, LabelSet, LabelSource, Question
from kbsearch.gating import Gate, GateRefusedError
from kbsearch.indexing import shelf_writer, snapshot_content
from kbsearch.models import GateReport
from kbsearch.snapshots import SnapshotContent
from tests.builders import article
from tests.library import EXTERNAL, INTERNAL

_STARTS = "bra dro fli gar hol jun kel lim mon nop pra qui ros sta tul ver wix yar zon".split()
_ENDS = "bel cant dor fint gle hast lim mer nox pad rint sol tam vic wen".split()
_WORDS = [start + end for start in _STARTS for end in _ENDS]
_N_SENTENCES = 5


def documents(n: int, *, seed: int = 0) -> list[Article]:
    """Articles, every other one for customers, of sentences drawn from 285 made-up words."""
    drawn = random.Random(seed)
    return [
        article(
            f"{number}",
            " ".join(_sentences(drawn)),
            EXTERNAL if number % 2 else INTERNAL,
            title=_sentence(drawn, 4),
        )
        for number in range(n)
    ]


def _sentences(drawn: random.Random) -> Iterator[str]:
    for _ in range(_N_SENTENCES):
        yield _sentence(drawn, 12) + "."


def _sentence(drawn: random.Random, n_words: int) -> str:
    return " ".join(drawn.choice(_WORDS) for _ in range(n_words))


def filled(path: Path, embedder: Embedder, *, n: int = 24, seed: int = 0) -> KnowledgeBase:
    """A desk whose shelves have a live snapshot each."""
    kb = KnowledgeBase.create(path, embedder=embedder)
    kb.upsert(documents(n, seed=seed))
    kb.rebuild()
    return kb


def with_changes(kb: KnowledgeBase) -> KnowledgeBase:
    """One more document on each shelf, so that there is something to publish."""
    kb.upsert(
        [
            article("new-e", "An entirely other matter: the fountain is dry.", EXTERNAL),
            article("new-i", "Nobody waters the plants in the lobby.", INTERNAL),
        ]
    )
    return kb


def golden(kb: KnowledgeBase, audience: Audience, text: str) -> None:
    """Write the golden queries of one audience."""
    (kb.path / audience.value / "golden.toml").write_text(f"[golden]\n{text}\n", encoding="utf-8")


def live_numbers(kb: KnowledgeBase) -> dict[str, int]:
    """By shelf the number of the live snapshot."""
    return {each.shelf: each.number for each in kb.snapshots(INTERNAL) if each.is_live}


def words_of_title(kb: KnowledgeBase, document_id: str) -> str:
    """What its title says."""
    found = kb.searcher(INTERNAL).get(document_id)
    assert isinstance(found, Article)
    return found.title


def plant(
    monkeypatch: pytest.MonkeyPatch, damage: Callable[[SnapshotContent], SnapshotContent]
) -> None:
    """Every snapshot that is made from now on is damaged so."""
    original = snapshot_content
    monkeypatch.setattr(
        shelf_writer,
        "snapshot_content",
        lambda *given, **named: damage(original(*given, **named)),
    )


def without_words_of_newest(content: SnapshotContent) -> SnapshotContent:
    """The newest document of a shelf is found by nothing any more."""
    last = len(content.document_keys) - 1
    vectors = content.vectors.copy()
    vectors[content.passage_documents == last] = np.eye(1, vectors.shape[1], dtype=np.float32)
    return content._replace(
        vectors=vectors,
        document_terms=[*content.document_terms[:-1], []],
        title_terms=[*content.title_terms[:-1], []],
        document_words=[*content.document_words[:-1], set()],
    )


def reported(kb: KnowledgeBase, gate: Gate | None = None) -> GateReport:
    """What a gated rebuild compared, whatever it decided."""
    told: list[GateReport] = []
    with contextlib.suppress(GateRefusedError):
        kb.rebuild(gate=gate or Gate(), told=told.append)
    return told[0]


def labels(*pairs: tuple[str, str], audience: Audience = INTERNAL) -> LabelSet:
    """Questions with the document that answers each."""
    return LabelSet(
        questions=tuple(Question(id=text, text=text, audience=audience) for text, _ in pairs),
        labels=tuple(
            Label(question_id=text, document_id=document, source=LabelSource.JUDGED)
            for text, document in pairs
        ),
    )
