"""Matched words in safe markup: the only tag is `<mark>`, whatever a customer wrote."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch import highlight_html
from kbsearch.models import HitPassage, SectionKind, Span
from kbsearch.rank import matched_spans
from kbsearch.text import Analyzer

ANALYZER = Analyzer()
HOSTILE = [
    "<script>alert('drops')</script>",
    "<mark onclick=alert(1)>drops</mark>",
    "</mark><img src=x onerror=alert(1)> drops",
    "drops & drops &amp; &lt;drops&gt; &#x3c;",
    '" onmouseover="drops" \'drops\'',
    "<!-- drops --> <![CDATA[drops]]> <?drops?>",
    "drops\x00<dro\x00ps>\u202e\ufeff",
    "<drops>drops</drops>",
]


class Reader(HTMLParser):
    """Takes markup apart as the standard library does."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.others += [repr(attrs)] if attrs else []
        self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.tags and self.tags[-1] == "mark":
            self.marked[-1] += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


def passage(text: str, query: str) -> HitPassage:
    """A passage as a search returns it."""
    matches = matched_spans(text, ANALYZER.terms(query), ANALYZER)
    return HitPassage(
        text=text,
        section=SectionKind.BODY,
        message_id=None,
        start=0,
        end=len(text),
        matches=matches,
    )


def test_words_that_inflect_a_word_of_the_query_are_matched() -> None:
    """Where they stand, each time they stand there; stop words of the query match nothing."""
    text = "The VPN dropped; a VPN's drops are the worst."

    spans = matched_spans(text, ANALYZER.terms("the vpn drops"), ANALYZER)

    assert spans == (
        Span(start=4, end=7),
        Span(start=8, end=15),
        Span(start=19, end=24),
        Span(start=25, end=30),
    )


@pytest.mark.parametrize(("text", "query"), [("", "vpn"), ("vpn", ""), ("router", "vpn")])
def test_where_nothing_fits_nothing_is_matched(text: str, query: str) -> None:
    """Dense retrieval finds passages that share no word with the query."""
    assert matched_spans(text, ANALYZER.terms(query), ANALYZER) == ()
    assert highlight_html(passage(text, query)) == text


def test_matched_words_are_marked_and_all_else_is_escaped() -> None:
    """Written out once; line ends stay."""
    markup = highlight_html(passage('VPN <drops>\n& "sleeps"', "vpn drop"))

    assert markup == "<mark>VPN</mark> &lt;<mark>drops</mark>&gt;\n&amp; &quot;sleeps&quot;"


def test_a_span_that_covers_markup_is_escaped_too() -> None:
    """Whoever makes the spans; the words of an analyzer hold no `<`, another's may."""
    shown = passage("a <b> c", "").model_copy(update={"matches": (Span(start=2, end=5),)})

    assert highlight_html(shown) == "a <mark>&lt;b&gt;</mark> c"


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from([*HOSTILE, "drops ", "<", ">", "&", '"', "'", "é", "中", "\n"])
        | st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8),
        max_size=6,
    ).map("".join)
)
@example("".join(HOSTILE))
def test_a_parser_finds_only_marks_and_the_text_itself(text: str) -> None:
    """No tag, attribute, comment or entity of the text survives as markup."""
    shown = passage(text, "drops")

    found = read(highlight_html(shown))

    assert found.others == []
    assert found.tags == ["mark", "/mark"] * len(shown.matches)
    assert found.text == text
    assert found.marked == [text[span.start : span.end] for span in shown.matches]


def test_the_reader_of_these_tests_sees_what_is_not_escaped() -> None:
    """A control: were the text passed through, the claim above would fail."""
    found = read("<b id=1>x</b><!-- c --><?pi?>")

    assert found.tags == ["b", "/b"]
    assert found.others == ["[('id', '1')]", " c ", "pi?"]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("my wi-fi is slow", "wifi", ["wi-fi"]),
        ("call getUserName now", "user", ["User"]),
        ("call getUserName now", "getUserName", ["getUserName"]),
        ("打印机坏了", "打印机", ["打印机"]),
    ],
)
def test_a_word_made_of_words_is_marked_as_far_as_it_was_asked_for(
    text: str, query: str, marked: list[str]
) -> None:
    """A part alone, or the whole once; pairs of characters that meet are one mark."""
    spans = matched_spans(text, ANALYZER.query_terms(query), ANALYZER)

    assert [text[span.start : span.end] for span in spans] == marked
