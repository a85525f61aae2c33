"""Invented telephone and identity numbers of many countries, check digits right."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.redaction_samples import Maker, luhn_digit

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "BR", "PL", "SE")
"""The telephone regions of the ten locales, in their order."""

# "#" is any digit, "@" one from 2 to 9. Ranges are such as the countries really assign.
_NATIONAL = {
    "en_US": ("(212) @##-####", "312-@##-####", "415.@##.####", "1-646-@##-####", "512 @##-####"),
    "en_GB": ("020 7### ####", "0161 4## ####", "07400 123###", "07711 8#####", "(0121) 4## ####"),
    "de": (
        "030 2#######",
        "030/2######",
        "089-2######",
        "0171 2######",
        "(040) 3######",
        "01712######",
    ),
    "fr": ("01 42 ## ## ##", "06 12 ## ## ##", "04.72.##.##.##", "0142######", "06-23-##-##-##"),
    "es": ("612 34# ###", "91 5## ## ##", "654 ## ## ##", "932 ## ## ##"),
    "it": ("06 698 #####", "02 8645 ####", "347 123 ####", "333 456####"),
    "nl": ("020 624 ####", "06 12 ## ## ##", "010-413 ####", "06-123#####", "0206######"),
    "pt_BR": ("(11) 98765-####", "(21) 3344-####", "11 91234-####", "(31) 99876-####"),
    "pl": ("601 ### ###", "22 621 ## ##", "512-###-###", "12 422 ## ##"),
    "sv": ("08-123 4# ##", "070-123 ## ##", "031-711 ## ##", "0701 23 ## ##", "070 712 ## ##"),
}
_INTERNATIONAL = {
    "en_US": ("+1 212 @## ####", "+1-312-@##-####", "+1 (415) @##-####", "+1646@######"),
    "en_GB": ("+44 20 7### ####", "+44 7711 8#####", "0044 161 4## ####", "+447400123###"),
    "de": ("+49 30 2#######", "+49 (0)171 2######", "0049 89 2######", "+49-40-3######"),
    "fr": ("+33 1 42 ## ## ##", "+33 6 12 ## ## ##", "0033 4 72 ## ## ##", "+33612######"),
    "es": ("+34 612 34# ###", "+34 91 5## ## ##", "0034 654 ## ## ##"),
    "it": ("+39 06 698 #####", "+39 347 123 ####", "0039 02 8645 ####"),
    "nl": ("+31 20 624 ####", "+31 6 12 ## ## ##", "0031 10 413 ####", "+31(0)6-123#####"),
    "pt_BR": ("+55 11 98765-####", "+55 (21) 3344-####", "+5531998765###"),
    "pl": ("+48 601 ### ###", "+48 22 621 ## ##", "0048 512 ### ###"),
    "sv": ("+46 8 123 4# ##", "+46 70 123 ## ##", "0046 31 711 ## ##", "+46 (0)70-123 ## ##"),
}


def _filled(form: str, rng: Random) -> str:
    digits = {"#": "0123456789", "@": "23456789"}
    return "".join(rng.choice(digits[c]) if c in digits else c for c in form)


def national_phone(locale: str) -> Maker:
    """As people of one country write it among themselves."""
    return lambda rng: _filled(rng.choice(_NATIONAL[locale]), rng)


def international_phone(locale: str) -> Maker:
    """With "+" or "00" and the country's code."""
    return lambda rng: _filled(rng.choice(_INTERNATIONAL[locale]), rng)


def _date(rng: Random) -> tuple[int, int, int]:
    return rng.randint(1940, 1999), rng.randint(1, 12), rng.randint(1, 28)


def _random_digits(rng: Random, size: int) -> list[int]:
    return [rng.randint(0, 9) for _ in range(size)]


def _joined(digits: list[int]) -> str:
    return "".join(map(str, digits))


def ssn(rng: Random) -> str:
    """United States."""
    return f"{rng.randint(100, 665)}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}"


def nino(rng: Random) -> str:
    """United Kingdom: National Insurance."""
    compact = f"{rng.choice('ABCEHJLMPRSTWXY')}{rng.choice('ABCEHJLMPRSTWXY')}"
    pairs = [f"{rng.randint(0, 99):02}" for _ in range(3)]
    return rng.choice(("", " ")).join([compact, *pairs, rng.choice("ABCD")])


def tax_id(rng: Random) -> str:
    """Germany: nine different digits and one twice, then ISO 7064 mod 11,10."""
    digits = rng.sample(range(10), 9)
    digits.insert(rng.randint(1, 9), rng.choice(digits[1:]))
    if digits[0] == 0:
        digits[0], digits[-1] = digits[-1], digits[0]
    if digits[0] == 0:
        return tax_id(rng)
    product = 10
    for digit in digits:
        total = (digit + product) % 10
        product = (total or 10) * 2 % 11
    check = 11 - product
    d = _joined([*digits, 0 if check == 10 else check])
    return rng.choice((d, f"{d[:2]} {d[2:5]} {d[5:8]} {d[8:]}"))


def nir(rng: Random) -> str:
    """France: the key is 97 less the remainder."""
    year, month, _ = _date(rng)
    number = f"{rng.choice('12')}{year % 100:02}{month:02}{rng.randint(1, 95):02}"
    number += f"{rng.randint(1, 990):03}{rng.randint(1, 990):03}"
    full = f"{number}{97 - int(number) % 97:02}"
    parts = (full[:1], full[1:3], full[3:5], full[5:7], full[7:10], full[10:13], full[13:])
    return rng.choice((full, " ".join(parts)))


def dni(rng: Random) -> str:
    """Spain: the letter is the number modulo 23."""
    number = rng.randint(10_000_000, 99_999_999)
    return f"{number}{rng.choice(('', '-'))}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def codice_fiscale(rng: Random) -> str:
    """Italy: letters and digits at odd places count by a table of their own."""
    year, _, day = _date(rng)
    letters = "".join(rng.choice("BCDFGLMNPRSTV") for _ in range(6))
    town = f"{rng.choice('ABCDEFGHIL')}{rng.randint(100, 999)}"
    body = f"{letters}{year % 100:02}{rng.choice('ABCDEHLMPRST')}{day:02}{town}"
    odd = "1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23".split()
    total = 0
    for place, character in enumerate(body, start=1):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += int(odd[value]) if place % 2 else value
    return body + chr(ord("A") + total % 26)


def bsn(rng: Random) -> str:
    """Netherlands: the eleven-proof. Without a label it would be any number."""
    while True:
        digits = [rng.randint(1, 9), *_random_digits(rng, 7)]
        check = sum(d * w for d, w in zip(digits, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return _joined([*digits, check])


def cpf(rng: Random) -> str:
    """Brazil: two check digits modulo 11."""
    digits = _random_digits(rng, 9)
    for first in (10, 11):
        rest = sum(d * w for d, w in zip(digits, range(first, 1, -1), strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    d = _joined(digits)
    return rng.choice((d, f"{d[:3]}.{d[3:6]}.{d[6:9]}-{d[9:]}"))


def pesel(rng: Random) -> str:
    """Poland: date of birth and weights 1, 3, 7, 9."""
    year, month, day = _date(rng)
    digits = [*map(int, f"{year % 100:02}{month:02}{day:02}"), *_random_digits(rng, 4)]
    total = sum(d * w for d, w in zip(digits, (1, 3, 7, 9) * 3, strict=False))
    return _joined([*digits, -total % 10])


def personnummer(rng: Random) -> str:
    """Sweden: date of birth, then Luhn over nine digits."""
    year, month, day = _date(rng)
    digits = f"{year % 100:02}{month:02}{day:02}{rng.randint(0, 999):03}"
    full = f"{digits[:6]}-{digits[6:]}{luhn_digit(digits)}"
    return rng.choice((full, f"{year // 100}{full}"))


def fodselsnummer(rng: Random) -> str:
    """Norway: two check digits modulo 11."""
    while True:
        year, month, day = _date(rng)
        digits = [*map(int, f"{day:02}{month:02}{year % 100:02}"), *_random_digits(rng, 3)]
        for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
            digits.append(-sum(d * w for d, w in zip(digits, weights, strict=True)) % 11)
        if 10 not in digits:
            return _joined(digits)


def hetu(rng: Random) -> str:
    """Finland: the remainder modulo 31 names a letter or digit."""
    year, month, day = _date(rng)
    number = f"{rng.randint(2, 899):03}"
    born = f"{day:02}{month:02}{year % 100:02}"
    return f"{born}-{number}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(born + number) % 31]}"


def ahv(rng: Random) -> str:
    """Switzerland: check digit of EAN-13."""
    digits = [7, 5, 6, *_random_digits(rng, 9)]
    total = sum(d * (3 if place % 2 else 1) for place, d in enumerate(digits))
    d = _joined([*digits, -total % 10])
    return rng.choice((d, f"{d[:3]}.{d[3:7]}.{d[7:11]}.{d[11:]}"))


def belgian(rng: Random) -> str:
    """Belgium: 97 less the remainder."""
    year, month, day = _date(rng)
    d = f"{year % 100:02}{month:02}{day:02}{rng.randint(1, 997):03}"
    check = f"{97 - int(d) % 97:02}"
    return rng.choice((d + check, f"{d[:2]}.{d[2:4]}.{d[4:6]}-{d[6:]}.{check}"))


NATIONAL_IDS: Mapping[str, Maker] = {
    maker.__name__: maker
    for maker in (
        *(ssn, nino, tax_id, nir, dni, codice_fiscale, cpf, pesel, personnummer, fodselsnummer),
        *(hetu, ahv, belgian),
    )
}
"""Those whose form and check digits suffice."""
