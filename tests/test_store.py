"""Records: what is put is there, what is dropped is gone, and nobody sees half of a change."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kbsearch import Article, Audience
from kbsearch.errors import LockedError
from kbsearch.models import Satisfaction, SectionKind
from kbsearch.store import (
    NewVector,
    RecordReader,
    RecordWriter,
    attributes_of,
    schema,
)
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.records import (
    FINGERPRINT,
    OTHER_FINGERPRINT,
    SHELF,
    contents,
    drop,
    new_writer,
    put,
    row_count,
    write,
)

INTERNAL = Audience.INTERNAL


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecordWriter]:
    """An empty shelf, open for writing."""
    found = new_writer(tmp_path)
    yield found
    found.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the writer's file lies."""
    return tmp_path / "records.sqlite"


@pytest.fixture
def reader(writer: RecordWriter, path: Path) -> Iterator[RecordReader]:
    """Another connection to the same file."""
    found = RecordReader(path, SHELF)
    yield found
    found.close()


def note(number: int, text: str = "printer jams") -> Article:
    """An internal article with its number in its text."""
    return article(str(number), f"{text} {number}", INTERNAL)


def change_much_and_fail(writer: RecordWriter, error: BaseException) -> None:
    """One change of every kind, then an error, in one transaction."""
    with writer.writing():
        write(writer, note(2, "changed"), note(3))
        writer.drop(["kb:1"])
        writer.set_fingerprint(OTHER_FINGERPRINT)
        writer.drop_other_fingerprints([OTHER_FINGERPRINT])
        raise error


class TestPutAndDrop:
    """Documents with everything derived from them."""

    def test_a_document_comes_back_as_it_was_given(self, writer: RecordWriter) -> None:
        """Every field, non-ASCII text and times with their offsets included."""
        given = ticket(
            "1",
            "Größe 帮助 😀",
            tags=("a", "ü"),
            product="Büro",
            language="de",
            created_at=datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC),
        )
        put(writer, given)

        ((key, _),) = writer.keys_by_id([given.id]).values()

        assert writer.documents([key]) == {key: given}
        assert writer.attributes() == [attributes_of(given)._replace(document_key=key)]
        assert writer.attributes()[0].created_us == 1_709_251_199_123_456

    @pytest.mark.parametrize(
        ("outcome", "is_bad"),
        [
            ({}, False),
            ({"n_reopenings": 0, "satisfaction": Satisfaction.GOOD}, False),
            ({"n_reopenings": 1}, True),
            ({"satisfaction": Satisfaction.BAD}, True),
            ({"followup_ids": ("desk:2",)}, True),
        ],
    )
    def test_how_a_ticket_went_stands_in_its_attributes(
        self, writer: RecordWriter, outcome: dict[str, Any], is_bad: bool
    ) -> None:
        """Read for every search: nobody parses a document for it."""
        put(writer, resolved_ticket("1", "Printer jams", "Clean the roller", **outcome))

        (found,) = writer.attributes()

        assert found.has_bad_outcome is is_bad
        assert found.is_resolved is True

    def test_what_is_derived_comes_back_with_it(self, writer: RecordWriter) -> None:
        """Cleaned text, sections with their messages, passages and a title, each with a vector."""
        put(writer, resolved_ticket("1", "Printer jams", "Clean the roller"))

        found = contents(writer)

        ((key, cleaned),) = found["cleaned"].items()
        sections = [p.passage.section for p in found["passages"]]
        assert sections == [*(s.kind for s in cleaned.sections), SectionKind.TITLE]
        assert found["passages"][0].passage.section is SectionKind.PROBLEM
        assert {p.document_key for p in found["passages"]} == {key}
        assert {p.input_hash for p in found["passages"]} == set(found["vectors"])
        lengths = np.linalg.norm(list(found["vectors"].values()), axis=1)
        assert lengths.tolist() == pytest.approx([1.0] * len(lengths), abs=1e-6)

    def test_messages_keep_their_words_apart(self, writer: RecordWriter) -> None:
        """A passage names the message that it comes from; a title comes from none."""
        messages = (
            customer_says("It jams", id="m1"),
            agent_says("The roller is worn", public=False, id="m2"),
        )
        put(writer, ticket("1", "", subject="Printer", messages=messages))

        found = contents(writer)

        (cleaned,) = found["cleaned"].values()
        spans = {p.passage.message_id: p.passage for p in found["passages"][:-1]}
        texts = {number: cleaned.text[span.start : span.end] for number, span in spans.items()}
        assert texts == {"m1": "It jams", "m2": "The roller is worn"}
        assert found["passages"][-1].passage.section is SectionKind.TITLE

    def test_the_same_id_replaces_the_document(self, writer: RecordWriter) -> None:
        """One version of a document stands on a shelf."""
        put(writer, note(1))
        put(writer, article("1", "scanner is slow", INTERNAL))

        found = contents(writer)

        assert [d.body for d in found["documents"].values()] == ["scanner is slow"]
        assert writer.count() == 1
        assert len(found["passages"]) == len(found["vectors"]) == 2

    def test_dropping_names_the_ids_that_stood_here(self, writer: RecordWriter) -> None:
        """Unknown ids and repeated ones are no error."""
        put(writer, note(1), note(2))

        assert sorted(drop(writer, "kb:2", "kb:9", "kb:1", "kb:2")) == ["kb:1", "kb:2"]
        assert drop(writer, "kb:2") == []

    @pytest.mark.parametrize("table", ["documents", "cleaned", "passages", "vectors"])
    def test_dropping_leaves_no_row(self, writer: RecordWriter, path: Path, table: str) -> None:
        """Vectors too: text can be guessed from them."""
        put(writer, note(1), resolved_ticket("1", "Printer jams", "Clean the roller"))

        drop(writer, "kb:1", "desk:1")

        assert row_count(path, table) == 0

    def test_keys_are_never_used_again(self, writer: RecordWriter) -> None:
        """A snapshot that still holds an old key must not show another document under it."""
        put(writer, note(1), note(2))
        before = contents(writer)
        drop(writer, "kb:1", "kb:2")
        put(writer, note(3))

        after = contents(writer)

        assert min(after["documents"]) > max(before["documents"])
        old, new = ([p.passage_key for p in c["passages"]] for c in (before, after))
        assert min(new) > max(old)

    def test_any_number_of_ids_can_be_asked_for(self, writer: RecordWriter) -> None:
        """SQLite binds a limited number of values in one query."""
        put(writer, *(note(n) for n in range(3)))

        found = writer.keys_by_id([f"kb:{n}" for n in range(40_000)])

        assert sorted(found) == ["kb:0", "kb:1", "kb:2"]
        assert writer.keys_by_id([]) == {}

    def test_ids_and_attributes_come_in_the_order_of_keys(self, writer: RecordWriter) -> None:
        """Rows of an index follow it."""
        put(writer, note(5), note(1), note(3))
        put(writer, note(1, "changed"))

        assert [row.document_id for row in writer.attributes()] == ["kb:5", "kb:3", "kb:1"]
        keys = [row.document_key for row in writer.attributes()]
        assert keys == sorted(keys)
        assert [r.document_key for r in writer.attributes(reversed(keys))] == keys


class TestTransactions:
    """All of a change or nothing of it."""

    @pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt("Ctrl-C")])
    def test_an_error_of_the_writer_takes_everything_back(
        self, writer: RecordWriter, error: BaseException
    ) -> None:
        """Whatever went wrong, and whatever had been done by then."""
        put(writer, note(1), note(2))
        before = contents(writer)

        with pytest.raises(type(error), match=str(error)):
            change_much_and_fail(writer, error)

        assert contents(writer) == before
        assert writer.fingerprint_key() is None

    def test_the_writer_goes_on_after_an_error(self, writer: RecordWriter) -> None:
        """Nothing of the failed change leaks into the next one."""
        put(writer, note(1))
        with pytest.raises(ValueError, match="a bug"):
            change_much_and_fail(writer, ValueError("a bug"))

        put(writer, note(2))

        assert [row.document_id for row in writer.attributes()] == ["kb:1", "kb:2"]
        assert len(contents(writer)["vectors"]) == 4

    def test_readers_see_only_what_is_committed(
        self, writer: RecordWriter, reader: RecordReader, path: Path
    ) -> None:
        """Two of them, before, during and after."""
        other = RecordReader(path, SHELF)
        put(writer, note(1))
        before = contents(reader)

        with writer.writing():
            write(writer, note(1, "changed"), note(2))
            during = contents(reader), contents(other)
        after = contents(reader), contents(other)
        other.close()

        assert during == (before, before)
        assert [d.id for d in after[0]["documents"].values()] == ["kb:1", "kb:2"]
        assert after[0] == after[1] == contents(writer)

    def test_a_commit_that_a_reader_keeps_out_is_taken_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The writer waits for readers only so long; then nothing has happened."""
        monkeypatch.setattr(schema, "_BUSY_TIMEOUT_S", 0.0)
        writer = new_writer(tmp_path)
        reader = RecordReader(tmp_path / "records.sqlite", SHELF)

        with reader.reading():
            assert reader.count() == 0
            with pytest.raises(LockedError, match="is being used by another process"):
                put(writer, note(1))
        put(writer, note(2))

        assert [row.document_id for row in reader.attributes()] == ["kb:2"]
        reader.close()
        writer.close()

    def test_one_reader_serves_many_threads(
        self, writer: RecordWriter, reader: RecordReader
    ) -> None:
        """SQLite's connections belong to threads; the reader's users need not know."""
        put(writer, *(note(n) for n in range(5)))
        expected = contents(reader)

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: contents(reader), range(12)))

        assert all(content == expected for content in found)


class TestVectors:
    """Kept by the hash of what was embedded, as long as a passage has that input."""

    def test_equal_inputs_share_one_vector(self, writer: RecordWriter, path: Path) -> None:
        """Of their text one and of their title one, until the last of the passages is gone."""
        twins = [article(n, "the same words", INTERNAL, title="same") for n in "12"]
        put(writer, *twins)
        assert row_count(path, "vectors") == 2

        drop(writer, "kb:1")
        assert row_count(path, "vectors") == 2
        drop(writer, "kb:2")
        assert row_count(path, "vectors") == 0

    def test_a_text_that_moves_to_another_document_keeps_its_vector(
        self, writer: RecordWriter
    ) -> None:
        """In one batch: what one document lets go of, the next one takes up."""
        put(writer, article("1", "old words", INTERNAL, title="t"))

        put(
            writer,
            article("1", "new words", INTERNAL, title="t"),
            article("2", "old words", INTERNAL, title="t"),
        )

        found = contents(writer)
        assert {p.input_hash for p in found["passages"]} == set(found["vectors"])
        assert len(found["vectors"]) == 3

    def test_a_vector_that_is_kept_already_stays(self, writer: RecordWriter) -> None:
        """Unchanged text is never embedded twice, so nothing may overwrite its vector."""
        put(writer, note(1))
        before = contents(writer)["vectors"]

        with writer.writing():
            writer.put_vectors(
                [NewVector(key, np.zeros(32, dtype=np.float32)) for key in before],
                FINGERPRINT.embedder.key,
            )

        assert contents(writer)["vectors"] == before

    def test_a_change_of_fingerprint_lets_the_old_vectors_go(
        self, writer: RecordWriter, path: Path
    ) -> None:
        """Only what the new indexes are made of stays."""
        put(writer, note(1))

        assert writer.incomplete_keys(FINGERPRINT.key, FINGERPRINT.embedder.key) == []
        assert writer.incomplete_keys(OTHER_FINGERPRINT.key, OTHER_FINGERPRINT.embedder.key) == [1]
        with writer.writing():
            writer.set_fingerprint(OTHER_FINGERPRINT)
            writer.drop_other_fingerprints([OTHER_FINGERPRINT])

        assert writer.fingerprint_key() == OTHER_FINGERPRINT.key
        assert writer.fingerprint_name() == str(OTHER_FINGERPRINT)
        assert [row_count(path, t) for t in ("documents", "cleaned", "vectors")] == [1, 0, 0]

    def test_counts_tokens_of_its_own_fingerprint(self, writer: RecordWriter) -> None:
        """By hand: "one two three", and the title, a passage that has no tokens of its own."""
        put(writer, article("1", "one two three", INTERNAL, title="title"))

        assert writer.count_tokens(FINGERPRINT.key) == (2, 3, 0)
        assert writer.count_tokens(OTHER_FINGERPRINT.key) == (0, 0, 0)
