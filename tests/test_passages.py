"""Cutting a cleaned document: no token lost or doubled, none beyond what the model reads."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch.arrays import Int64
from kbsearch.embed import HashingEmbedder
from kbsearch.models import SectionKind
from kbsearch.text import (
    CleanDocument,
    Passage,
    Section,
    passage_input,
    split_document,
    title_context,
    title_passage,
)
from kbsearch.text.passages import TitleContext

Tokenizer = Callable[[str], Int64]


def _tokens(pattern: str, text: str) -> Int64:
    spans = [match.span() for match in re.finditer(pattern, text)]
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def words(text: str) -> Int64:
    """A tokenizer whose tokens are what blanks part."""
    return _tokens(r"\S+", text)


def characters(text: str) -> Int64:
    """A tokenizer that sees every character alone, as models see Chinese."""
    return _tokens(r"\S", text)


def pieces(text: str) -> Int64:
    """A tokenizer that breaks words into pieces of three, as models break unknown words."""
    return _tokens(r"\S{1,3}", text)


def document(*texts: str, title: str = "") -> CleanDocument:
    """One section per text, parted by blank lines."""
    sections, position = [], 0
    for number, text in enumerate(texts):
        end = position + len(text)
        sections.append(
            Section(kind=SectionKind.REPLY, start=position, end=end, message_id=f"m{number}")
        )
        position = end + 2
    return CleanDocument(title=title, text="\n\n".join(texts), sections=tuple(sections))


def numbered(n: int, *, first: int = 0) -> str:
    """`w0 w1 …`: each word can be told from the others."""
    return " ".join(f"w{number}" for number in range(first, first + n))


def cut(
    doc: CleanDocument, tokenizer: Tokenizer = words, *, room: int, title_room: int = 0
) -> list[str]:
    """The texts of the passages."""
    passages = split_document(doc, tokenizer, max_tokens=room, title_max_tokens=title_room)
    return [doc.text[p.start : p.end] for p in passages]


class TestWhereItCuts:
    """In the second half of the room: a paragraph before a line, a sentence, a word."""

    def test_a_text_that_fits_is_one_passage(self) -> None:
        """Exactly as many tokens as there is room for still fit."""
        assert cut(document(numbered(10)), room=10) == [numbered(10)]
        assert cut(document(numbered(11)), room=10) == [numbered(10), "w10"]

    @pytest.mark.parametrize("end", ["\n\n", "\n", ". ", "! ", "? ", '." ', ".\u201d "])
    def test_each_kind_of_end_is_better_than_the_last_word(self, end: str) -> None:
        """After seven of ten words something ends; the eight that follow start a passage."""
        text = f"{numbered(7)}{end}{numbered(8, first=7)}"

        assert cut(document(text), room=10) == [
            f"{numbered(7)}{end}".rstrip(),
            numbered(8, first=7),
        ]

    @pytest.mark.parametrize(
        ("stronger", "weaker"), [("\n\n", "\n"), ("\n \n", ". "), ("\n", ". "), (". ", " ")]
    )
    def test_the_stronger_end_wins_though_it_comes_earlier(
        self, stronger: str, weaker: str
    ) -> None:
        """Six words, the stronger end, two words, the weaker one, six words."""
        text = f"{numbered(6)}{stronger}w6 w7{weaker}{numbered(6, first=8)}"

        assert cut(document(text), room=10)[0] == f"{numbered(6)}{stronger}".rstrip()

    def test_the_last_of_equal_ends_wins(self) -> None:
        """Fuller passages are fewer."""
        text = f"{numbered(5)}. w5 w6. w7. {numbered(6, first=8)}"

        assert cut(document(text), room=10)[0] == f"{numbered(5)}. w5 w6. w7."

    def test_an_end_in_the_first_half_is_passed_over(self) -> None:
        """A heading alone makes a poor passage."""
        text = f"w0 w1\n\n{numbered(13, first=2)}"

        assert cut(document(text), room=10)[0] == f"w0 w1\n\n{numbered(8, first=2)}"

    def test_a_dot_within_a_version_or_a_name_ends_nothing(self) -> None:
        """Only a dot with a blank behind it does."""
        text = f"{numbered(6)} 3.11.2 example.com {numbered(6, first=8)}"

        assert cut(document(text), room=10)[0] == f"{numbered(6)} 3.11.2 example.com w8 w9"

    def test_a_word_is_not_broken_while_there_is_another_place(self) -> None:
        """Half a word means something else, or nothing."""
        text = "aaabbb cccddd eeefff ggghhh"

        assert cut(document(text), pieces, room=5) == ["aaabbb cccddd", "eeefff ggghhh"]

    def test_one_huge_word_is_broken_at_the_limit(self) -> None:
        """Base64 and minified code have no better place, and must not be lost."""
        word = "".join(chr(ord("a") + n % 26) for n in range(3000))

        parts = cut(document(word), pieces, room=64)

        assert "".join(parts) == word
        assert {len(part) for part in parts[:-1]} == {3 * 64}

    def test_chinese_is_cut_after_its_full_stops(self) -> None:
        """They have no blank behind them."""
        text = "一二三四五六七。八九十甲乙丙丁戊己庚"

        assert cut(document(text), characters, room=10) == [
            "一二三四五六七。",
            "八九十甲乙丙丁戊己庚",
        ]

    def test_chinese_without_stops_is_cut_at_the_limit(self) -> None:
        """And every character stays."""
        assert cut(document("一二三四五六七八九十" * 3), characters, room=12) == [
            "一二三四五六七八九十一二",
            "三四五六七八九十一二三四",
            "五六七八九十",
        ]

    def test_signs_that_are_no_tokens_stay_in_a_passage(self) -> None:
        """What is shown must end with its full stop and keep its brackets."""
        text = "(Press) F8 — twice! Then: wait... see the [log] and 'retry'."

        parts = cut(document(text), HashingEmbedder().token_offsets, room=6)

        assert parts == ["(Press) F8 — twice! Then: wait...", "see the [log] and 'retry'."]


class TestSections:
    """A passage belongs to one message, so that a hit can name it."""

    def test_sections_never_share_a_passage(self) -> None:
        """A private note and a public reply in one vector could not be told apart."""
        doc = document("one two", "three", "four five six")

        passages = split_document(doc, words, max_tokens=100, title_max_tokens=0)

        assert passages == [
            Passage(0, SectionKind.REPLY, "m0", 0, 7, 2, 0),
            Passage(1, SectionKind.REPLY, "m1", 9, 14, 1, 0),
            Passage(2, SectionKind.REPLY, "m2", 16, 29, 3, 0),
        ]

    def test_a_section_without_tokens_gives_no_passage(self) -> None:
        """A row of dashes under a signature."""
        doc = document("one", "-- !?", "two")

        passages = split_document(
            doc, HashingEmbedder().token_offsets, max_tokens=16, title_max_tokens=0
        )

        assert [(p.ordinal, p.message_id) for p in passages] == [(0, "m0"), (1, "m2")]

    def test_a_document_without_text_gives_one_empty_passage(self) -> None:
        """So that its title is found."""
        doc = CleanDocument(title="VPN drops after sleep", text="", sections=())

        (passage,) = split_document(doc, words, max_tokens=16, title_max_tokens=16)

        assert passage == Passage(0, SectionKind.BODY, None, 0, 0, 0, 0)
        shown = passage_input(doc, passage, context_of(doc, 16, 16))
        assert shown == "VPN drops after sleep"


def context_of(doc: CleanDocument, max_tokens: int, title_max_tokens: int) -> TitleContext:
    """What of its title stands before each of its passages."""
    return title_context(doc.title, words, max_tokens=max_tokens, title_max_tokens=title_max_tokens)


class TestTitles:
    """The title stands before every passage, as far as there is room."""

    def test_the_title_takes_its_room_from_the_passage(self) -> None:
        """Ten tokens in all, three of them the title's."""
        doc = document(numbered(14), title="VPN after sleep")

        passages = split_document(doc, words, max_tokens=10, title_max_tokens=5)

        assert [p.n_tokens for p in passages] == [7, 7]
        assert [p.n_unseen_tokens for p in passages] == [0, 0]
        shown = passage_input(doc, passages[1], context_of(doc, 10, 5))
        assert shown == f"VPN after sleep\n{numbered(7, first=7)}"

    @pytest.mark.parametrize(
        ("max_tokens", "title_max_tokens", "n_seen"),
        [(16, 4, 4), (16, 48, 8), (17, 48, 8), (16, 0, 0), (100, 100, 20)],
    )
    def test_what_the_model_cannot_see_of_a_long_title_is_counted_once(
        self, max_tokens: int, title_max_tokens: int, n_seen: int
    ) -> None:
        """A title of twenty words takes no more than its limit, nor than half of all room."""
        doc = document(numbered(60, first=20), title=numbered(20))

        passages = split_document(
            doc, words, max_tokens=max_tokens, title_max_tokens=title_max_tokens
        )

        assert [p.n_unseen_tokens for p in passages] == [20 - n_seen] + [0] * (len(passages) - 1)
        shown = passage_input(doc, passages[0], context_of(doc, max_tokens, title_max_tokens))
        body = numbered(passages[0].n_tokens, first=20)
        assert shown == (f"{numbered(n_seen)}\n{body}" if n_seen else body)

    def test_a_long_title_without_text_is_counted_too(self) -> None:
        """Nothing is cut off in silence."""
        doc = CleanDocument(title=numbered(20), text="", sections=())

        (passage,) = split_document(doc, words, max_tokens=16, title_max_tokens=48)

        assert passage.n_unseen_tokens == 12


class TestTheTitleAlone:
    """One more passage, so that a title is compared as itself."""

    def test_is_the_last_passage_with_an_empty_span(self) -> None:
        """Its input is the title; nothing of the text is in it."""
        doc = document(numbered(3), title="VPN after sleep")

        passage = title_passage(doc, words, ordinal=1, max_tokens=16)

        assert passage == Passage(1, SectionKind.TITLE, None, 0, 0, 0, 0)
        assert passage_input(doc, passage, context_of(doc, 16, 16)) == "VPN after sleep"

    def test_is_embedded_whole_however_little_stands_before_passages(self) -> None:
        """Without the limit for what stands there."""
        doc = document("text", title=numbered(12))

        passage = title_passage(doc, words, ordinal=1, max_tokens=16)

        assert passage is not None
        assert passage_input(doc, passage, context_of(doc, 16, 2)) == numbered(12)

    @pytest.mark.parametrize(("max_tokens", "n_unseen"), [(20, 0), (19, 1), (5, 15)])
    def test_what_the_model_does_not_see_of_it_is_counted(
        self, max_tokens: int, n_unseen: int
    ) -> None:
        """A title of twenty words."""
        doc = document("text", title=numbered(20))

        passage = title_passage(doc, words, ordinal=1, max_tokens=max_tokens)

        assert passage is not None
        assert passage.n_unseen_tokens == n_unseen

    @pytest.mark.parametrize(("title", "text"), [("", "text"), ("VPN", ""), ("", "")])
    def test_is_none_without_a_title_or_a_text(self, title: str, text: str) -> None:
        """A document of a title alone has one passage, which is its title."""
        doc = document(text, title=title)

        assert title_passage(doc, words, ordinal=1, max_tokens=16) is None


_TEXTS = st.lists(
    st.text(st.sampled_from("ab.!?\n \t。中文é😀"), max_size=80).map(str.strip).filter(bool),
    max_size=4,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    texts=_TEXTS,
    title=st.text(st.sampled_from("ab 中"), max_size=30).map(str.strip),
    tokenizer=st.sampled_from([words, characters, pieces]),
    max_tokens=st.integers(1, 24),
    title_max_tokens=st.integers(0, 24),
)
@example(["a"], "", words, 1, 0)
@example(["abc" * 9], "a" * 9, pieces, 2, 24)
def test_every_token_is_in_exactly_one_passage_and_none_beyond_the_limit(
    texts: list[str], title: str, tokenizer: Tokenizer, max_tokens: int, title_max_tokens: int
) -> None:
    """Whatever the text, the tokenizer and the limits; offsets are exact."""
    doc = document(*texts, title=title)

    passages = split_document(
        doc, tokenizer, max_tokens=max_tokens, title_max_tokens=title_max_tokens
    )

    n_title = len(tokenizer(title))
    n_seen = min(n_title, title_max_tokens, max_tokens // 2)
    spans = [
        (int(start) + section.start, int(end) + section.start)
        for section in doc.sections
        for start, end in tokenizer(doc.text[section.start : section.end])
    ]
    within = [[span for span in spans if p.start <= span[0] < span[1] <= p.end] for p in passages]
    assert [span for group in within for span in group] == spans
    assert [p.n_tokens for p in passages] == [len(group) for group in within]
    assert all(p.n_tokens + n_seen <= max_tokens for p in passages)
    assert sum(p.n_unseen_tokens for p in passages) == n_title - n_seen
    assert [p.ordinal for p in passages] == list(range(max(1, len(passages))))
    for passage, group in zip(passages, within, strict=True):
        if group:
            assert (passage.start, passage.end) == (group[0][0], group[-1][1])
            section = doc.sections[int((passage.message_id or "m0")[1:])]
            assert section.start <= passage.start < passage.end <= section.end


@pytest.mark.parametrize("unit", ["word ", "x", "a.\n\n", "\n", "中。", ". ", "a\n \n"])
def test_a_megabyte_is_cut_whole(unit: str) -> None:
    """Long logs are documents too; twice the text takes twice the time, not four times."""
    text = f"a{unit * (1_000_000 // len(unit))}a"

    passages = split_document(document(text), pieces, max_tokens=256, title_max_tokens=48)

    assert sum(p.n_tokens for p in passages) == len(pieces(text))
    assert max(p.n_tokens for p in passages) <= 256
    assert len(passages) <= len(pieces(text)) // 128 + 1
