"""What people write around what they mean is left out; what they mean is not."""

from __future__ import annotations

import pytest

from kbsearch.text import bare_subject, tells_something, without_courtesies


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hello support team,\n\nthe VPN drops\n\nKind regards\nHanne", "the VPN drops"),
        ("hi, since a week the light is red", "since a week the light is red"),
        ("Thank you very much for your help!\nIt is red", "It is red"),
        ("Name: Bo Berg\nE-Mail: bo@example.org\nThe VPN is dead", "The VPN is dead"),
        ("Sehr geehrte Damen und Herren,\nder Drucker steht", "der Drucker steht"),
        ("Hi VPN drops after sleep", "Hi VPN drops after sleep"),
        ("Thank you for including the log", "Thank you for including the log"),
        ("Computer name: PC-4", "Computer name: PC-4"),
        ("Hi", "Hi"),
        ("", ""),
    ],
)
def test_greetings_thanks_and_forms_go_and_the_problem_stays(text: str, kept: str) -> None:
    """Nothing is cut to empty; a greeting without a comma may be the problem's first line."""
    assert without_courtesies(text) == kept


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: [Ticket #123] VPN drops", "VPN drops"),
        ("RE[2]: VPN", "VPN"),
        ("[VPN] drops", "[VPN] drops"),
        ("Re:", "Re:"),
        ("Reset: how?", "Reset: how?"),
    ],
)
def test_a_subject_loses_what_mail_programs_put_before_it(subject: str, bare: str) -> None:
    """They are no words of the problem, and a ticket's number finds nothing."""
    assert bare_subject(subject) == bare


@pytest.mark.parametrize(
    "text",
    [
        "You're welcome, closing this ticket.",
        "Glad it works now!",
        "Merged into #123",
        "Closing as duplicate of desk:12.",
        "Fixed.",
        "Could you send us the log?",
        "Hi Bo,\nyour ticket was closed automatically after 7 days of inactivity.\nThanks, Maren",
        "Gern geschehen!",
        "",
        "\U0001f600",
    ],
)
def test_closing_words_tell_nothing(text: str) -> None:
    """An answer made of these would be shown as what fixed it."""
    assert not tells_something(text)


@pytest.mark.parametrize(
    "text", ["Restart it", "Update to 4.6.", "Hi Bo,\nplease clear the cache.\nThanks, Maren"]
)
def test_one_word_of_what_was_done_is_enough(text: str) -> None:
    """Short answers are the best ones."""
    assert tells_something(text)


@pytest.mark.parametrize("piece", ["re:", "[1", "hi ", "hi ,", "Ab ", "*", " ", "A"])
def test_hostile_texts_are_read_in_linear_time(piece: str) -> None:
    """A quadratic pattern would not come back from these within the hour."""
    text = piece * (1_000_000 // len(piece))

    bare_subject(text)
    tells_something(text)
