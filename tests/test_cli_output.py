"""What reaches the terminal: plain, safe, coloured only where it should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from kbsearch import Audience
from kbsearch.cli.progress import Bars
from kbsearch.cli.screen import one_line, printable
from kbsearch.cli.tables import excerpt
from kbsearch.models import HitPassage, SectionKind, Span, TextFormat
from tests.builders import article, customer_says, ticket
from tests.cli_runner import make_desk, run

TERMINAL = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2Jcleared", "2Jcleared"),
        ("\x1b]8;;http://evil\x07click\x1b]8;;\x07", "]8;;http://evilclick]8;;"),
        ("abc\u202edef", "abcdef"),
        ("bell\x07, back\x08space", "bell, backspace"),
        ("two\n\tlines stay", "two\n\tlines stay"),
    ],
    ids=["colour", "C1", "link", "bidi", "bell", "layout"],
)
def test_printable_text_gives_a_terminal_nothing_to_obey(text: str, shown: str) -> None:
    """A ticket is written by anybody on the internet."""
    assert printable(text) == shown


def test_one_line_has_no_line_ends() -> None:
    """An id or a reason must not forge a line of output."""
    assert one_line("a\r\nError:  b\tc\u2028d") == "a Error: b c d"


class TestHostileDocuments:
    """Texts that try to write to the terminal or to be taken for markup."""

    @pytest.fixture(scope="class")
    def hostile(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """An article in markdown and a ticket, both malicious."""
        body = "Wipe &#27;[2J &#x9b;2J it. [click](javascript:alert) [bold red]not markup[/]"
        mail = "Wipe \x1b[2J\x9b1mit [bold red]not markup[/] :smile:"
        return make_desk(
            tmp_path_factory.mktemp("desk") / "a.kb",
            article("evil", body, Audience.EXTERNAL, format=TextFormat.MARKDOWN),
            ticket("evil", mail, messages=(customer_says(mail),)),
        )

    @pytest.mark.parametrize(
        "command",
        [["search", "wipe"], ["similar", "--text", "wipe", "--with-open"], ["show", "desk:evil"]],
        ids=lambda command: command[0],
    )
    def test_neither_escape_nor_style(self, hostile: Path, command: list[str]) -> None:
        """ESC and C1 are gone, brackets and colons are text."""
        result = run(*command, "-d", hostile, "-a", "internal")

        assert result.exit_code == 0
        assert "[bold red]not markup[/] :smile:" in result.stdout
        assert not {"\x1b", "\x9b", "\x07"} & set(result.output)

    def test_nor_through_markdown(self, hostile: Path) -> None:
        """Character references are decoded after the text was cleaned."""
        result = run("show", "kb:evil", "-d", hostile, "-a", "internal")

        assert result.exit_code == 0
        assert "Wipe" in result.stdout
        assert not {"\x1b", "\x9b"} & set(result.output)

    def test_nor_through_an_error(self, hostile: Path) -> None:
        """What was asked for comes back in the message."""
        result = run("show", "kb:\x1b[2Jno\nsuch", "-d", hostile, "-a", "internal")

        assert result.exit_code == 1
        assert "\x1b" not in result.stderr
        assert result.stderr.count("\n") == 1


class TestColours:
    """On terminals, unless NO_COLOR is set. FORCE_COLOR makes rich take a pipe for a terminal."""

    def test_a_pipe_gets_plain_text(self, tmp_path: Path) -> None:
        """A file with escape sequences in it is no use."""
        desk = make_desk(tmp_path / "a.kb", article("a", "Red light.", Audience.EXTERNAL))

        result = run("search", "light", "-d", desk, "-a", "external")

        assert "\x1b" not in result.output

    def test_a_terminal_gets_the_shelf_in_colour_and_the_matched_word_in_bold(
        self, tmp_path: Path
    ) -> None:
        """Cyan is for customers too, yellow for staff only."""
        documents = [
            article("a", "Red light here.", Audience.EXTERNAL, title="Lamp"),
            article("b", "No light.", Audience.INTERNAL, title="Fuse"),
        ]
        desk = make_desk(tmp_path / "a.kb", *documents)

        result = run("search", "light", "-d", desk, "-a", "internal", environment=TERMINAL)

        assert "\x1b[1;36mexternal" in result.stdout
        assert "\x1b[1;33minternal" in result.stdout
        assert "Red \x1b[1mlight\x1b[0m here" in result.stdout

    def test_no_color_is_obeyed(self, tmp_path: Path) -> None:
        """Bold is no colour and stays. https://no-color.org"""
        desk = make_desk(tmp_path / "a.kb", article("a", "Red light.", Audience.EXTERNAL))

        result = run(
            "search",
            "light",
            "-d",
            desk,
            "-a",
            "external",
            environment=TERMINAL | {"NO_COLOR": "1"},
        )

        assert "\x1b[1mexternal" in result.stdout
        assert "\x1b[3" not in result.stdout

    def test_an_error_is_one_red_line_however_long(self, tmp_path: Path) -> None:
        """Scripts look for it with grep."""
        long = tmp_path / ("x" * 200)

        plain = run("stats", "-d", long, "-a", "internal")
        red = run("stats", "-d", long, "-a", "internal", environment=TERMINAL)

        assert plain.stderr.count("\n") == 1
        assert plain.stderr.startswith(f"'{long}' is no desk")
        assert red.stderr.startswith("\x1b[31m")


class TestExcerpt:
    """The part of a passage that says why it was found."""

    def test_a_short_passage_is_shown_whole_with_its_matches_in_bold(self) -> None:
        """Offsets are those of the library."""
        shown = excerpt(_passage("Quit the tunnel,\n\nwait.", ["tunnel"]))

        assert shown.plain == "Quit the tunnel, wait."
        assert [shown.plain[s.start : s.end] for s in shown.spans] == ["tunnel"]
        assert shown.spans[0].style == "bold"

    def test_a_long_one_is_cut_around_most_of_the_words(self) -> None:
        """Here the two words stand at the end, one of them also at the start."""
        filler = "nothing to see " * 40
        shown = excerpt(_passage(f"alpha {filler}alpha beta", ["alpha", "beta"])).plain

        assert shown.startswith("… ")
        assert shown.endswith("alpha beta")
        assert len(shown) <= 262

    def test_one_without_matches_begins_at_its_beginning(self) -> None:
        """Found by meaning alone."""
        shown = excerpt(_passage("one two three " * 40, [])).plain

        assert shown.startswith("one two three")
        assert shown.endswith(" …")

    def test_a_text_without_spaces_is_cut_all_the_same(self) -> None:
        """A megabyte of base64, or Chinese."""
        shown = excerpt(_passage("語" * 1000, ["語語"])).plain

        assert 150 <= len(shown) <= 264


class TestBars:
    """Progress is drawn for people, and remembered for who interrupts."""

    def test_nothing_is_drawn_where_no_terminal_is(self) -> None:
        """A log file of a nightly import stays readable."""
        console = Console(stderr=True, force_terminal=False)

        with console.capture() as captured, Bars(console) as bars:
            bars("embed internal", 0, 10)
            bars("embed internal", 10, 10)

        assert captured.get() == ""

    def test_a_terminal_sees_how_far_it_is(self) -> None:
        """Name of the work, done and in all."""
        console = Console(force_terminal=True, width=100, color_system=None)

        with console.capture() as captured, Bars(console) as bars:
            bars("embed internal", 3, 10)

        assert "embed internal" in captured.get()
        assert "3/10" in captured.get()

    def test_kept_says_the_last_of_each_task(self) -> None:
        """Tasks that have nothing done are not mentioned."""
        bars = Bars(Console(force_terminal=False))
        bars("embed external", 0, 0)
        bars("publish external", 0, 1)
        bars("embed internal", 0, 10)
        bars("embed internal", 7, 10)

        assert bars.kept() == "Kept so far: 7 of 10 (embed internal)."
        assert Bars(Console()).kept() == "Kept so far: nothing."


def _passage(text: str, words: list[str]) -> HitPassage:
    matches = []
    for word in words:
        start = text.find(word)
        while start >= 0:
            matches.append(Span(start=start, end=start + len(word)))
            start = text.find(word, start + len(word))
    return HitPassage(
        text=text,
        section=SectionKind.BODY,
        message_id=None,
        start=0,
        end=len(text),
        matches=tuple(sorted(matches, key=lambda span: span.start)),
    )
