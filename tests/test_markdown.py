"""Markdown reads like the page that it renders to."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch.errors import MissingExtraError
from kbsearch.text import html_to_text, markdown_to_text
from kbsearch.text import markdown as markdown_module

CODE = "if a < b:\n\tcall('x  y')   \n\n\n    # **end** & out"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("# Title #\n\nhello **w**_or_`ld`\n", "Title\n\nhello world"),
        ("Title\n=====\none\ntwo  \nthree", "Title\n\none two\nthree"),
        ("- a\n- b\n", "- a\n- b"),
        ("- a\n\n- b\n", "- a\n\n- b"),
        ("1. a\n2. b\n   - c\n", "1. a\n2. b\n- c"),
        ("1. a\n\n```\nx\n```\n\n2. b", "1. a\n\nx\n\n2. b"),
        ("| OS | Port |\n|---|---:|\n| mac | 22 |\n", "OS | Port\nmac | 22"),
        ("see [this](https://x.example/a)", "see this (https://x.example/a)"),
        ("[ref][1]\n\n[1]: https://x.example/b 'title'", "ref (https://x.example/b)"),
        ("<https://x.example/>", "https://x.example/"),
        ("<https://x.example/ä?q=a%20b>", "https://x.example/ä?q=a%20b"),
        ("[ä](https://x.example/ä)", "ä (https://x.example/ä)"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("![Error 0x80](shot.png)", "Error 0x80"),
        ("~~old~~ new", "old new"),
        ("> quoted\n\nanswer", "quoted\n\nanswer"),
        ("a \\*b\\* &amp; &lt;c&gt;", "a *b* & <c>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 234"),
        ("***", ""),
        ("", ""),
    ],
)
def test_markdown_is_read_as_it_is_rendered(markup: str, text: str) -> None:
    """CommonMark with tables and strikethrough; list numbers go on after a block of code."""
    assert markdown_to_text(markup) == text


@pytest.mark.parametrize(
    "markup", ["```\n{}\n```", "~~~ python\n{}\n~~~", "text\n\n```\n{}\n```\n\ntext", "```\n{}"]
)
def test_a_fenced_block_is_kept_byte_for_byte(markup: str) -> None:
    """Also when its fence is never closed; what looks like markup in it is code."""
    text = markdown_to_text(markup.format(CODE))

    assert text.removeprefix("text\n\n").removesuffix("\n\ntext") == CODE


def test_an_indented_block_loses_its_margin_only() -> None:
    """Four blanks make it code; more are the code's own."""
    assert markdown_to_text("    if x:\n      y  z\n\n    end") == "if x:\n  y  z\n\nend"


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(st.text(st.sampled_from("ab<>&*_`[]()#| \t\n-é日"), max_size=40))
@example("  \n x")
def test_any_code_is_kept_in_a_fence(code: str) -> None:
    """Only empty lines at its very ends belong to the page."""
    assert markdown_to_text(f"~~~\n{code}\n~~~") == code.strip("\n")


@pytest.mark.parametrize(
    "unseen",
    [
        "<!-- secret -->",
        "<script>\nsecret()\n\nsecret()\n</script>",
        "<style>secret</style>",
        "<p title='secret'></p>",
        "[secret]: https://x.example/secret",
    ],
)
def test_what_a_reader_does_not_see_is_dropped(unseen: str) -> None:
    """HTML within markdown is read as HTML."""
    assert markdown_to_text(f"{unseen}\n\nseen") == "seen"


@pytest.mark.parametrize("markup", ["**open", "[open", "`open", "<b>open", "~~open", "![open"])
def test_what_was_not_closed_is_kept_as_text(markup: str) -> None:
    """A star in a reply is a star more often than emphasis."""
    assert markdown_to_text(markup).strip("*[`~!") == "open"


def test_html_and_markdown_of_one_page_read_alike() -> None:
    """Desks move from one to the other; their articles must not change for search."""
    markup = "# T\n\n1. a\n2. `b  c`\n\n| x | y |\n|---|---|\n| 1 | 2 |\n"
    page = (
        "<h1>T</h1><ol><li>a</li><li><code>b  c</code></li></ol>"
        "<table><tr><th>x</th><th>y</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )

    assert markdown_to_text(markup) == html_to_text(page)


class TestDepth:
    """Lists within lists: nobody reads thirty levels, but each may hold the answer."""

    @pytest.mark.parametrize("depth", [1, 10, 24])
    def test_lists_within_lists_are_read_as_lists(self, depth: int) -> None:
        """The parser's own limit drops the text of the eleventh without a word."""
        markup = "\n".join(f"{'  ' * level}- w{level}" for level in range(depth))

        assert markdown_to_text(markup) == "\n".join(f"- w{level}" for level in range(depth))

    @pytest.mark.parametrize("depth", [26, 100, 300])
    @pytest.mark.parametrize("marker", ["- ", "> - ", "1. "])
    def test_deeper_ones_are_kept_as_they_are_written(self, marker: str, depth: int) -> None:
        """Rather a bullet too many than a sentence too few."""
        markup = f"{marker * depth}w"

        assert markdown_to_text(markup) == markup

    @pytest.mark.parametrize("depth", [21, 50])
    def test_quotes_within_quotes_are_read(self, depth: int) -> None:
        """As replies to replies have them."""
        assert markdown_to_text(">" * depth + " w") == "w"


class TestHostileText:
    """What makes markdown parsers quadratic is read whole; sizes double, nothing explodes."""

    @pytest.mark.parametrize("size", [20_000, 40_000])
    @pytest.mark.parametrize("unit", ["[", "]", "![", "*a_ ", "**a ", "<a ", "&#", "[a]("])
    def test_openers_without_end_are_kept_as_text(self, unit: str, size: int) -> None:
        """Each could begin something until the last character says that none does."""
        markup = "x" + unit * (size // len(unit))

        assert markdown_to_text(markup) == markup.rstrip()

    @pytest.mark.parametrize(
        "unit",
        [
            *(
                "[",
                "![",
                "[a](",
                "[![",
                "*a_ ",
                "*a*",
                "*[",
                "`[",
                "~~a",
                "&",
                "`a",
            ),
            *(
                "- a\n",
                "> a\n",
                "1. a\n\n",
                "# a\n",
                "a\n=\n",
                "|a|\n|-|\n",
                "a  \n",
                "*\n",
                "[a\n",
            ),
        ],
    )
    def test_a_megabyte_of_markup_is_kept_as_it_is_written(self, unit: str) -> None:
        """No person wrote it; the parser would take from ten seconds to minutes."""
        markup = "x " + unit * (1_000_000 // len(unit))

        assert markdown_to_text(markup) == markup

    @pytest.mark.parametrize("mark", "*_~")
    def test_a_megabyte_of_one_mark_is_kept_as_it_is_written(self, mark: str) -> None:
        """Each of them might open or close emphasis."""
        markup = f"x {mark * 500_000}a{mark * 499_000}"

        assert markdown_to_text(markup) == markup

    def test_a_table_of_very_many_columns_is_kept_as_it_is_written(self) -> None:
        """A hundred thousand cells are objects of a kilobyte each."""
        markup = f"{'a|' * 100_000}\n{'-|' * 100_000}\n{'b|' * 100_000}"

        assert markdown_to_text(markup) == markup

    def test_half_a_megabyte_that_a_person_wrote_is_read(self) -> None:
        """The limit is far from what a long article needs."""
        section = (
            f"## Step\n\nOpen **Settings**, then wait.\n\n- `a`\n- b\n\n{'Some words. ' * 30}\n\n"
        )

        text = markdown_to_text(section * 1_200)

        assert text.startswith("Step\n\nOpen Settings, then wait.\n\n- a\n- b\n\nSome words.")
        assert text.count("Step") == 1_200

    @pytest.mark.parametrize("size", [500_000, 1_000_000])
    @pytest.mark.parametrize("blank", [" ", "\t", "\n"])
    def test_blanks_are_collapsed_in_linear_time(self, blank: str, size: int) -> None:
        """A megabyte of nothing between two words."""
        assert "".join(markdown_to_text(f"a{blank * size}b").split()) == "ab"

    def test_a_megabyte_in_an_open_comment_hides_only_what_follows(self) -> None:
        """Raw HTML goes to the HTML reader in one piece."""
        assert markdown_to_text("seen\n\n" + "<!--" * 250_000) == "seen"

    def test_a_megabyte_of_unclosed_fence_is_kept(self) -> None:
        """A log pasted after one fence is a block of code to its end."""
        log = "2024-03-05  error   in <line> 1\n" * 32_000

        assert markdown_to_text(f"```\n{log}") == log.rstrip("\n")

    def test_a_wide_table_with_short_rows_stays_small(self) -> None:
        """Missing cells are filled in; without a limit 400 columns times 4,000 rows of them."""
        n = 400
        table = f"{'|a' * n}|\n{'|-' * n}|\n" + "|\n" * 10 * n

        assert len(markdown_to_text(table)) < 1_000_000


def test_a_missing_parser_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text needs no parser, so it is an extra."""
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    monkeypatch.setattr(markdown_module, "_parser", markdown_module._parser.__wrapped__)

    with pytest.raises(MissingExtraError, match=r"markdown-it-py.*kbsearch\[markup\]"):
        markdown_to_text("x")
