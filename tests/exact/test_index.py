"""The index of keys: which documents hold one, whether they came at once or one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kbsearch.lexical import ExactIndex

DOCUMENTS = [{"error 1603", "version 7"}, set(), {"version 7", "\u00fcber"}]


def rows(index: ExactIndex, *keys: str) -> list[list[int]]:
    return [index.rows(key).tolist() for key in keys]


def test_every_key_has_the_documents_that_hold_it() -> None:
    """Ascending, and none for a key that nobody holds."""
    index = ExactIndex(DOCUMENTS)

    assert len(index) == 3
    assert rows(index, "version 7", "error 1603", "\u00fcber", "error 1604") == [
        *([0, 2], [0], [2]),
        [],
    ]


def test_documents_that_come_later_stand_behind_those_that_were_there() -> None:
    """And the index that they were added to stays as it was."""
    first = ExactIndex(DOCUMENTS[:2])

    second = first.with_documents(DOCUMENTS[2:]).with_documents([])

    assert rows(second, "version 7") == [[0, 2]]
    assert rows(first, "version 7") == [[0]]
    assert (len(first), len(second)) == (2, 3)


def test_one_by_one_gives_the_same_bytes_as_at_once() -> None:
    """So that nothing depends on how documents came."""
    source = random.Random(7)
    documents = [{f"key {source.randrange(40)}" for _ in range(5)} for _ in range(60)]
    grown = ExactIndex()
    for document in documents:
        grown = grown.with_documents([document])

    assert grown.to_bytes() == ExactIndex(documents).to_bytes()


def test_reads_back_what_it_wrote() -> None:
    """The number of documents is the snapshot's to say."""
    index = ExactIndex.from_bytes(ExactIndex(DOCUMENTS).to_bytes(), 3)

    assert len(index) == 3
    assert rows(index, "version 7", "error 1603") == [[0, 2], [0]]
    assert rows(ExactIndex.from_bytes(ExactIndex().to_bytes(), 0), "version 7") == [[]]


def test_bytes_of_anything_else_are_refused() -> None:
    """A damaged file must not answer for documents that are not there."""
    content = ExactIndex(DOCUMENTS).to_bytes()
    other = ExactIndex(DOCUMENTS)
    other._postings = np.zeros((3, 2), dtype=np.int64)

    with pytest.raises(ValueError, match="postings of rows beyond 2"):
        ExactIndex.from_bytes(content, 2)
    with pytest.raises(ValueError, match="no postings"):
        ExactIndex.from_bytes(other.to_bytes(), 3)
