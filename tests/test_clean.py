"""From a text as it arrived to the one that is cut, embedded and shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch import TextFormat
from kbsearch.text import first_line, to_plain_text


def test_the_format_decides_how_a_text_is_read() -> None:
    """The same characters are three different texts; nothing is guessed."""
    text = "a *b* <i>c</i>"

    assert to_plain_text(text, TextFormat.PLAIN) == "a *b* <i>c</i>"
    assert to_plain_text(text, TextFormat.MARKDOWN) == "a b c"
    assert to_plain_text(text, TextFormat.HTML) == "a *b* c"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  indented\n    more  ", "  indented\n    more"),
        ("a \t\nb", "a\nb"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\n\nb", "a\n\nb"),
        ("\n\n  a\n\n", "  a"),
        ("a\r\nb\x00\u200b", "a\nb"),
        ("cafe\u0301", "caf\u00e9"),
        (" \n\t\r\n ", ""),
        ("", ""),
    ],
)
def test_plain_text_keeps_its_layout_without_loose_blanks(text: str, plain: str) -> None:
    """Indentation says something; blanks at line ends and runs of blank lines do not."""
    assert to_plain_text(text, TextFormat.PLAIN) == plain


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.text(st.sampled_from("ab \n\t\r\u00a0\u200b\u3000é<>&*"), max_size=40))
def test_plain_text_is_its_own_plain_text(text: str) -> None:
    """Offsets of hits point into it, so it must not change when it is cleaned again."""
    plain = to_plain_text(text, TextFormat.PLAIN)

    assert to_plain_text(plain, TextFormat.PLAIN) == plain
    assert not re.search(r"[ \t]\n|\n{3}|^\n|\s\Z", plain)


@pytest.mark.parametrize("blank", [" ", "\n", "\t", " \n", "\n \n", "a ", "\u00a0", "\r\n"])
def test_a_megabyte_of_blanks_is_cleaned_in_linear_time(blank: str) -> None:
    """Patterns over runs of blanks are where cleaning becomes quadratic."""
    text = f"a{blank * (1_000_000 // len(blank))}b"

    assert "".join(to_plain_text(text, TextFormat.PLAIN).split()).strip("a") == "b"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n  It jams \nmore", "It jams"),
        ("", ""),
        (" \n ", ""),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
        ("word " * 30, "word " * 23 + "word…"),
    ],
)
def test_the_first_line_with_text_makes_a_title(text: str, line: str) -> None:
    """Cut with an ellipsis, which counts as one of the 120 characters."""
    assert first_line(text) == line
    assert len(first_line(text)) <= 120
