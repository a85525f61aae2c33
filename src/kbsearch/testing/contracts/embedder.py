"""What every embedder owes kbsearch."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import numpy as np
import pytest

from kbsearch.embed import Embedder

TEXTS = ("the printer drops paper", "battery drops after sleep", "Grüße aus Köln", "screen jam")
"""Texts that a model with few words knows too."""

Build = Callable[[], Embedder]


def changed_word_is_seen(embedder: Embedder, place: int, *, word: str = "paper") -> bool:
    """Whether another word at `place` of a text longer than the limit changes its vector."""
    words = [word] * (embedder.fingerprint.max_tokens + 10)
    other = [*words[:place], "battery", *words[place + 1 :]]
    same, changed = (embedder.embed_passages([" ".join(w)])[0] for w in (words, other))
    assert len(embedder.token_offsets(" ".join(words))) == len(words)  # one token each
    return not np.array_equal(same, changed)


class EmbedderContract:
    """
    What kbsearch relies on, whichever embedder was chosen.

    Override the fixture `build`.

    Attributes:
        words: Words that the model reads as one token each.
    """

    words: ClassVar[tuple[str, ...]] = ("paper", "administration")

    @pytest.fixture
    def build(self) -> Build:
        """A function that makes the embedder anew; it may give a loaded model again."""
        raise NotImplementedError("Override the fixture `build`: a function that makes an embedder")

    @pytest.fixture
    def embedder(self, build: Build) -> Embedder:
        """The one under test."""
        return build()

    def test_fulfils_the_protocol(self, embedder: Embedder) -> None:
        """Users' own embedders are checked the same way."""
        assert isinstance(embedder, Embedder)

    def test_rows_have_length_one(self, embedder: Embedder) -> None:
        """So that a dot product is a cosine."""
        vectors = embedder.embed_passages(TEXTS)

        assert vectors.shape == (4, embedder.fingerprint.dim)
        assert str(vectors.dtype) == "float32"
        assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0] * 4, abs=1e-5)

    def test_rows_come_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        """Engines sort by length inside; a shifted row would file a text under another's name."""
        texts = ["screen", *TEXTS, "screen", " ".join(["the paper"] * 15)]

        together = embedder.embed_passages(texts)

        alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
        np.testing.assert_allclose(together, alone, atol=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        """An empty batch has a width all the same."""
        assert embedder.embed_passages([]).shape == (0, embedder.fingerprint.dim)
        assert embedder.embed_queries([]).shape == (0, embedder.fingerprint.dim)

    def test_blank_texts_give_finite_rows(self, embedder: Embedder) -> None:
        """A text without a word is a zero row or a unit row, never NaN."""
        vectors = embedder.embed_passages(["", " \n", TEXTS[0]])

        lengths = np.linalg.norm(vectors, axis=1)
        assert all(length == pytest.approx(round(length), abs=1e-5) for length in lengths.tolist())
        assert lengths[2] == pytest.approx(1.0, abs=1e-5)

    def test_equal_calls_give_equal_bytes(self, build: Build) -> None:
        """Snapshots of unchanged records are compared by hash."""
        first, second = build(), build()

        np.testing.assert_array_equal(first.embed_passages(TEXTS), first.embed_passages(TEXTS))
        np.testing.assert_array_equal(first.embed_passages(TEXTS), second.embed_passages(TEXTS))

    def test_queries_and_passages_agree_without_prompts(self, embedder: Embedder) -> None:
        """A ticket finds itself with a cosine of 1; a model with prompts is excused."""
        fingerprint = embedder.fingerprint
        if fingerprint.query_prompt != fingerprint.passage_prompt:
            pytest.skip("its prompts part them")

        np.testing.assert_array_equal(embedder.embed_queries(TEXTS), embedder.embed_passages(TEXTS))

    def test_threads_share_one_embedder(self, embedder: Embedder) -> None:
        """A searcher is used by every thread of a web application."""
        expected = embedder.embed_queries(TEXTS).copy()  # it may give one buffer to all

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: embedder.embed_queries(TEXTS), range(12)))

        for vectors in found:
            np.testing.assert_array_equal(vectors, expected)

    @pytest.mark.parametrize(
        "text",
        [
            "the printer drops",
            "Grüße aus Köln: 😀 naïve, straße!",
            "帮助 printer",
            "  tabs\tand\nlines  Zürich",
            "id_42 o'clock 3.5GHz",
        ],
    )
    def test_token_offsets_cover_every_word_exactly(self, embedder: Embedder, text: str) -> None:
        """Passages are cut, and words highlighted, at these characters of the text as given."""
        offsets = embedder.token_offsets(text)

        assert offsets.shape[1:] == (2,)
        assert (offsets[:, 0] < offsets[:, 1]).all()
        assert (offsets[1:, 0] >= offsets[:-1, 0]).all()
        covered = {place for start, end in offsets.tolist() for place in range(start, end)}
        words = {place for m in re.finditer(r"[^\W_]+", text) for place in range(*m.span())}
        blanks = {place for place, character in enumerate(text) if character.isspace()}
        assert words <= covered
        assert not covered & blanks

    def test_blank_texts_have_no_tokens(self, embedder: Embedder) -> None:
        """The shape stays that of a list of pairs."""
        assert embedder.token_offsets("").shape == (0, 2)
        assert embedder.token_offsets(" \n\t").shape == (0, 2)

    def test_counts_all_tokens_of_a_text_longer_than_its_limit(self, embedder: Embedder) -> None:
        """Text that a tokenizer cut off would be in no passage, and nobody would know."""
        embedder.embed_passages(TEXTS)  # engines set their tokenizer's truncation here

        word = self.words[0]

        offsets = embedder.token_offsets(f"{word} " * 3000)

        last = (len(word) + 1) * 2999
        assert len(offsets) == 3000
        assert offsets[-1].tolist() == [last, last + len(word)]

    def test_reads_a_text_up_to_its_limit_and_no_further(self, embedder: Embedder) -> None:
        """`max_tokens` counts what the model sees: the last one inside is seen, the next not."""
        limit = embedder.fingerprint.max_tokens

        for word in self.words:
            assert changed_word_is_seen(embedder, limit - 1, word=word)
            assert not changed_word_is_seen(embedder, limit, word=word)

    def test_its_fingerprint_is_the_same_each_time(self, build: Build) -> None:
        """Vectors are kept under it; a changing one would embed everything anew."""
        first, second = build().fingerprint, build().fingerprint

        assert first == second
        assert first.key == second.key
        assert re.fullmatch("[0-9a-f]{16}", first.key)
