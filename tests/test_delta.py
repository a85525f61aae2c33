"""The delta: a change costs what it brings, and disturbs no search that goes on."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kbsearch import Filters
from kbsearch.arrays import Float32, unit_rows
from kbsearch.lexical import Statistics
from kbsearch.search import delta as delta_module
from kbsearch.search.delta import Delta, RecentDocument
from kbsearch.store import Attributes

WORDS = ["vpn", "printer", "jam", "mail", "sleep"]
QUERY = unit_rows(np.array([[1, 2, -1, 3]], dtype=np.float32))[0]


def document(key: int, *, name: str | None = None, product: str = "phone") -> RecentDocument:
    """One with 1 to 3 passages; the same key gives the same numbers."""
    rng = np.random.default_rng(key)
    n_passages = 1 + key % 3
    attributes = Attributes(
        document_key=key,
        document_id=name or f"desk:{key}",
        kind="ticket",
        product=product,
        language=None,
        status="open",
        is_resolved=key % 2 == 0,
        created_us=None,
        valid_from_us=None,
        valid_until_us=None,
        merged_ids=(),
        tags=(),
    )
    vectors = unit_rows(np.asarray(rng.standard_normal((n_passages, 4)), dtype=np.float32))
    terms = random.Random(key).choices(WORDS, k=4)
    keys = 10 * key + np.arange(n_passages, dtype=np.int64)
    return RecentDocument(attributes, terms, keys, vectors, {f"error {key % 3}"})


def empty() -> Delta:
    return Delta.empty(Statistics(0, 0.0, {}), k1=1.5, b=0.75)


def answers(
    delta: Delta, filters: Filters | None = None
) -> dict[str, tuple[float, float, int, bool]]:
    """BM25 score, best cosine, best passage of each document, and whether it holds error 1."""
    rows = np.flatnonzero(delta.mask(filters or Filters(), now_us=0, only_valid=False))
    bm25 = delta.bm25_scores(["vpn", "jam"])
    cosines, passages = delta.best_passages(QUERY)
    holders = set(delta.exact.rows("error 1").tolist())
    return {
        one.document_id: (
            round(float(bm25[row]), 5),
            round(float(cosines[row]), 5),
            passages[row],
            row in holders,
        )
        for row, one in zip(rows.tolist(), delta.attributes(rows), strict=True)
    }


def test_a_document_has_its_best_passage_and_its_bm25_score() -> None:
    """Worked out from its vectors one by one."""
    one = document(5)
    cosines: Float32 = one.vectors @ QUERY

    found = answers(empty().with_changes([one, document(6)], []))["desk:5"]

    assert found[1] == pytest.approx(float(cosines.max()), abs=1e-5)
    assert found[2] == one.passage_keys[int(cosines.argmax())]
    assert found[3] is False


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
    assert (
        answers(further)["desk:31"][1:]
        == answers(empty().with_changes([document(31)], []))["desk:31"][1:]
    )


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
