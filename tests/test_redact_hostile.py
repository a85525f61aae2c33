"""No text makes redaction slow: a megabyte of each pattern's own beginnings, and near misses."""

from __future__ import annotations

import time

import pytest

from kbsearch.models import Person
from kbsearch.redact import NameRedactor, PersonalDataRedactor, Redactor, SecretRedactor

MEGABYTE = 1_000_000
UNITS = (
    *("a", "0", " ", "\n", "-", ".", "@", ":", "+", "(", "<", "\u00e9", "\uff11", "\u00a0"),
    *("password ", "password: ", "password is ", "password for a a ", "password (a", "password='a"),
    *("password, ", "password value:", "'password','", "is aaaaa the password ", "a1! is the pin "),
    *(
        "password maple44 ",
        "maple44! login ",
        "password " + "a1!" * 200,
        "password\n \n",
        "a1! pw|",
    ),
    *("password:/", "passwd:a:", "password|a", "token=a1", "api key ", "pin: ", "mot de passe "),
    *("a as password ", "login: a / ", "1234 is your ", "key=", "--password ", "mysql -pabc "),
    *(" -u a:b", "curl ", "net user a ", "-----BEGIN RSA PRIVATE KEY-----\n", "BEGIN A A A A "),
    *(
        "eyJ",
        "eyJaaaaaaaa.",
        "ghp_",
        "SG.",
        "sk-a",
        "key-",
        "8Q~",
        "?sig=",
        "cookie: a=",
        "basic a",
    ),
    *("authorization: bearer ", "://", "://a:", "://a:b@", "%3a%2f%2fa%3a", "thin:a/a"),
    *("a@a.", "a.a.a.", "(at)", "a at a dot ", "DE89 ", "DE89 3704 0044 0532 ", "4111 1111 "),
    *("1.1.1.1.", "255.1.1.1 ", "1:2:3:4:", "::", "+49 ", "0049 ", "tel ", "call me 1 ", "030 1"),
    *("12345678 ", "85 05 ", "131052A", "RSSMRA85T10", "born 1.1.", "cvv: ", "Lind, Anna ", "an "),
)
REDACTORS: dict[str, Redactor] = {
    "secrets": SecretRedactor(),
    "personal": PersonalDataRedactor(("DE", "US")),
    "names": NameRedactor(
        [Person(name="Anna van der Lind", email="a.lind@example.com", id="an-1")]
    ),
}


@pytest.mark.parametrize("name", sorted(REDACTORS))
def test_every_hostile_text_is_read_in_linear_time(name: str) -> None:
    """A tenth of the text may take no more than a tenth of the time, with room for noise."""
    slow = [unit for unit in UNITS if _seconds(REDACTORS[name], unit, MEGABYTE // 10) > 1.5]

    assert slow == []


@pytest.mark.nightly
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", sorted(REDACTORS))
def test_a_hostile_megabyte_is_read_in_time(name: str, unit: str) -> None:
    """Quadratic work would take hours."""
    assert _seconds(REDACTORS[name], unit, MEGABYTE) < 15


def _seconds(redactor: Redactor, unit: str, size: int) -> float:
    text = (unit * (size // len(unit) + 1))[:size]
    start = time.process_time()
    redactor.find(text)
    return time.process_time() - start
