"""
Invented secrets and personal data, checksums right, put into the sentences of templates.

Check digits are computed here anew, not by the code that is tested.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

LOCALES = ("en_US", "en_GB", "de", "fr", "es", "it", "nl", "pt_BR", "pl", "sv")

_ALNUM = string.ascii_letters + string.digits
_WORDS = (
    "maple harbor copper violet lantern meadow falcon timber velvet orchid glacier pepper".split()
)

Maker = Callable[[Random], str]


class Sample(NamedTuple):
    """A text, where in it the value stands that must go, and what it was made of."""

    text: str
    start: int
    end: int
    kind: str
    template: str


def lines(block: str) -> tuple[str, ...]:
    """One template per line, their indentation dropped; "¶" is a line end within one, "⇥" a tab."""
    found = (line.strip().replace("¶", "\n").replace("⇥", "\t") for line in block.splitlines())
    return tuple(line for line in found if line)


def put(template: str, value: str, kind: str) -> Sample:
    """A template with a value in place of its `{}`."""
    start = template.index("{}")
    return Sample(template.replace("{}", value, 1), start, start + len(value), kind, template)


def make_samples(
    templates: Sequence[str], makers: Mapping[str, Maker], *, n: int, seed: int
) -> list[Sample]:
    """`n` samples; every template comes up in turn, with every kind of value in turn."""
    rng = Random(seed)
    kinds = list(makers)
    samples = []
    for number in range(n):
        round_number, place = divmod(number, len(templates))
        kind = kinds[(round_number + place) % len(kinds)]
        samples.append(put(templates[place], makers[kind](rng), kind))
    return samples


def _some(rng: Random, alphabet: str, size: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(size))


def _hex(rng: Random, size: int) -> str:
    return _some(rng, "0123456789abcdef", size)


def _digits(rng: Random, size: int) -> str:
    return _some(rng, string.digits, size)


def _mixed(rng: Random, size: int, extra: str = "") -> str:
    """Letters and digits, at least two digits among them."""
    return _some(rng, _ALNUM + extra, size - 3) + _digits(rng, 2) + rng.choice(_ALNUM)


def _url_base64(rng: Random, size: int) -> str:
    return _some(rng, _ALNUM + "-_", size - 1) + rng.choice(_ALNUM)


def _jwt(rng: Random) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    claims = base64.urlsafe_b64encode(f'{{"sub":"{_digits(rng, 10)}"}}'.encode()).decode()
    return f"{header}.{claims.rstrip('=')}.{_url_base64(rng, 43)}"


def _pem(rng: Random) -> str:
    name = rng.choice(("RSA ", "EC ", "", "ENCRYPTED ", "OPENSSH "))
    lines = [_some(rng, _ALNUM + "+/", 64) for _ in range(rng.randint(3, 12))]
    body = "\n".join([*lines, _some(rng, _ALNUM, 20) + "=="])
    return f"-----BEGIN {name}PRIVATE KEY-----\n{body}\n-----END {name}PRIVATE KEY-----"


def _putty(rng: Random) -> str:
    lines = "\n".join(_some(rng, _ALNUM + "+/", 64) for _ in range(4))
    return (
        f"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: k\nPublic-Lines: 2\n{lines}\n"
        f"Private-Lines: 4\n{lines}\nPrivate-MAC: {_hex(rng, 64)}"
    )


TOKENS: Mapping[str, Maker] = {
    "aws key id": lambda r: "AKIA" + _some(r, string.ascii_uppercase + "234567", 16),
    "github": lambda r: f"gh{r.choice('pousr')}_" + _mixed(r, 36),
    "github fine": lambda r: f"github_pat_{_mixed(r, 22)}_{_mixed(r, 59)}",
    "gitlab": lambda r: "glpat-" + _url_base64(r, 20),
    "slack": lambda r: f"xox{r.choice('bpa')}-{_digits(r, 12)}-{_digits(r, 13)}-{_mixed(r, 24)}",
    "slack app": lambda r: f"xapp-1-A{_mixed(r, 10).upper()}-{_digits(r, 13)}-{_hex(r, 64)}",
    "stripe": lambda r: f"{r.choice(('sk', 'rk'))}_{r.choice(('live', 'test'))}_{_mixed(r, 24)}",
    "twilio": lambda r: "SK" + _hex(r, 32),
    "sendgrid": lambda r: f"SG.{_url_base64(r, 22)}.{_url_base64(r, 43)}",
    "npm": lambda r: "npm_" + _mixed(r, 36),
    "pypi": lambda r: "pypi-AgEIcHlwaS5vcmc" + _url_base64(r, 150),
    "openai": lambda r: "sk-" + _mixed(r, 48),
    "openai project": lambda r: "sk-proj-" + _url_base64(r, 120) + "7x",
    "google api": lambda r: "AIza" + _url_base64(r, 35),
    "google oauth": lambda r: "ya29." + _url_base64(r, 100),
    "google client": lambda r: "GOCSPX-" + _url_base64(r, 28),
    "entra client": lambda r: f"{_mixed(r, 3)}8Q~{_some(r, _ALNUM + '~._-', 33)}{r.choice(_ALNUM)}",
    "telegram": lambda r: f"{r.randint(10**8, 10**10 - 1)}:AA{_url_base64(r, 33)}",
    "discord": lambda r: f"M{_mixed(r, 23)}.{_url_base64(r, 6)}.{_url_base64(r, 38)}",
    "hugging face": lambda r: "hf_" + _some(r, string.ascii_letters, 34),
    "digitalocean": lambda r: "dop_v1_" + _hex(r, 64),
    "shopify": lambda r: "shpat_" + _hex(r, 32),
    "jwt": _jwt,
    "pem": _pem,
    "putty": _putty,
}
"""Secrets that need no word beside them."""


def _strong_password(rng: Random) -> str:
    word = rng.choice(_WORDS)
    return rng.choice(
        (
            f"{word.capitalize()}{_digits(rng, rng.randint(1, 4))}{rng.choice('!#$%&*?+')}",
            f"{word}{_digits(rng, rng.randint(2, 4))}",
            f"{word.capitalize()}-{_digits(rng, 4)}",
            f"{rng.choice('!#$%&*')}{word}{rng.choice('@#$')}{rng.choice(_WORDS).capitalize()}",
            word.replace("a", "4").replace("e", "3").replace("o", "0") + _digits(rng, 1),
            _mixed(rng, rng.randint(8, 20)),
            _mixed(rng, rng.randint(10, 16), "!#$%&*?+=@"),
        )
    )


PASSWORDS: Mapping[str, Maker] = {"password": _strong_password}
"""As a person chooses them, with at least a digit or a symbol."""

ASSIGNED: Mapping[str, Maker] = {
    "password": _strong_password,
    "word": lambda r: r.choice(_WORDS),
    "hex": lambda r: _hex(r, 32) + "7f",
    "base64": lambda r: _mixed(r, 40, "/+"),
    "uuid": lambda r: f"{_hex(r, 7)}4-{_hex(r, 4)}-4{_hex(r, 3)}-a{_hex(r, 3)}-{_hex(r, 11)}1",
}
"""As configurations hold them."""

KEYS = {kind: ASSIGNED[kind] for kind in ("hex", "base64", "uuid")}
CODES: Mapping[str, Maker] = {
    "4 digits": lambda r: _digits(r, 4),
    "6 digits": lambda r: _digits(r, 6),
    "3+3 digits": lambda r: f"{_digits(r, 3)} {_digits(r, 3)}",
}


def email(rng: Random) -> str:
    """Names, digits and marks before hosts of one to three parts."""
    first, last = rng.choice(_WORDS), rng.choice(_WORDS)
    user = rng.choice((f"{first}.{last}", f"{first[0]}{last}", f"{first}_{_digits(rng, 2)}"))
    user = rng.choice((user, user, f"{user}+help", f"{first}-{last}", user.upper()))
    host = f"{rng.choice(_WORDS)}.example"
    domain = rng.choice((host, f"mail.{host}", f"{last}-{first}.{host}"))
    return f"{user}@{domain}.{rng.choice(('com', 'org', 'de', 'co.uk', 'info'))}"


_IBAN_FORMS = {
    "GB": "BBBBdddddddddddddd",
    "DE": "dddddddddddddddddd",
    "FR": "ddddddddddcccccccccccdd",
    "ES": "dddddddddddddddddddd",
    "IT": "Bddddddddddcccccccccccc",
    "NL": "BBBBdddddddddd",
    "BR": "dddddddddddddddddddddddBc",
    "PL": "dddddddddddddddddddddddd",
    "SE": "dddddddddddddddddddd",
    "CH": "dddddcccccccccccc",
    "NO": "ddddddddddd",
}


def iban(rng: Random) -> str:
    """Of eleven countries; compact, in groups of four, or in lower case."""
    country = rng.choice(list(_IBAN_FORMS))
    alphabets = {"B": string.ascii_uppercase, "d": string.digits, "c": string.digits + "ABCDEF"}
    account = "".join(rng.choice(alphabets[form]) for form in _IBAN_FORMS[country])
    number = "".join(str(int(c, 36)) for c in f"{account}{country}00")
    compact = f"{country}{98 - int(number) % 97:02}{account}"
    groups = " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))
    return rng.choice((compact, groups, groups, compact.lower(), groups.replace(" ", "-")))


def luhn_digit(digits: str) -> str:
    """The digit that makes the Luhn sum divisible by ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card(rng: Random) -> str:
    """Visa, Mastercard, American Express, Discover, JCB and Diners; compact or grouped."""
    prefix, size = rng.choice(
        (
            *(("4", 16), ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16)),
            *(("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("3530", 16), ("36", 14)),
        )
    )
    digits = prefix + _digits(rng, size - 1 - len(prefix))
    digits += luhn_digit(digits)
    sizes = {16: (4, 4, 4, 4), 15: (4, 6, 5), 14: (4, 6, 4)}[size]
    parts, rest = [], digits
    for part in sizes:
        parts.append(rest[:part])
        rest = rest[part:]
    return rng.choice((digits, " ".join(parts), "-".join(parts)))


def ip(rng: Random) -> str:
    """Private and public IPv4, full and shortened IPv6."""
    if rng.random() < 0.7:
        first = rng.choice((10, 172, 192, 203, 81, 93))
        return f"{first}." + ".".join(str(rng.randint(1, 254)) for _ in range(3))
    full = ":".join(["2001", *(f"{rng.randint(1, 0xFFFF):x}" for _ in range(7))])
    short = f"fe80::{rng.randint(1, 0xFFFF):x}:{rng.randint(0x10, 0xFFF):x}1"
    return rng.choice((full, short, short.upper()))


PERSONAL: Mapping[str, Maker] = {"email": email, "iban": iban, "card": card}
