"""Personal data by example: forms that are found, and what stays because it is nobody's."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.redact import PersonalDataRedactor, redact_text
from kbsearch.redact.checksums import is_card, is_iban, iso7064_mod_11_10, luhn, verhoeff

PLAIN, REGIONAL = PersonalDataRedactor(), PersonalDataRedactor(("DE", "US"))


def redacted(text: str, redactor: PersonalDataRedactor = PLAIN) -> str:
    return redact_text(text, [redactor]).text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Mail x.y+z@mail.example.com.", "Mail [email]."),
        ("j\u00f6rg@m\u00fcller.example", "[email]"),
        ("name (at) example (dot) com", "[email]"),
        ("name at example dot com", "[email]"),
        ("to=anna%40example.org&x=1", "to=[email]&x=1"),
        ("DE89 3704 0044 0532 0130 00 bitte", "[iban] bitte"),
        ("gb29nwbk60161331926819", "[iban]"),
        ("4111-1111-1111-1111 exp 12/26", "[card] exp 12/26"),
        ("4111\u00a01111\u00a01111\u00a01111", "[card]"),
        ("CVV: 123", "CVV: [card code]"),
        ("10.1.2.3:8080", "[ip]:8080"),
        ("fe80::1ff:fe23:4567:890a%eth0", "[ip]%eth0"),
        ("born on 12 March 1984", "born on [date of birth]"),
        ("Geburtsdatum: 12.03.1984", "Geburtsdatum: [date of birth]"),
        ("SSN \uff12\uff11\uff19-09-9999", "SSN [national id]"),
        ("NINO QQ 12 34 56 C", "NINO [national id]"),
        ("CPR: 010190-1234", "CPR: [national id]"),
        ("SIN 046 454 286", "SIN [national id]"),
        ("BSN: 111222333", "BSN: [national id]"),
        ("Aadhaar 2341 2341 2346", "Aadhaar [national id]"),
        ("+49 (0)30 / 123 45 67", "[phone]"),
        ("Call me at 415 555 2671!", "Call me at [phone]!"),
    ],
)
def test_each_form_becomes_its_kind(text: str, clean: str) -> None:
    """The text around it stays readable and searchable."""
    assert redacted(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "git@git.example.com:x/y, icon@2x.png, getty@tty1.service",
        "127.0.0.1, 0.0.0.0, ::1, 255.255.255.0",
        "version 10.1.2.3, Chrome/120.0.0.0, 10.0.19041.1234",
        "firmware updated from 2.21.21.21 to 2.65.65.65",
        "00:1A:2B:3C:4D:5E at 12:30:45, std::vector, a::b",
        "2024-01-15 10:22:33 +0200 200 5316",
        "4111 1111 1111 1112",
        "+1 23 and C++11 and 1 + 49301234567",
        "order 030 1234567",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    """Versions, machines' own addresses, wrong check digits, numbers of other things."""
    assert redacted(text, REGIONAL) == text


@pytest.mark.parametrize("text", ["030 1234567", "(415) 555-2671", "0171/2345678"])
def test_national_numbers_are_found_in_the_regions_that_were_named(text: str) -> None:
    """Without a region the same digits could be anything."""
    assert redacted(f"so {text} then", REGIONAL) == "so [phone] then"
    assert redacted(f"so {text} then") == f"so {text} then"


def test_an_unknown_region_is_an_error() -> None:
    """A typing error must not leave numbers in."""
    with pytest.raises(ConfigError, match=r"Telephone regions XX are not known. .*'DE' or 'US'"):
        PersonalDataRedactor(("DE", "XX"))


def test_regions_need_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest works without it."""
    genuine = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "phonenumbers":
            raise ImportError(name)
        return genuine(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)

    with pytest.raises(MissingExtraError, match=r'pip install "kbsearch\[redaction\]"'):
        PersonalDataRedactor(("DE",))
    assert redact_text("+49 30 1234567", [PersonalDataRedactor()]).text == "[phone]"


def test_the_regions_are_part_of_the_fingerprint() -> None:
    """Their order is not: it changes no finding."""
    assert PLAIN.fingerprint != REGIONAL.fingerprint
    assert PersonalDataRedactor(("US", "DE")).fingerprint == REGIONAL.fingerprint


def test_check_digits_are_those_of_the_standards() -> None:
    """By hand: 4+4+... = 30 for the card; the others are their standards' own examples."""
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert not is_card("9111111111111111")
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("GB82WEST1234569876543")
    assert verhoeff("2363")
    assert not verhoeff("2364")
    assert iso7064_mod_11_10("07945")
    assert not iso7064_mod_11_10("07946")
