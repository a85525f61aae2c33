"""HTML as a person sees it: structure and code kept, markup dropped, hostile pages harmless."""

from __future__ import annotations

import sys
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch.errors import MissingExtraError
from kbsearch.text import html_to_text

MEGABYTE = 1_000_000
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=150)


def filled(unit: str, *, size: int = MEGABYTE) -> str:
    """As many repetitions as fit."""
    return unit * (size // len(unit))


class TestStructure:
    """What stands on a line of its own, what is parted, what is numbered."""

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<h1>Title</h1><p>One <b>two</b></p><p>three</p>", "Title\n\nOne two\n\nthree"),
            ("<div>a<div>b</div>c</div>", "a\nb\nc"),
            ("a<br>b<br/><br>c", "a\nb\n\nc"),
            ("<p> a\n  b\t<i> c</i> <i>d </i></p>", "a b c d"),
            ("<p>a</p>\n\n\n<!-- x -->\n<p>b</p>", "a\n\nb"),
            ("Press <kbd>Ctrl</kbd>+<kbd>C</kbd>", "Press Ctrl+C"),
            ("<blockquote>said</blockquote>answer", "said\n\nanswer"),
            ("<dl><dt>Port</dt><dd>443</dd></dl>", "Port\n443"),
            ("<form><select><option>On<option>Off</select></form>", "On\nOff"),
            ("&lt;b&gt; &amp; &eacute;&#8364;&nbsp;x", "<b> & é€ x"),
            ("no markup at all", "no markup at all"),
            ("", ""),
            (" \n <p> </p>", ""),
        ],
    )
    def test_blocks_stand_on_lines_of_their_own(self, markup: str, text: str) -> None:
        """Sentences of two paragraphs must not run together, nor words of one part."""
        assert html_to_text(markup) == text

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<ul>\n <li>\n  a\n </li>\n <li>b</li>\n</ul>", "- a\n- b"),
            ("<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>", "- a\n\n- b\n\nc"),
            ("<ul><li><div>a</div></li></ul>", "- a"),
            ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
            ("<ol><li>a<ul><li>x</ul><li>b</ol>", "1. a\n- x\n2. b"),
            ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
            ("<ol start=x><li>a</ol>", "1. a"),
            (f"<ol start={'9' * 5000}><li>a</ol>", "1. a"),
            ("<ul><li></li><li>b</li></ul>", "-\n- b"),
            ("<li>alone", "- alone"),
        ],
    )
    def test_items_keep_their_bullets_and_numbers(self, markup: str, text: str) -> None:
        """Replies say `step 3 failed`; the bullet stays with its text however it is wrapped."""
        assert html_to_text(markup) == text

    @pytest.mark.parametrize(
        ("rows", "text"),
        [
            ("<tr><th>OS<th>Port<tr><td>mac<td>22", "OS | Port\nmac | 22"),
            ("<tr>\n<td>a</td>\n<!-- c -->\n<td>b</td>\n</tr>", "a | b"),
            ("<tr><td>a</td><td></td><td>c</td></tr>", "a | | c"),
            ("<caption>Limits</caption><tbody><tr><td>5 GB</td></tr></tbody>", "Limits\n5 GB"),
        ],
    )
    def test_rows_stand_on_lines_and_cells_are_parted(self, rows: str, text: str) -> None:
        """Otherwise `22` and `443` would be found as `22443`."""
        assert html_to_text(f"<table>{rows}</table>") == text

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<a href='https://x.example/a'>here</a>", "here (https://x.example/a)"),
            ("<A HREF=https://x.example/a>here</A>", "here (https://x.example/a)"),
            ("<a href='https://x.example/a'>https://x.example/a</a>", "https://x.example/a"),
            ("<a href='mailto:it@x.example'>it@x.example</a>", "it@x.example"),
            ("<a href='mailto:it@x.example'>us</a>", "us (mailto:it@x.example)"),
            ("<a href='/kb/7'>rel</a> <a name=top>top</a>", "rel top"),
            ("<a href='javascript:alert(1)'>x</a>", "x"),
            ("<a href='https://x.example/'><img alt=logo></a>", "logo (https://x.example/)"),
            ("<p><a href='https://x.example/'>t<p>u<p>v", "t (https://x.example/)\n\nu\n\nv"),
        ],
    )
    def test_a_link_keeps_its_text_and_its_target_once(self, markup: str, text: str) -> None:
        """Only targets that a reader elsewhere can follow, also of links never closed."""
        assert html_to_text(markup) == text

    def test_an_image_is_read_by_its_description(self) -> None:
        """A screenshot's `alt` is often the only place that holds the error message."""
        markup = "See <img src=x.png alt='Error 0x80 &lt;b&gt;, press <b>'>. <img src=y.png>"

        assert html_to_text(markup) == "See Error 0x80 <b>, press <b>."

    @pytest.mark.parametrize(
        "unseen",
        [
            "<!-- secret -->",
            "<!-- <p>secret</p> --!>",
            "<script>secret()</script>",
            "<SCRIPT>if (a<b) 'secret</p>'</SCRIPT>",
            "<style>.secret{}</style>",
            "<head><title>secret</title></head>",
            "<template>secret</template>",
            "<p></p><noscript>secret</noscript>",
            "<svg><text>secret</text></svg>",
            "<iframe>secret</iframe>",
            "<object>secret</object>",
            "<p title=secret data-x='secret'></p>",
            "<p title='>secret<' data-x=\"<p>secret\"></p>",
            "<p></p><title>secret</title>",
            "<?xml secret?><![if !mso]><!DOCTYPE secret>",
        ],
    )
    def test_what_a_reader_does_not_see_is_dropped(self, unseen: str) -> None:
        """Comments, scripts, styles and their like, attributes."""
        assert html_to_text(f"{unseen}<p>seen</p>") == "seen"

    @pytest.mark.parametrize(
        "markup",
        ["<b>open", "<p>open<", "open<!-- never ends", "open<script>never ends", "</p>open"],
    )
    def test_what_was_not_closed_hides_nothing_before_it(self, markup: str) -> None:
        """Replies are cut and quoted by mail programs in the middle of tags."""
        assert html_to_text(markup).rstrip("<") == "open"

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<b><p>one</b> two</p>three", "one two\n\nthree"),
            ("<div>a</span>b</div>c", "ab\nc"),
            ("<p>a<div>b</p>c</div>", "a\n\nb\n\nc"),
            ("<h1>a</h3>b", "a\n\nb"),
            ("<table><td>a<td>b<tr><td>c</table>d", "a | b\nc\n\nd"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "a\nb\nc"),
            ("<svg><p>a", "a"),
            ("<ul><li><svg/>a<li>b", "- a\n- b"),
            ("<td>a</td><tr>b", "ab"),
            ("<center>a</center>b", "a\n\nb"),
        ],
    )
    def test_tags_that_do_not_match_are_read_as_a_browser_does(
        self, markup: str, text: str
    ) -> None:
        """What is written by hand, cut off or put together is rarely well nested."""
        assert html_to_text(markup) == text

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<textarea><b>a &amp; b</b></textarea>", "<b>a & b</b>"),
            ("<xmp><b>a &amp; b</b></xmp>c", "<b>a &amp; b</b>\n\nc"),
            ("a<plaintext><b></plaintext>", "a\n\n<b></plaintext>"),
        ],
    )
    def test_raw_text_is_shown_as_it_is_written(self, markup: str, text: str) -> None:
        """Tags within it are what the page is about."""
        assert html_to_text(markup) == text

    def test_many_drawings_leave_the_structure_whole(self) -> None:
        """Icons hold hundreds of tags that end within themselves: `<path/>`."""
        icon = f"<svg>{'<g/>' * 400}</svg>"

        assert html_to_text(f"{icon * 3}<ul><li>a<li>b</ul>") == "- a\n- b"

    @pytest.mark.parametrize("number", range(7))
    def test_character_references_cannot_name_the_marks_used_inside(self, number: int) -> None:
        """Breaks are marked by control characters until the text is asked for."""
        text = html_to_text(f"<ul><li>a&#{number};b")

        assert text.replace("\ufffd", "") == "- ab"


class TestCode:
    """Preformatted text is kept byte for byte: spaces are syntax in half of all configurations."""

    CODE = "if a < b:\n\tcall('x  y')   \n\n\n    # end & out"

    @pytest.mark.parametrize(
        "markup",
        ["<pre>{}</pre>", "<pre><code class=py>{}</code></pre>", "<pre>\n{}\n</pre>", "<PRE>{}"],
    )
    def test_a_code_block_is_kept_byte_for_byte(self, markup: str) -> None:
        """Indentation, tabs, trailing blanks and empty lines."""
        assert html_to_text(markup.format(escape(self.CODE))) == self.CODE

    def test_tags_within_code_leave_no_trace(self) -> None:
        """Highlighters wrap every word in a span."""
        marked = "<pre><span>def</span> f():\n  <b>return</b>  <i>1</i><br>  x</pre>"

        assert html_to_text(marked) == "def f():\n  return  1\n  x"

    @repeatable
    @given(st.text(st.sampled_from("ab<>&'\"| \t\n-é日"), max_size=40))
    @example("  x")
    @example("\n \n")
    def test_any_code_is_kept_between_paragraphs(self, code: str) -> None:
        """Only empty lines at its very ends belong to the page, not to the code."""
        text = html_to_text(f"<p>before</p><pre>{escape(code)}</pre><p>after</p>")

        kept = code.strip("\n")
        assert text == (f"before\n\n{kept}\n\nafter" if kept else "before\n\nafter")

    @repeatable
    @given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs")), max_size=40))
    def test_any_text_that_was_escaped_comes_back(self, text: str) -> None:
        """No character of a text is taken for markup, none is lost."""
        assert html_to_text(f"<p>{escape(text)}</p>") == text


class TestHostilePages:
    """A megabyte of what parsers choke on is read at once and gives the text it holds."""

    @pytest.mark.parametrize("size", [MEGABYTE // 2, MEGABYTE])
    @pytest.mark.parametrize(
        "unit",
        "<div> <b> <span><i> <a/href=x> <ul> <p> <dd> </div> </b> <br> <table><tr><td> "
        "<select><option> <option> <form> <p><font/color=red> <div/a='<'> <div/a='</div>'> "
        "<dd><li> <div></span> <div><!--</div>--> <p><button> <math><p>".split(),
    )
    def test_tags_without_end_are_read_in_linear_time(self, unit: str, size: int) -> None:
        """Twice the size would take four times as long, minutes, were it quadratic."""
        assert html_to_text(filled(unit, size=size) + "<p>text").strip("|- \n") == "text"

    @pytest.mark.parametrize("size", [MEGABYTE // 2, MEGABYTE])
    @pytest.mark.parametrize("unit", ["<!--", "<script>", "<style>", "<svg>", "<![CDATA["])
    def test_what_hides_text_hides_it_in_linear_time(self, unit: str, size: int) -> None:
        """The standard library's parser took 24 s on 200 KB of `<!--`."""
        assert html_to_text("text" + filled(unit, size=size)) == "text"

    @pytest.mark.parametrize("size", [MEGABYTE // 2, MEGABYTE])
    @pytest.mark.parametrize("unit", ["<", "&", "&#", "& lt;", "x", "< a", "'\"", "日"])
    def test_text_that_looks_like_markup_is_kept_in_linear_time(self, unit: str, size: int) -> None:
        """Logs and shell scripts are pasted without escaping."""
        markup = filled(unit, size=size)

        assert html_to_text(markup) == markup

    @pytest.mark.parametrize("size", [MEGABYTE // 2, MEGABYTE])
    @pytest.mark.parametrize("unclosed", ["<{}", "</{}", "<p {}", "<p x={}", "<p x='{}", "<!{}"])
    def test_a_tag_that_never_ends_is_dropped_in_linear_time(
        self, unclosed: str, size: int
    ) -> None:
        """After many `<`, so that the scan for nesting runs too."""
        opening = "<" * 300
        markup = f"{opening} {unclosed.format('a' * size)}"

        assert html_to_text(markup).rstrip() == opening

    @pytest.mark.parametrize("n_attributes", [70_000, 140_000])
    @pytest.mark.parametrize(
        "attribute", ["a{}", "a{}=1", "a{}='<'", 'a{}=">"', "/a{}=''", "class=a{}"]
    )
    def test_a_tag_with_many_attributes_is_read_in_linear_time(
        self, attribute: str, n_attributes: int
    ) -> None:
        """Parsers compare each name with all before it: 140,000 took minutes."""
        attributes = " ".join(attribute.format(n) for n in range(n_attributes))

        assert html_to_text(f"<div {attributes}>text</div {attributes}>") == "text"

    def test_open_formatting_is_not_repeated_for_every_paragraph(self) -> None:
        """HTML5 reopens 250 tags in 50,000 paragraphs: gigabytes, were they parsed as such."""
        tags = "".join(f'<b id="{n}<">' for n in range(250))
        n_paragraphs = 50_000

        text = html_to_text(f"<p>{tags}</p>" + "<p>x</p>" * n_paragraphs)

        assert text == "\n\n".join("x" * n_paragraphs)

    def test_an_open_link_is_not_repeated_for_every_paragraph(self) -> None:
        """Half a megabyte of target times 100,000 paragraphs would be 50 GB of text."""
        target = "https://x.example/" + "u" * (MEGABYTE // 2)

        text = html_to_text(f"<p><a href='{target}'>t</p>" + "<p>x" * 100_000)

        assert text.startswith(f"t ({target})\n\nx\n\nx")
        assert len(text) == len(f"t ({target})") + 3 * 100_000

    @pytest.mark.parametrize("blank", [" ", "\n", " \n", "\n\n ", "\t"])
    def test_blanks_in_code_are_kept_in_linear_time(self, blank: str) -> None:
        """Runs of blanks are where patterns backtrack."""
        blanks = filled(blank)

        assert html_to_text(f"<pre>a{blanks}b</pre>") == f"a{blanks}b"

    def test_deep_nesting_loses_no_text(self) -> None:
        """Tags beyond a sane depth are dropped; what they hold is not."""
        words = [f"word{n}" for n in range(2000)]

        text = html_to_text("".join(f"<div>{word}" for word in words))

        assert text.replace("\n", "").count("word") == 2000
        assert "".join(text.split()) == "".join(words)


def test_a_missing_parser_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text needs no parser, so it is an extra."""
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)

    with pytest.raises(MissingExtraError, match=r"kbsearch\[markup\]"):
        html_to_text("<p>x</p>")


def test_text_behind_the_last_tag_that_is_read_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what hides text, the rest of the page is none; scripts stay hidden."""
    monkeypatch.setattr("kbsearch.text.html_tags.MAX_TAGS", 3)
    page = "<p>one</p><template>two<b>three<p>four</p><script>five</script>six"

    assert html_to_text(page) == "one\n\nthree four six"
