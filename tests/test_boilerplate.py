"""Boilerplate: what many documents of one shelf share is learned and cut, and nothing else."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.text import boilerplate
from kbsearch.text.boilerplate import (
    Boilerplate,
    BoilerplateLearner,
    BoilerplateLine,
    boilerplate_cuts,
)

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)

PROBLEM = "The till on the first floor does not print any more."

FORM = """\
Dear support team,

Department: Accounting
Employee number: 4711
Device type: [ ] laptop [x] till

Please describe your problem below:
The till on the first floor does not print any more.

This message was created by the service portal (ticket #80123, 03.03.2024).
Thank you!
"""


def learned_from(texts: Iterable[str]) -> Boilerplate:
    learner = BoilerplateLearner()
    for text in texts:
        learner.add(text)
    return learner.learn()


def learned(*texts: str) -> Boilerplate:
    lines = tuple(BoilerplateLine(text=text, n_documents=100) for text in texts)
    return Boilerplate(lines=lines, n_documents=100)


def without(text: str, boiler: Boilerplate) -> str:
    """What is left of a text."""
    for start, end in reversed(boilerplate_cuts(text, boiler)):
        text = text[:start] + text[end:]
    return text


def shelf(line: str, n_with_it: int, n_documents: int = 1_000) -> Boilerplate:
    """What is learned if a line stands in so many of the documents."""
    problems = (f"It is the {'a' * n}." for n in range(n_documents))
    return learned_from(
        f"{problem}\n{line}" if n < n_with_it else problem for n, problem in enumerate(problems)
    )


def counted(boiler: Boilerplate) -> dict[str, int]:
    return {line.text: line.n_documents for line in boiler.lines}


class TestForms:
    """A form: its questions are the same in every ticket, its answers are the ticket."""

    def test_labels_and_fixed_lines_go_and_values_stay(self) -> None:
        """Numbers, dates and ticket numbers do not make a line another one."""
        texts = [
            FORM.replace("Accounting", f"Team {'ABCDE'[n % 5]}")
            .replace("4711", str(5000 + n))
            .replace("80123", str(n))
            .replace("[ ] laptop [x] till", ["[x] laptop", "[x] till", "[x] both", "none"][n % 4])
            .replace(PROBLEM, f"Problem {'abcdefghij'[n % 10] * 3}")
            for n in range(100)
        ]

        left = without(FORM, learned_from(texts))

        assert left.split("\n") == [
            *["", "Accounting", "4711", "[ ] laptop [x] till", ""],
            *[PROBLEM, "", ""],
        ]

    def test_what_was_removed_is_reported_most_frequent_first(self) -> None:
        """The learned lines are the report; they are shown in the form that is compared."""
        texts = ["Hello,\nFloor: one\nIt broke."] * 60 + ["Hello,\nIt broke again."] * 40

        boiler = learned_from(texts)

        assert boiler.n_documents == 100
        assert [(line.text, line.n_documents) for line in boiler.lines] == [
            ("hello,", 100),
            ("floor:", 60),
            ("floor: one", 60),
            ("it broke", 60),
            ("it broke again", 40),
        ]

    def test_a_greeting_is_cut_from_before_the_sentence_that_follows_it(self) -> None:
        """Many write it on the same line."""
        text = f"Dear support team, {PROBLEM}"

        assert without(text, learned("dear support team,")) == PROBLEM

    @pytest.mark.parametrize(
        "text",
        [
            "DEPARTMENT:  Sales\n",
            "  Department:\tSales\n",
            "- Department: Sales\n",
            "** Department: Sales\n",
        ],
    )
    def test_a_label_is_known_in_any_case_behind_any_bullet(self, text: str) -> None:
        """One mail program indents the form, another one adds bullets."""
        assert without(text + PROBLEM, learned("department:")) == f"Sales\n{PROBLEM}"

    def test_a_cell_of_a_table_is_a_label_too(self) -> None:
        """HTML forms arrive as tables, their cells parted by bars."""
        text = f"Department | Sales\n{PROBLEM}"

        assert without(text, learned("department |")) == f"Sales\n{PROBLEM}"

    def test_false_near_duplicates_fall_by_nine_tenths(self) -> None:
        """Tickets about different things that share a form, compared by their words."""
        things = "till scanner badge fridge projector headset elevator camera".split()
        faults = "leaks smells vanished freezes overheats beeps bends rattles".split()
        texts = [
            FORM.replace(PROBLEM, f"Our {thing} {fault}, like another {thing}{fault}.")
            for thing, fault in itertools.product(things, faults)
        ]
        boiler = learned_from(texts)

        before = share_of_near_duplicates(texts)
        after = share_of_near_duplicates([without(text, boiler) for text in texts])

        assert before > 0.7
        assert after <= 0.1 * before


def share_of_near_duplicates(texts: list[str]) -> float:
    """Of all pairs, those that share at least 0.7 of their words (Jaccard)."""
    words = [frozenset(text.split()) for text in texts]
    pairs = list(itertools.combinations(words, 2))
    return sum(len(a & b) >= 0.7 * len(a | b) for a, b in pairs) / len(pairs)


class TestHowOftenALineMustStand:
    """The more is lost by cutting it, the more often; counts are of 1,000 documents."""

    @pytest.mark.parametrize(
        ("line", "text", "least"),
        [
            ("Hello,", "hello,", 10),
            ("Thanks a lot!", "thanks a lot!", 10),
            ("Mit freundlichen Gr\u00fc\u00dfen", "mit freundlichen gr\u00fcssen", 10),
            ("Steps to reproduce:", "steps to reproduce:", 20),
            ("Sent from the portal", "sent from the portal", 50),
            ("Did you restart it?", "did you restart it?", 50),
            ("Error 0x80070005 Access denied", "error 0x0 access denied", 300),
            ("C:\\Acme\\till.exe is missing", "c:\\acme\\till.exe is missing", 300),
            ("It is the M404dn again", "it is the m0dn again", 300),
            ("2024-03-03 10:22:33 ERROR no paper", "0 0 error no paper", 300),
            ("Room: kitchen", "room: kitchen", 300),
            ("Caused by: java.io.IOException: disk full", "caused by:", 300),
        ],
    )
    def test_the_least_share_depends_on_what_the_line_says(
        self, line: str, text: str, least: int
    ) -> None:
        """An error that 3 % or 29 % of the tickets quote is their problem, not their form."""
        assert text in counted(shelf(line, least))
        assert text not in counted(shelf(line, least - 1))

    def test_a_small_shelf_learns_nothing(self) -> None:
        """Of 49 documents, a third is 17: that may be one bad week."""
        assert shelf("Hello,", 49, n_documents=49).lines == ()
        assert counted(shelf("Hello,", 50, n_documents=50)) == {"hello,": 50}

    def test_a_medium_shelf_needs_twenty_documents_for_a_line(self) -> None:
        """5 % of 100 documents would be five colleagues."""
        assert counted(shelf("Sent from the portal", 19, n_documents=100)) == {}
        assert counted(shelf("Sent from the portal", 20, n_documents=100)) != {}

    def test_a_line_counts_once_per_document(self) -> None:
        """Or one long thread would teach its greetings to all."""
        texts = ["Over and over again\n" * 50] + ["Hello,"] * 99

        assert counted(learned_from(texts)) == {"hello,": 99}


class TestNeverCutToEmpty:
    """A cut text that says nothing is worse than one with its form."""

    def test_twenty_characters_must_be_left(self) -> None:
        """Blanks do not count: 19 letters in two words here, then 20."""
        boiler = learned("hello,")

        assert boilerplate_cuts("Hello,\nabcdefghij klmnopqrs", boiler) == ()
        assert boilerplate_cuts("Hello,\nabcdefghij klmnopqrst", boiler) == ((0, 7),)

    def test_a_word_must_be_left(self) -> None:
        """Numbers and lines of dashes are no problem description."""
        assert boilerplate_cuts("Hello,\n1234567890 ---------- 1234567890", learned("hello,")) == ()

    @pytest.mark.parametrize("text", ["", "\n", "Hello,", "Hello,\nHello,\n"])
    def test_a_text_of_nothing_but_boilerplate_stays_whole(self, text: str) -> None:
        """It is empty, or it is a greeting: so be it."""
        assert boilerplate_cuts(text, learned("hello,")) == ()

    def test_without_anything_learned_nothing_is_cut(self) -> None:
        """A new desk starts this way."""
        assert boilerplate_cuts(FORM, Boilerplate()) == ()


def test_neighbouring_lines_are_one_cut_with_their_line_ends() -> None:
    """By hand: the greetings take 7 + 7 characters, the problem and its line end follow."""
    text = f"Hello,\nHello!\n{PROBLEM}\nBye bye"

    cuts = boilerplate_cuts(text, learned("hello,", "hello!", "bye bye"))

    assert cuts == ((0, 14), (15 + len(PROBLEM), len(text)))


def test_the_order_of_the_documents_does_not_matter() -> None:
    """Two rebuilds of one shelf must agree; the digits differ, the compared line is one."""
    texts = [f"Case {n}\nHello,\nRoom: {n % 3}\nsee C{n % 7}\n{PROBLEM}" for n in range(200)]
    shuffled = random.Random(7).sample(texts, len(texts))

    assert learned_from(shuffled) == learned_from(texts)
    assert learned_from(texts).lines != ()


def test_equal_keys_mean_equal_cuts() -> None:
    """Cleaned texts are kept by this key, so counts alone must not change it."""
    one = Boilerplate(lines=(BoilerplateLine(text="a b", n_documents=60),), n_documents=100)
    later = Boilerplate(lines=(BoilerplateLine(text="a b", n_documents=90),), n_documents=150)

    assert one.key == later.key
    assert len(one.key) == 16
    assert one.key != learned("a c").key
    assert learned("a", "b").key == learned("b", "a").key
    assert Boilerplate().key == "0" * 16


def test_memory_is_bounded_and_counts_stay_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 lines at a time: of 5,000 lines added, a count is low by at most 2/100, that is 100."""
    monkeypatch.setattr(boilerplate, "MAX_LINES", 100)
    learner = BoilerplateLearner()
    word = random.Random(7)

    for _ in range(1_000):
        lines = ["".join(word.choices("abcdefghij", k=12)) for _ in range(3)]
        learner.add("\n".join([*lines, "Sent from the portal"]))
        assert len(learner._counts) <= 100
        assert len(learner._examples) <= 100

    learner.add("\n".join("".join(word.choices("abcdefghij", k=12)) for _ in range(1_000)))
    assert len(learner._counts) <= 100
    (line,) = learner.learn().lines
    assert line.text == "sent from the portal"
    assert 1_000 - 100 <= line.n_documents <= 1_000


@repeatable
@given(
    st.lists(
        st.sampled_from(["Hello,", "Floor: one", "Floor:", "- Floor: two", "Bye", "It broke.", ""])
        | st.text(max_size=30)
    )
)
def test_cuts_are_in_order_apart_and_leave_enough(lines: list[str]) -> None:
    """Whoever cuts the text by them must not check."""
    text = "\n".join(lines)
    boiler = learned("hello,", "floor:", "bye")

    cuts = boilerplate_cuts(text, boiler)

    edges = [edge for cut in cuts for edge in cut]
    assert edges == sorted(set(edges))
    assert all(start == 0 or text[start - 1] == "\n" for start, _ in cuts)
    assert not cuts or len("".join(without(text, boiler).split())) >= 20


@pytest.mark.parametrize(
    "part",
    ["a", "a\n", "\n", " ", ":", "a: ", "a:\n", "a b ", "0", "0.", "hello ", "hello,", "-", "://"],
)
def test_a_megabyte_of_anything_takes_linear_time(part: str) -> None:
    """A guard against hanging, not a measurement."""
    text = part * (1_000_000 // len(part))
    learner = BoilerplateLearner()

    started = time.monotonic()
    learner.add(text)
    boilerplate_cuts(text, learned("a:", "hello,"))

    assert time.monotonic() - started < 10
