"""Words as they are written: which count, which are spelt alike, who may see them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kbsearch.arrays import Bool
from kbsearch.lexical import GrowingVocabulary, NearWord, Vocabulary, written_words

EVERYWHERE = np.ones(3, dtype=np.bool_)


def near(vocabulary: Vocabulary, word: str, max_distance: int) -> dict[str, int]:
    """Neighbours by how they are written, with their distance."""
    found = vocabulary.near(word, max_distance, np.ones(1, dtype=np.bool_))
    return {one.word: one.distance for one in found}


def edits(a: str, b: str) -> int:
    """Optimal string alignment as the textbook writes it, one cell at a time."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            best = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            )
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i][j] = best
    return rows[-1][-1]


class TestWrittenWords:
    """What may be misspelt at all."""

    def test_are_in_lower_case_with_the_place_where_they_stand(self) -> None:
        """Offsets are those of the text, so that it can be written anew."""
        found = list(written_words("Der Drücker: druckt NICHTS"))

        assert [tuple(one) for one in found] == [
            ("drücker", 4, 11),
            ("druckt", 13, 19),
            ("nichts", 20, 26),
        ]

    @pytest.mark.parametrize(
        "text",
        ["", "vpn", "0x80070005", "KB4011", "err_timed_out", "印刷机卡纸了", "a" * 33, "مشكلة"],
    )
    def test_leave_out_what_an_edit_would_make_another_name(self, text: str) -> None:
        """Numbers, identifiers, short words, scripts without capitals, rubbish."""
        assert list(written_words(text)) == []


class TestNeighbours:
    """Words a slip of the finger away."""

    @pytest.mark.parametrize("word", ["pritner", "prnter", "printter", "prlnter", "rinter"])
    def test_one_edit_is_a_swap_or_a_letter_more_less_or_other(self, word: str) -> None:
        """The four slips of which most mistakes are made; the first letter may be one."""
        assert near(Vocabulary([["printer", "jam"]]), word, 1) == {"printer": 1}

    def test_a_word_is_no_neighbour_of_itself(self) -> None:
        """It is known, and nothing to correct."""
        assert near(Vocabulary([["printer", "printers"]]), "printer", 2) == {"printers": 1}

    @pytest.mark.parametrize("max_distance", [1, 2])
    def test_are_all_that_the_textbook_finds_and_no_others(self, max_distance: int) -> None:
        """Of few letters, so that many are repeated and swapped; seeded."""
        rng = random.Random(5)

        def word() -> str:
            return "".join(rng.choice("abcß") for _ in range(rng.randint(4, 8)))

        words = sorted({word() for _ in range(400)})
        vocabulary = Vocabulary([words])

        for _ in range(40):
            asked = word()
            expected = {other: edits(asked, other) for other in words}
            assert near(vocabulary, asked, max_distance) == {
                other: n for other, n in expected.items() if 0 < n <= max_distance
            }

    @pytest.mark.parametrize("words", [[], [["vpn"]], [["abcdefghijkl"]]])
    def test_there_may_be_none(self, words: list[list[str]]) -> None:
        """An empty shelf, and one of other words."""
        assert near(Vocabulary(words), "printer", 2) == {}


class TestGrowingVocabulary:
    """Documents that came after a snapshot."""

    def test_is_what_one_vocabulary_of_all_documents_would_be(self) -> None:
        """However they came: one by one, or many at once."""
        documents = [["printer", "jam"], ["printer"], [], ["printed", "driver"], ["drivers"]]
        among = np.array([True, False, True, True, True])
        whole, grown = Vocabulary(documents), GrowingVocabulary()
        for piece in (documents[:1], documents[1:2], documents[2:]):
            grown = grown.with_documents(piece)

        for word in ("printer", "prinetr", "driver", "fax"):
            assert grown.frequency(word, among) == whole.frequency(word, among)
            assert sorted(grown.near(word, 2, among)) == sorted(whole.near(word, 2, among))

    def test_searches_of_the_state_before_are_not_disturbed(self) -> None:
        """A search goes on with what it began with."""
        before = GrowingVocabulary().with_documents([["printer"]])

        before.with_documents([["printer"]])

        assert before.frequency("printer", np.array([True])) == 1


class TestVocabulary:
    """Which documents hold a word."""

    @pytest.mark.parametrize(
        ("among", "expected"),
        [(EVERYWHERE, (2, 1, 0)), (np.array([True, False, False]), (1, 0, 0))],
        ids=["all", "one"],
    )
    def test_counts_the_documents_that_somebody_may_see(
        self, among: Bool, expected: tuple[int, ...]
    ) -> None:
        """A word of hidden documents alone is no word for who must not see them."""
        vocabulary = Vocabulary([["printer", "jam", "printer"], [], ["printer", "driver"]])

        found = [vocabulary.frequency(word, among) for word in ("printer", "driver", "fax")]

        assert tuple(found) == expected

    def test_finds_no_neighbour_that_only_hidden_documents_hold(self) -> None:
        """By hand: "printer" stands in documents 0 and 2, "pinter" in 1 alone."""
        vocabulary = Vocabulary([["printer"], ["pinter"], ["printer"]])

        found = vocabulary.near("printr", 2, np.array([True, False, True]))

        assert found == [NearWord("printer", 1, 2)]

    @pytest.mark.parametrize("documents", [[], [[]], [["grüße", "drucker"], ["drucker"]]])
    def test_files_bring_back_the_same_words(self, documents: list[list[str]]) -> None:
        """What is published is what was built."""
        vocabulary = Vocabulary(documents)
        among = np.ones(len(documents), dtype=np.bool_)

        again = Vocabulary.from_files(vocabulary.to_files())

        assert again.words == vocabulary.words
        assert [again.frequency(word, among) for word in again.words] == [
            vocabulary.frequency(word, among) for word in vocabulary.words
        ]
        assert again.to_files() == vocabulary.to_files()

    def test_the_order_of_words_in_a_document_changes_no_byte(self) -> None:
        """Sets have another order in each process; a snapshot's hash must not."""
        words = [f"word{letter}" for letter in "abcdefgh"]

        first, second = Vocabulary([words, words[:3]]), Vocabulary([words[::-1], words[2::-1]])

        assert first.to_files() == second.to_files()

    def test_files_that_do_not_fit_together_are_refused(self) -> None:
        """Hashes are verified before; this is for files of two snapshots mixed up."""
        files = Vocabulary([["printer"]]).to_files() | {"words.json": b'["printer", "jam"]'}

        with pytest.raises(ValueError, match="2 words and 2 bounds"):
            Vocabulary.from_files(files)
