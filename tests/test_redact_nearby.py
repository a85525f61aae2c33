"""A word that looks made up is hidden near "password", whatever the sentence says."""

from __future__ import annotations

import pytest

from kbsearch.redact import SecretRedactor, redact_text

SECRETS = [SecretRedactor()]


def redacted(text: str) -> str:
    return redact_text(text, SECRETS).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "The sticker says Copper44! and the password box turns red.",
            "The sticker says [secret] and the password box turns red.",
        ),
        (
            "Mit copper44 kam ich bisher hinein, jetzt nicht mehr. Wurde das Passwort getauscht?",
            "Mit [secret] kam ich bisher hinein, jetzt nicht mehr. Wurde das Passwort getauscht?",
        ),
        (
            "Which password?\nThe one with Copper-2044, says the note.",
            "Which password?\nThe one with [secret], says the note.",
        ),
        (
            "Mot de passe inconnu : ni \u00ab c0pp3rs \u00bb ni tR4kW9zeB2 ne passent.",
            "Mot de passe inconnu : ni \u00ab [secret] \u00bb ni [secret] ne passent.",
        ),
    ],
    ids=["symbol", "word and digits", "next line", "two of them"],
)
def test_no_phrase_needs_to_be_known(text: str, left: str) -> None:
    """People find ever new ways to say which password they mean."""
    assert redacted(text) == left


def test_words_of_logging_in_announce_what_is_unmistakable() -> None:
    """They stand in too many sentences for "copper44" to be more than a name."""
    assert redacted("Anmelden geht nicht, egal ob Copper#44 oder copper44.") == (
        "Anmelden geht nicht, egal ob [secret] oder copper44."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The password of user copper44 has expired.",
        "Das Passwort vom Rechner copper44 fehlt.",
        "Since Ubuntu2204 and v1.10+ the password prompt is gone.",
        "ssh anna@203.0.113.9 asks for the password of anna@node2 again.",
        "Upload the PKCS#12 file and its password.",
        "Passwords are kept in C++17 by #include of copper.h and copper2.cpp.",
        "The password mail comes from mail4.copper.example.com since build 4f2a9c1d.",
        "Error E4711 and ticket DESK-4711: the password page is blank, see /copper44/a1!",
        "Microsoft 365&reg; password and IMAP4rev1 on an M1000e",
        "set copper=Maple44! before password.sh, then $copper44 is defined",
    ],
)
def test_names_and_technical_words_stay(text: str) -> None:
    """Help desks write about passwords all day, between versions, hosts and models."""
    assert redacted(text) == text


def test_another_paragraph_is_no_neighbourhood() -> None:
    """Nor is what stands more than 160 characters away."""
    paragraphs = "Copper44! is on the box.\n \nWhere do I change the password?"
    far = "Copper44! " + "is on the box " * 12 + "and the password is lost."

    assert redacted(paragraphs) == paragraphs
    assert redacted(far) == far


@pytest.mark.parametrize("label", ["password_hash", "/password/", "passwordless", "?password"])
def test_parts_of_names_announce_nothing(label: str) -> None:
    """Code and addresses are full of them."""
    text = f"Copper44! is shown where {label} was"

    assert redacted(text) == text
