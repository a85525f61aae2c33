"""The delta: a change costs what it brings, and disturbs no search that goes on."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from kbsearch import Filters
from kbsearch.arrays import unit_rows
from kbsearch.lexical import Statistics
from kbsearch.search import delta as delta_module
from kbsearch.search.delta import Delta, RecentDocument
from kbsearch.search.recent_words import RecentWords
from kbsearch.store import Attributes
from kbsearch.text import FieldTerms
from kbsearch.vector import Whitening

WORDS = ["vpn", "printer", "jam", "mail", "sleep"]
QUERY = unit_rows(np.array([[1, 2, -1, 3]], dtype=np.float32))[0]


def document(key: int, *, name: str | None = None, product: str = "phone") -> RecentDocument:
    """One with 1 to 3 passages and a title; the same key gives the same numbers."""
    rng = np.random.default_rng(key)
    n_passages = 2 + key % 3
    attributes = Attributes(
        document_key=key,
        document_id=name or f"desk:{key}",
        kind="ticket",
        product=product,
        language=None,
        status="open",
        is_resolved=key % 2 == 0,
        has_bad_outcome=False,
        created_us=None,
        valid_from_us=None,
        valid_until_us=None,
        merged_ids=(),
        tags=(),
    )
    vectors = unit_rows(np.asarray(rng.standard_normal((n_passages, 4)), dtype=np.float32))
    terms = random.Random(key).choices(WORDS, k=4)
    keys = 10 * key + np.arange(n_passages, dtype=np.int64)
    is_title = np.arange(n_passages) == n_passages - 1
    return RecentDocument(
        attributes,
        FieldTerms(terms[:2], terms),
        keys,
        vectors,
        is_title,
        {f"error {key % 3}"},
    )


def empty(whitening: Whitening | None = None) -> Delta:
    nothing = Statistics(0, 0.0, {})
    words = RecentWords(nothing, nothing, k1=1.5, b=0.75, title_weight=2)
    return Delta.empty(words, whitening or Whitening.none())


def answers(delta: Delta, filters: Filters | None = None) -> dict[str, tuple[float, ...]]:
    """Key of the best passage, all that is said of each document, and if it holds error 1."""
    rows = np.flatnonzero(delta.mask(filters or Filters(), now_us=0, only_valid=False))
    near, words = delta.closeness(QUERY), delta.scores(["vpn", "jam"])
    holds = np.isin(np.arange(len(delta.document_keys)), delta.exact.rows("error 1"))
    said = np.stack([near.cosines, near.whitened, near.titles, *words, holds], axis=1)
    return {
        one.document_id: (int(delta.passage_keys[near.best[row]]), *said[row].round(5).tolist())
        for row, one in zip(rows.tolist(), delta.attributes(rows), strict=True)
    }


def test_a_document_has_its_best_passage_and_its_title() -> None:
    """Worked out from its vectors one by one; the last of them is its title's."""
    one = document(5)
    *cosines, title = (one.vectors @ QUERY).tolist()

    found = answers(empty().with_changes([one, document(6)], []))["desk:5"]

    assert found[0] == one.passage_keys[int(np.argmax(cosines))]
    assert found[1:4] == pytest.approx([max(cosines), max(cosines), title], abs=1e-5)


def test_a_document_is_measured_as_its_snapshot_measures() -> None:
    """By hand, with the third direction at a quarter: q C v over the lengths under C."""
    matrix = np.diag([1.0, 1.0, 0.25, 1.0]).astype(np.float32)
    one = document(5)

    found = answers(empty(Whitening(matrix)).with_changes([one], []))["desk:5"]

    scales = np.array([1.0, 1.0, 0.5, 1.0])
    rows = one.vectors * scales
    *cosines, title = (rows @ (QUERY * scales) / np.linalg.norm(rows, axis=1)).tolist()
    length = float(np.linalg.norm(QUERY * scales))
    assert found[2:4] == pytest.approx([max(cosines) / length, title / length], abs=1e-5)


def test_a_document_has_the_shares_of_the_words_that_it_and_its_title_hold() -> None:
    """
    By hand: N = 2, "vpn" in 1, so ln 2 each; "jam" in none, ln(1 + 2.5 / 0.5) = ln 6.

    The title's word counts twice: 2 of 3 terms, where documents have 2.5 on average.
    """
    terms = FieldTerms(title=["vpn"], text=["mail"])
    other = FieldTerms(title=[], text=["mail", "mail"])
    pair = [document(1)._replace(terms=terms), document(2)._replace(terms=other)]

    found = answers(empty().with_changes(pair, []))

    bm25 = math.log(2) * 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / 2.5))
    title = math.log(2) / (1 + 1.5 * (0.25 + 0.75 / 0.5))
    ideal = math.log(2) + math.log(6)
    expected = [bm25, bm25 / ideal, title / ideal]
    assert found["desk:1"][4:7] == pytest.approx(expected, abs=1e-5)
    assert found["desk:2"][4:7] == (0, 0, 0)


@pytest.mark.parametrize("seed", range(4))
def test_many_small_changes_leave_what_one_large_one_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Puts, replacements and drops in any order, with rows written anew in between."""
    monkeypatch.setattr(delta_module, "_FEW_GONE", 5)
    rng = random.Random(seed)
    delta, standing = empty(), dict[str, int]()
    for key in range(1, 120):
        name = f"desk:{rng.randrange(40)}"
        dropped = [standing.pop(name)] if name in standing else []
        if rng.random() < 0.8:
            standing[name] = key
        added = [document(key, name=name)] if name in standing else []
        delta = delta.with_changes(added, dropped)

    at_once = empty().with_changes([document(k, name=n) for n, k in standing.items()], [])
    assert len(delta) == len(standing)
    assert answers(delta) == answers(at_once)


def test_a_key_below_those_that_stand_here_is_taken_in_its_place() -> None:
    """A document may be derived long after it was written."""
    late = empty().with_changes([document(7), document(9)], []).with_changes([document(8)], [])

    assert late.document_keys.tolist() == [7, 8, 9]
    assert answers(late) == answers(empty().with_changes([document(k) for k in (7, 8, 9)], []))


def test_a_key_that_comes_again_stands_once() -> None:
    """A rebuild derives a document anew and leaves its key."""
    twice = empty().with_changes([document(7), document(9)], []).with_changes([document(7)], [])

    assert answers(twice) == answers(empty().with_changes([document(7), document(9)], []))
    assert len(twice) == 2


def test_an_older_state_goes_on_as_it_was_whatever_follows() -> None:
    """Two successors of one state, each with changes of its own, share its rows."""
    before = empty().with_changes([document(k) for k in range(1, 9)], [])
    was = answers(before)

    left = before.with_changes([document(20), document(21)], [3])
    right = before.with_changes([document(30)], [4])
    left_was = answers(left)
    further = right.with_changes([document(31)], [30])

    assert answers(before) == was
    assert answers(left) == left_was
    assert sorted(left_was) == sorted({*was, "desk:20", "desk:21"} - {"desk:3"})
    assert sorted(answers(further)) == sorted({*was, "desk:31"} - {"desk:4"})
    alone = answers(empty().with_changes([document(31)], []))
    assert answers(further)["desk:31"][:4] == alone["desk:31"][:4]


def test_filters_hold_for_documents_of_every_change() -> None:
    """Rows of several changes lie in several tables."""
    delta = empty()
    for key in range(1, 30):
        delta = delta.with_changes([document(key, product=f"p{key % 3}")], [])

    found = answers(delta, Filters(product=("p1",), exclude_ids=("desk:1", "desk:28")))

    assert sorted(found) == sorted(f"desk:{key}" for key in range(4, 28, 3))


def test_no_change_makes_no_new_state() -> None:
    """Nothing to copy."""
    delta = empty().with_changes([document(1)], [])

    assert delta.with_changes([], []) is delta


def test_documents_that_all_have_gone_leave_nothing() -> None:
    """As an empty one, and it can be added to."""
    gone = empty().with_changes([document(1), document(2)], []).with_changes([], [1, 2])

    assert (len(gone), answers(gone), gone.find("desk:1")) == (0, {}, None)
    assert list(answers(gone.with_changes([document(3)], []))) == ["desk:3"]


def test_what_a_document_is_found_by_exactly_stands_in_its_row() -> None:
    """Keys 1 and 4 hold error 1; those of an earlier state do not change."""
    first = empty().with_changes([document(1), document(2)], [])
    second = first.with_changes([document(4)], [1])

    assert second.exact.rows("error 1").tolist() == [0, 2]
    assert second.is_live.tolist() == [False, True, True]
    assert first.exact.rows("error 1").tolist() == [0]
