"""The log of changes: numbers, chains, and what is left when it is trimmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import Article, Audience
from kbsearch.store import Change, RecordWriter
from tests.builders import article
from tests.records import (
    FINGERPRINT,
    drop,
    new_writer,
    put,
)

INTERNAL = Audience.INTERNAL


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecordWriter]:
    """An empty shelf, open for writing."""
    found = new_writer(tmp_path)
    yield found
    found.close()


def note(number: int, text: str = "printer jams") -> Article:
    """An internal article with its number in its text."""
    return article(str(number), f"{text} {number}", INTERNAL)


class TestChangeLog:
    """What happened, in order, for readers that hold an older state."""

    def test_starts_at_zero(self, writer: RecordWriter) -> None:
        """A fresh shelf has had no change."""
        assert (writer.sequence(), writer.changes_since(0)) == (0, [])

    def test_every_put_and_drop_is_a_numbered_change(self, writer: RecordWriter) -> None:
        """A replacement is a drop of the old key and a put of the new one."""
        put(writer, note(9))
        put(writer, note(1))
        put(writer, note(1, "changed"))
        drop(writer, "kb:1")

        assert writer.changes_since(1) == [
            Change(2, True, 2),
            Change(3, False, 2),
            Change(4, True, 3),
            Change(5, False, 3),
        ]
        assert writer.changes_since(3) == writer.changes_since(1)[2:]
        assert (writer.sequence(), writer.changes_since(5)) == (5, [])

    def test_from_the_beginning_on_is_what_stands(self, writer: RecordWriter) -> None:
        """Who knows nothing needs no history."""
        put(writer, note(1), note(2))
        drop(writer, "kb:1")

        assert writer.changes_since(0) == [Change(3, True, 2)]

    def test_that_is_trimmed_keeps_its_newest_change_without_a_hash(
        self, writer: RecordWriter
    ) -> None:
        """What was forgotten leaves no fingerprint; who has read so far goes on."""
        put(writer, note(1), note(2))
        drop(writer, "kb:1")
        before = writer.position()

        with writer.writing():
            writer.trim_changes()
        put(writer, note(3))

        assert writer.chain_at(before.sequence) == before.chain
        assert writer.changes_since(before.sequence) == [Change(4, True, 3)]
        assert writer.chain_at(1) is None

    def test_deriving_anew_is_no_change(self, writer: RecordWriter) -> None:
        """The document is the same; the next snapshot brings the new numbers."""
        put(writer, note(1))

        with writer.writing():
            writer.set_fingerprint(FINGERPRINT)

        assert writer.sequence() == 1

    def test_counts_the_passages_that_a_fold_would_take_in(self, writer: RecordWriter) -> None:
        """Those put since, and still standing: of each note its text and its title."""
        put(writer, note(1), note(2))
        sequence = writer.sequence()
        put(writer, note(2, "changed"), note(3), note(4))
        drop(writer, "kb:4")

        assert writer.count_passages_since(0, FINGERPRINT.key) == 6
        assert writer.count_passages_since(sequence, FINGERPRINT.key) == 4

    def test_equal_histories_have_equal_chains(self, tmp_path: Path) -> None:
        """Nothing but what happened is in it: no time, no path, no chance."""
        chains = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            writer = new_writer(tmp_path / name)
            put(writer, note(1), note(2))
            drop(writer, "kb:1")
            chains.append([writer.chain_at(n) for n in range(5)])
            writer.close()

        assert chains[0] == chains[1]
        assert chains[0][0] == ""
        assert len(set(chains[0][:4])) == 4
        assert chains[0][4] is None

    def test_histories_that_differ_once_differ_from_then_on(self, tmp_path: Path) -> None:
        """The same numbers and keys, handed out for another text."""
        chains = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            writer = new_writer(tmp_path / name)
            put(writer, note(1), article("2", f"printer {name}", INTERNAL), note(3))
            chains.append([writer.chain_at(n) for n in (1, 2, 3)])
            assert writer.position() == (3, chains[-1][-1])
            writer.close()

        assert [a == b for a, b in zip(*chains, strict=True)] == [True, False, False]
