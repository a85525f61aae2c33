"""The people that a ticket's own fields name are removed from its text."""

from __future__ import annotations

import pytest

from kbsearch.models import Person
from kbsearch.redact import NameRedactor, redact_text

PEOPLE = [
    Person(
        name="Anna-Lena M\u00fcller",
        email="a.mueller@example.com",
        phone="+49 30 1234567",
        id="u4711x",
    ),
    Person(name="Will O'Brien"),
    Person(name="Jan van der Berg"),
    Person(name="Gro\u00df, Petra"),
    Person(name="Li Na"),
    Person(name="\u5c71\u7530\u592a\u90ce"),
    Person(email="helpdesk@example.com", id="42"),
]
REDACTOR = NameRedactor(PEOPLE)


def redacted(text: str) -> str:
    return redact_text(text, [REDACTOR]).text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Hello Anna,", "Hello [name],"),
        ("Regards, Anna-Lena M\u00fcller", "Regards, [name]"),
        ("from M\u00fcller, Anna-Lena.", "from [name]."),
        ("anna-lena m\u00fcller wrote", "[name] wrote"),
        ("ANNA-LENA MUELLER wrote", "[name] wrote"),
        ("Ask Mueller or Muller.", "Ask [name] or [name]."),
        ("M\u00fcllers Laptop, Annas Akte", "[name] Laptop, [name] Akte"),
        ("O\u2019Brien called", "[name] called"),
        ("Jan van der Berg and van der Berg", "[name] and [name]"),
        ("Petra Gross; GROSS PETRA; Gro\u00df", "[name]; [name]; [name]"),
        ("li na asked", "[name] asked"),
        ("\u5c71\u7530\u592a\u90ce\u3055\u3093", "[name]\u3055\u3093"),
        ("/home/anna.mueller/mail", "/home/[name]/mail"),
    ],
)
def test_names_go_in_every_usual_spelling(text: str, clean: str) -> None:
    """Whole words: any case if the name is full, a capital if it is a part of one."""
    assert redacted(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("A.Mueller@Example.com", "[email]"),
        ("user a.mueller is locked", "user [user id] is locked"),
        ("id=u4711x", "id=[user id]"),
        ("call 030 123 45 67 or +49 (0)30 1234567", "call [phone] or [phone]"),
    ],
)
def test_what_else_is_known_of_them_goes_too(text: str, clean: str) -> None:
    """Their address, their login and their number, however it is grouped."""
    assert redacted(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Will you help? May I?",
        "it will be on the berg from jan to dec",
        "Annapolis, Mannan, Bergamo, Berglind",
        "the helpdesk is open, call 42 or 030 7654321",
        "Li wartet, na und?",
        "Sophie Lang",
    ],
)
def test_other_words_stay(text: str) -> None:
    """Words that only look like a name, parts of words, and people not in the fields."""
    assert redacted(text) == text


def test_an_ordinary_word_is_a_name_in_the_middle_of_a_sentence() -> None:
    """Where it would not be written with a capital otherwise."""
    assert redacted("Yesterday I asked Will. Will you?") == "Yesterday I asked [name]. Will you?"


def test_nobody_means_nothing_to_find() -> None:
    """A ticket without people, and people without anything known of them."""
    assert NameRedactor([]).find("Anna") == []
    assert NameRedactor([Person(), Person(name=" ", email="@", phone="1", id="")]).find("1 @") == []


def test_other_people_are_another_fingerprint() -> None:
    """It says who was looked for without naming them."""
    other = NameRedactor([Person(name="Anna")])

    assert other.fingerprint != NameRedactor([Person(name="Ida")]).fingerprint
    assert other.fingerprint == NameRedactor([Person(name="Anna")]).fingerprint
    assert "Anna" not in other.fingerprint
