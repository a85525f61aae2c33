"""Of a mail, its sender's own words stay: quotes, headers, signatures and notices are found."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.errors import MissingExtraError
from kbsearch.text.mail import MAX_LINES, Cut, CutKind, mail_cuts, without_cuts
from kbsearch.text.mail_phrases import phrases
from tests.mail_threads import MAILS, PROBLEMS, Label, Thread

LANGUAGES = ["en", "de", "fr", "es", "it", "nl"]
HEADERS = "From: Tom <tom@x.example>\nSent: Friday, 3 May 2024 10:21\nTo: Anna\nSubject: Printer\n"


def kept(text: str) -> str:
    """What is left of a mail."""
    return without_cuts(text, mail_cuts(text))


def kinds(text: str) -> list[CutKind]:
    """Why something is cut, in order."""
    return [cut.kind for cut in mail_cuts(text)]


def removed_share(threads: Iterable[Thread], label: Label) -> float:
    """The share of the lines with this label and with a letter or digit that is cut."""
    n_lines = n_removed = 0
    for thread in threads:
        cuts = mail_cuts(thread.text)
        start = 0
        for line_label, line in thread.lines:
            if line_label is label and any(map(str.isalnum, line)):
                n_lines += 1
                n_removed += any(cut.start <= start < cut.end for cut in cuts)
            start += len(line) + 1
    return n_removed / n_lines


class TestMailThreads:
    """Labelled mails in six languages; half as many as are asked for were held out."""

    def test_there_are_enough_of_them(self) -> None:
        """At least 60 mails in six languages and 15 hard negatives; 30 messages held out."""
        n_mails = [sum(mail.language == language for mail in MAILS) for language in LANGUAGES]

        assert min(n_mails) >= 10
        assert len(PROBLEMS) >= 15
        assert sum(thread.is_held_out for thread in (*MAILS, *PROBLEMS)) == 30

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_in_every_language_quotes_and_signatures_go_and_the_body_stays(
        self, language: str
    ) -> None:
        """98 % of quoted lines and 95 % of signature lines, at most 1 % of the body."""
        mails = [mail for mail in (*MAILS, *PROBLEMS) if mail.language == language]

        assert removed_share(mails, Label.QUOTE) >= 0.98
        assert removed_share(mails, Label.SIGNATURE) >= 0.95
        assert removed_share(mails, Label.BODY) <= 0.01

    @pytest.mark.parametrize("is_held_out", [False, True])
    def test_held_out_mails_do_as_well_as_those_that_shaped_the_rules(
        self, is_held_out: bool
    ) -> None:
        """Otherwise the rules would know these mails rather than mail."""
        mails = [mail for mail in (*MAILS, *PROBLEMS) if mail.is_held_out is is_held_out]

        assert removed_share(mails, Label.QUOTE) >= 0.98
        assert removed_share(mails, Label.SIGNATURE) >= 0.95
        assert removed_share(mails, Label.HEADER) >= 0.95
        assert removed_share(mails, Label.DISCLAIMER) >= 0.95
        assert removed_share(mails, Label.BODY) <= 0.01

    @pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
    def test_what_only_looks_like_a_mail_is_kept_whole(self, problem: Thread) -> None:
        """Prompts, diffs, logs, keys, comments, headers that somebody asks about."""
        assert mail_cuts(problem.text) == ()


class TestQuotes:
    """Another mail within this one."""

    def test_each_cut_says_what_it_is_and_where(self) -> None:
        """Offsets are of whole lines, so that the original can be shown with them marked."""
        text = "No.\n\nOn 3 May 2024, Tom wrote:\n> Yes?\n"

        assert mail_cuts(text) == (
            Cut(CutKind.ATTRIBUTION, 5, 31),
            Cut(CutKind.QUOTE, 31, 38),
        )
        assert text[31:38] == "> Yes?\n"

    def test_answers_between_quoted_lines_stay(self) -> None:
        """Each answer is the sender's, whatever stands around it."""
        text = "On 3 May 2024, Tom wrote:\n> Which?\nThe left one.\n> > Old\n> Since?\nMay."

        assert kept(text) == "The left one.\nMay."

    def test_what_a_mail_program_wrapped_stays_part_of_the_quote(self) -> None:
        """Long quoted lines lose their mark when a program wraps them a second time."""
        wrapped = f"> {'word ' * 14}and the rest of it\nis here\n> next"

        assert kept(f"Fine.\nOn 3 May 2024, Tom wrote:\n{wrapped}") == "Fine."

    def test_an_unmarked_quote_goes_to_the_end(self) -> None:
        """Where mail programs drop the marks, only the attribution is left."""
        assert kept("Yes.\n\nOn 3 May 2024, Tom <t@x.example> wrote:\n\nHi\n\nDone?") == "Yes."

    @pytest.mark.parametrize("between", ["", "-----Original Message-----\n", f"{'_' * 32}\n"])
    def test_headers_under_an_answer_begin_a_quote(self, between: str) -> None:
        """Outlook marks nothing: all that follows its headers is the other mail."""
        text = f"It still jams.\n\n{between}{HEADERS}\nDoes it jam?\n\nTom"

        assert kept(text) == "It still jams."
        assert kinds(text) == [CutKind.QUOTE]

    @pytest.mark.parametrize(
        "above", ["", "Regards\nAnna\n\n", "See below.\n\n", "z. K.\n\nGruß\nUwe\n\n"]
    )
    def test_headers_without_an_answer_are_those_of_a_mail_that_was_passed_on(
        self, above: str
    ) -> None:
        """Then the other mail is the problem; only its headers go."""
        text = f"{above}{HEADERS}\nIt jams."

        assert kept(text).endswith("It jams.")
        assert "Sent:" not in kept(text)
        assert CutKind.QUOTE not in kinds(text)

    def test_a_forwarded_mail_stays_in_a_language_nobody_foresaw(self) -> None:
        """Below the line that says so, anything with a name and a colon is a header."""
        text = "---------- Forwarded message ---------\nNadawca: A\nTytuł: B\nDla: C\n\nIt jams."

        assert kept(text) == "It jams."
        assert kinds(text) == [CutKind.FORWARDED_HEADER]

    def test_headers_that_a_line_speaks_of_are_the_problem(self) -> None:
        """After a colon they are what the sender shows."""
        assert mail_cuts(f"The copy begins like this:\n{HEADERS}\nWhy?") == ()


class TestSignatures:
    """A name, a place of work and how to reach it, at the end."""

    @pytest.mark.parametrize(
        "signature",
        [
            "Best regards,\nAnna",
            "Thanks\nAnna Berg\nHead of IT | Ext. 12",
            "-- \nAnna\nwrites about trains",
            "Cheers, Anna",
            "Merci d\u2019avance,\nAnna",
            "Sent from my iPhone",
            "Regards\nAnna\n\nSent from my iPhone",
            "lg anna",
            "Met vriendelijke groet / Kind regards,\nAnna",
        ],
    )
    def test_a_signature_at_the_end_goes(self, signature: str) -> None:
        """Also in two parts, in two languages, in small letters."""
        text = f"It jams.\n\n{signature}"

        assert kept(text) == "It jams."
        assert set(kinds(text)) == {CutKind.SIGNATURE}

    @pytest.mark.parametrize("mark", ["P.S.:", "PS:", "P.S. -"])
    def test_a_postscript_stays(self, mark: str) -> None:
        """People think of the decisive detail when they have signed."""
        assert kept(f"It jams.\n\nBest\nAnna\n\n{mark} Only tray 2.") == (
            f"It jams.\n\n{mark} Only tray 2."
        )

    @pytest.mark.parametrize(
        "text",
        [
            "Thanks,\nI tried that, and it still jams.",
            "Thanks\n\n10:21:07 ERROR tray 2",
            "It jams.\nAnna Berg",
            "The template ends with\nbest",
            "It jams.\n\nVon meinem Postfach werden keine Nachrichten gesendet.",
            "It jams.\n\nThe wishes list page stays empty",
            "The log:\n-----\nhttps://x.example/log",
        ],
    )
    def test_thanks_or_a_name_alone_are_no_signature(self, text: str) -> None:
        """Only what follows a phrase, and only if nothing else does."""
        assert mail_cuts(text) == ()

    @pytest.mark.parametrize(
        "phrase",
        ["De bedste hilsner", "S přáním hezkého dne,", "좋은 하루 되세요,", "Z powazaniem"],
    )
    def test_phrases_of_the_library_count(self, phrase: str) -> None:
        """They are in mail-parser-reply and nowhere here."""
        assert kept(f"12 34\n\n{phrase}\nAnna") == "12 34"

    def test_header_names_of_the_library_count(self) -> None:
        """Read out of its patterns; another version of it might be written otherwise."""
        headers = "보낸 사람: a@x.example\n보낸 날짜: 10:21\n받는 사람: b\n제목: c"

        assert kinds(f"안녕하세요 12\n\n{headers}\n\n34") == [CutKind.QUOTE]


class TestNotices:
    """What mail systems and lawyers add."""

    def test_a_warning_on_top_and_a_notice_below_go(self) -> None:
        """Every mail of a company has them, so they make all its tickets alike."""
        text = (
            "CAUTION: This e-mail originated from outside the organization.\n\nIt jams.\n\n"
            "This message is confidential and intended for the addressee only."
        )

        assert kept(text) == "It jams."
        assert kinds(text) == [CutKind.DISCLAIMER, CutKind.DISCLAIMER]

    @pytest.mark.parametrize(
        "text",
        [
            "Warning: the external drive is full.\n\nWhat now?",
            "External users get no e-mail from us when they click the link.\n\nWhy?",
            "It jams.\n\nThis message appears: paper jam.",
            "It jams.\n\nDiese E-Mail lässt sich beim Empfänger nicht löschen.",
            "It jams.\n\nThis message is in every environment since the virus scanner came.",
            "It jams.\n\nThis message is confidential and names the addressee, why?",
        ],
    )
    def test_a_problem_that_sounds_like_one_stays(self, text: str) -> None:
        """Notices say two of their things, one of which no problem says, and ask nothing."""
        assert mail_cuts(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "> It jams.\n> Help.",
        "Best regards,\nAnna",
        "-- \nAnna",
        "This e-mail is confidential and intended for the addressee.",
        "Sent from my iPhone",
    ],
)
def test_nothing_is_cut_that_would_leave_nothing(text: str) -> None:
    """A mail that is only a quote is about what it quotes."""
    assert mail_cuts(text) == ()


def test_a_short_answer_is_kept_before_the_quote_is() -> None:
    """Thanks and a name are all that was written: they stay, the quote goes."""
    assert kept("Thanks\nAnna\n\nOn 3 May 2024, Tom wrote:\n> Done.") == "Thanks\nAnna"


@pytest.mark.parametrize(
    "notice", ["", "\n\nThis e-mail is confidential and intended for the addressee."]
)
def test_a_quote_is_kept_before_what_introduces_it_is(notice: str) -> None:
    """Who wrote it, and that it is confidential, says nothing of the problem."""
    assert kept(f"On 3 May 2024, Tom wrote:\n> It jams.{notice}") == "> It jams."


def test_blank_lines_around_a_cut_are_collapsed() -> None:
    """As in every cleaned text; without cuts a cleaned text is itself."""
    assert without_cuts("a\n\nb\n\nc", [Cut(CutKind.QUOTE, 3, 5)]) == "a\n\nc"
    assert without_cuts("a\n\nb", []) == "a\n\nb"


LINES = [thread_line for thread in MAILS[:40] for _, thread_line in thread.lines]


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_cuts_are_whole_lines_in_order_that_leave_something(lines: list[str]) -> None:
    """Whatever lines of mails meet."""
    text = "\n".join(lines)

    cuts = mail_cuts(text)

    ends = [0, *(offset for cut in cuts for offset in (cut.start, cut.end))]
    assert ends == sorted(ends)
    assert all(cut.start < cut.end for cut in cuts)
    assert all(text[offset - 1 : offset] in ("", "\n") for offset in ends[:-1])
    assert not cuts or text[cuts[-1].end - 1] == "\n" or cuts[-1].end == len(text)
    assert any(map(str.isalnum, kept(text))) == any(map(str.isalnum, text))


@pytest.mark.parametrize(
    "unit",
    [
        *("x\n", ":\n", ">\n", "> a\n", "a\n> b\n", "--\n", "-----\n", "From: a\n", "Sent: 1\n\n"),
        *("Regards\nAnna\n", "Thanks and ", "On On 1:\n", "On 1 wrote:\n", "P.S.: a\n", "\n", " "),
        *("This message confidential addressee\n\n", "Sent from my \n\n", "_____\nFrom: a\n"),
    ],
)
def test_a_megabyte_of_anything_is_read_in_linear_time(unit: str) -> None:
    """Patterns over mails are where other libraries take minutes."""
    text = f"hello\n{unit * (1_000_000 // len(unit))}bye"

    assert "hello" in kept(text)


def test_the_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles need it not, so it is an extra."""
    monkeypatch.setitem(sys.modules, "mailparser_reply.constants", None)
    phrases.cache_clear()

    with pytest.raises(MissingExtraError, match=r"mail-parser-reply.*kbsearch\[markup\]"):
        mail_cuts("It jams.")


def test_nothing_is_cut_out_of_more_lines_than_anybody_writes() -> None:
    """A dump with ">" before its lines is no thread, and is not lost."""
    quoted = "The gate is shut.\n\nOn 3 May 2024, Ada <ada@dock.example> wrote:\n"

    longest = quoted + "> a line\n" * (MAX_LINES - 4)

    assert kinds(longest) == [CutKind.ATTRIBUTION, CutKind.QUOTE]
    assert mail_cuts(longest + "> a line\n") == ()
