"""Planted regressions: each is refused on a real desk, and nothing of it goes live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from kbsearch import KnowledgeBase
from kbsearch.arrays import Float32, unit_rows
from kbsearch.embed import HashingEmbedder
from kbsearch.gating import Gate, GateRefusedError
from kbsearch.models import GateReport
from kbsearch.snapshots import SnapshotContent
from tests.disk import bytes_of
from tests.gating.desks import (
    filled,
    golden,
    live_numbers,
    plant,
    with_changes,
    words_of_title,
)
from tests.library import EXTERNAL, INTERNAL

DIM = 128
NO_EVIDENCE_NEEDED = Gate(min_evidence=0)


class _Otherwise(HashingEmbedder):
    """As the hashing embedder, but for its name: a model that nobody can find by it."""

    kind = "of-our-own"

    def __init__(self, dim: int) -> None:
        super().__init__(dim)
        self.fingerprint = self.fingerprint.model_copy(
            update={"kind": self.kind, "model_sha256": self.kind * 8}
        )


class _Random(_Otherwise):
    """A model that is broken: what it says of a text has nothing to do with it."""

    kind = "random"

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        return self._drawn(texts, 1)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        return self._drawn(texts, 2)

    def _drawn(self, texts: Sequence[str], salt: int) -> Float32:
        seeds = [[salt, *text.encode()] for text in texts]
        rows = [np.random.default_rng(seed).normal(size=self.fingerprint.dim) for seed in seeds]
        return unit_rows(np.array(rows, dtype=np.float32).reshape(len(texts), -1))


class _ShortSighted(_Otherwise):
    """A model that reads the first words of a passage and drops the rest."""

    kind = "short-sighted"

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        return super().embed_passages([" ".join(text.split()[:8]) for text in texts])


def _shuffled(content: SnapshotContent) -> SnapshotContent:
    order = np.random.default_rng(7).permutation(len(content.vectors))
    return content._replace(vectors=content.vectors[order])


def _truncated(content: SnapshotContent) -> SnapshotContent:
    """The words of the first sentence alone, as if texts had been cut off."""
    return content._replace(document_terms=[terms[:12] for terms in content.document_terms])


def _without_half(content: SnapshotContent) -> SnapshotContent:
    kept = np.arange(len(content.document_keys) // 2)
    rows = content.passage_documents < len(kept)
    return content._replace(
        document_keys=content.document_keys[kept],
        document_terms=content.document_terms[: len(kept)],
        title_terms=content.title_terms[: len(kept)],
        exact_keys=content.exact_keys[: len(kept)],
        document_words=content.document_words[: len(kept)],
        passage_keys=content.passage_keys[rows],
        passage_documents=content.passage_documents[rows],
        is_title=content.is_title[rows],
        vectors=content.vectors[rows],
    )


def _refused(kb: KnowledgeBase, gate: Gate = NO_EVIDENCE_NEEDED) -> tuple[str, ...]:
    """Why; nothing of the refused indexes is left where a reader would look."""
    before = live_numbers(kb)
    with pytest.raises(GateRefusedError, match="Nothing was published") as refused:
        kb.rebuild(gate=gate)
    assert live_numbers(kb) == before
    assert not list(kb.path.rglob("building-*"))
    return refused.value.reasons


class TestIndexes:
    """Damage between the records and the files of a snapshot."""

    @pytest.mark.parametrize(
        ("damage", "reason"),
        [
            (_shuffled, "by vectors drops by"),
            (_truncated, "by words drops by"),
            (_without_half, "documents of the shelf are not in its new index"),
        ],
        ids=["shuffled vectors", "truncated text", "dropped documents"],
    )
    @pytest.mark.parametrize("seed", [1, 2])
    def test_that_are_damaged_are_refused(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        damage: Callable[[SnapshotContent], SnapshotContent],
        reason: str,
        seed: int,
    ) -> None:
        """Without a single label: the shelf's own documents tell."""
        kb = with_changes(filled(tmp_path / "a.kb", HashingEmbedder(DIM), seed=seed))
        plant(monkeypatch, damage)

        reasons = _refused(kb, Gate())

        assert {each.partition(":")[0] for each in reasons} == {"external", "internal"}
        assert any(reason in each for each in reasons)

    def test_of_staff_alone_leave_customers_shelf_to_its_own_decision(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whether theirs is published says nothing of what staff would lose."""
        kb = with_changes(filled(tmp_path / "a.kb", HashingEmbedder(DIM)))
        n_calls: list[int] = []

        def second_alone(content: SnapshotContent) -> SnapshotContent:
            n_calls.append(1)
            return content if len(n_calls) == 1 else _shuffled(content)

        plant(monkeypatch, second_alone)

        with pytest.raises(GateRefusedError, match="Only external was published") as refused:
            kb.rebuild(gate=Gate())

        assert {each.partition(":")[0] for each in refused.value.reasons} == {"internal"}
        assert [each.shelf for each in refused.value.published] == ["external"]
        assert live_numbers(kb) == {"external": 2, "internal": 1}
        assert not list(kb.path.rglob("building-*"))
        assert kb.searcher(INTERNAL).get("kb:new-i").id == "kb:new-i"

    def test_of_customers_are_not_what_staffs_are_compared_with(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Staff go on with customers' live index, by which theirs loses nothing."""
        kb = with_changes(filled(tmp_path / "a.kb", HashingEmbedder(DIM)))
        title = words_of_title(kb, "kb:1")
        golden(kb, INTERNAL, f'"{title}" = "kb:1"')  # which customers' shelf answers
        n_calls: list[int] = []

        def first_alone(content: SnapshotContent) -> SnapshotContent:
            n_calls.append(1)
            return _without_half(content) if len(n_calls) == 1 else content

        plant(monkeypatch, first_alone)

        with pytest.raises(GateRefusedError, match="Only internal was published") as refused:
            kb.rebuild(gate=Gate())

        assert {each.partition(":")[0] for each in refused.value.reasons} == {"external"}
        assert live_numbers(kb) == {"external": 1, "internal": 2}

    def test_of_one_shelf_stop_all_if_the_settings_are_others(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both shelves are searched together: they stay of one kind."""
        filled(tmp_path / "a.kb", HashingEmbedder(DIM)).close()
        n_calls: list[int] = []

        def second_alone(content: SnapshotContent) -> SnapshotContent:
            n_calls.append(1)
            return content if len(n_calls) == 1 else _shuffled(content)

        plant(monkeypatch, second_alone)

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=HashingEmbedder(2 * DIM)) as kb:
            reasons = _refused(kb)
            numbers = live_numbers(kb)

        assert {each.partition(":")[0] for each in reasons} == {"internal"}
        assert numbers == {"external": 1, "internal": 1}

    def test_that_are_whole_pass(self, tmp_path: Path) -> None:
        """The control: the same desk and the same change without damage."""
        kb = with_changes(filled(tmp_path / "a.kb", HashingEmbedder(DIM), seed=1))

        kb.rebuild(gate=Gate())

        assert live_numbers(kb) == {"external": 2, "internal": 2}


class TestModels:
    """Another embedder: the settings changed, or the wrong file lies there."""

    @pytest.mark.parametrize("wrong", [_Random, _ShortSighted])
    def test_that_are_broken_are_refused_by_the_self_check(
        self, tmp_path: Path, wrong: type[HashingEmbedder]
    ) -> None:
        """The old model is found by its name and asked beside it."""
        filled(tmp_path / "a.kb", HashingEmbedder(DIM)).close()

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=wrong(DIM)) as kb:
            reasons = _refused(kb)

        assert any("by vectors drops by" in each for each in reasons)

    def test_that_are_broken_are_refused_though_the_old_one_is_gone(self, tmp_path: Path) -> None:
        """Nothing to compare with: then half of the documents must be found at least."""
        filled(tmp_path / "a.kb", _Otherwise(DIM)).close()

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=_Random(DIM)) as kb:
            reasons = _refused(kb)

        assert any("by vectors only" in each for each in reasons)

    def test_are_refused_without_anything_that_tells_what_they_understand(
        self, tmp_path: Path
    ) -> None:
        """Eight numbers instead of 128 still find a title: nobody asked a real question."""
        filled(tmp_path / "a.kb", HashingEmbedder(DIM)).close()

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=HashingEmbedder(256)) as kb:
            reasons = _refused(kb, Gate())

        assert reasons == (
            "the embedding model is another one, and 0 golden queries and labels tell whether "
            "it understands as well, of 10 that are needed",
        )

    def test_pass_by_golden_queries_that_they_answer(self, tmp_path: Path) -> None:
        """Ten of them, of staff; customers' shelf is judged by its own documents."""
        with filled(tmp_path / "a.kb", HashingEmbedder(DIM)) as kb:
            queries = {f"kb:{n}": words_of_title(kb, f"kb:{n}") for n in range(0, 20, 2)}
            golden(kb, INTERNAL, "\n".join(f'"{q}" = "{i}"' for i, q in queries.items()))

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=HashingEmbedder(256)) as kb:
            kb.rebuild(gate=Gate())

            assert live_numbers(kb) == {"external": 2, "internal": 2}

    def test_are_refused_by_golden_queries_that_they_lose(self, tmp_path: Path) -> None:
        """Whether or not the old model is at hand."""
        with filled(tmp_path / "a.kb", _Otherwise(DIM)) as kb:
            golden(kb, EXTERNAL, '"nothing of this stands anywhere" = "kb:1"')

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=HashingEmbedder(256)) as kb:
            reasons = _refused(kb, Gate(min_evidence=0, n_self_check=0, k=1))

        assert reasons == ("external: 1 golden query has its document not among the first 1",)

    def test_are_told_from_the_one_that_made_the_live_indexes(self, tmp_path: Path) -> None:
        """`previous_embedder` must be that one: else its scores say nothing."""
        filled(tmp_path / "a.kb", _Otherwise(DIM)).close()
        told: list[GateReport] = []

        with KnowledgeBase.open(tmp_path / "a.kb", embedder=HashingEmbedder(256)) as kb:
            kb.rebuild(gate=NO_EVIDENCE_NEEDED, previous_embedder=_Otherwise(DIM), told=told.append)

        figures = [figure for one in told[0].shelves for figure in one.decision.figures]
        assert all(figure.live is not None for figure in figures)


class TestShelves:
    """Documents that are gone."""

    def test_that_were_emptied_are_refused(self, tmp_path: Path) -> None:
        """A `sync` with an empty export, say. The live index stays, of what is left."""
        kb = filled(tmp_path / "a.kb", HashingEmbedder(DIM))
        kb.delete([f"kb:{n}" for n in range(1, 24, 2)])

        reasons = _refused(kb, Gate())

        assert reasons == (
            "external: the shelf has 12 documents less than the 12 of its live index",
        )

    def test_that_lost_few_documents_pass(self, tmp_path: Path) -> None:
        """Deleting is no regression: who asks for those is not counted."""
        kb = filled(tmp_path / "a.kb", HashingEmbedder(DIM))
        golden(kb, EXTERNAL, f'"{words_of_title(kb, "kb:1")}" = "kb:1"')
        kb.delete(["kb:1", "kb:3", "kb:5"])
        told: list[GateReport] = []

        kb.rebuild(gate=Gate(), told=told.append)

        assert live_numbers(kb) == {"external": 2, "internal": 1}
        external = told[0].shelves[0]
        assert external.decision.n_without_answer == 1
        assert external.decision.n_golden_lost == 0


def test_a_refusal_keeps_what_was_embedded(tmp_path: Path) -> None:
    """A forced rebuild is quick then, and the manifest says that it was forced."""
    filled(tmp_path / "a.kb", HashingEmbedder(DIM)).close()

    with KnowledgeBase.open(tmp_path / "a.kb", embedder=_Random(DIM)) as kb:
        _refused(kb)
        reports = kb.rebuild(gate=Gate(force=True))
        (info,) = [each for each in kb.snapshots(EXTERNAL) if each.is_live]

    assert [report.n_embedded for report in reports] == [0, 0]
    assert info.gate is not None
    assert (info.gate.is_passed, info.gate.is_forced) == (False, True)


def test_a_refusal_changes_no_byte_of_what_is_read(tmp_path: Path) -> None:
    """Neither CURRENT nor any file of a snapshot."""
    kb = filled(tmp_path / "a.kb", HashingEmbedder(DIM))
    kb.delete([f"kb:{n}" for n in range(1, 24, 2)])
    before = bytes_of(kb.path)

    _refused(kb, Gate())

    assert bytes_of(kb.path) == before
