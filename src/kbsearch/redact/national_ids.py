"""Numbers that a state gives to a person, told by their check digits or by a word before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from kbsearch.redact.base import Finding
from kbsearch.redact.checksums import iso7064_mod_11_10, luhn, verhoeff, weighted
from kbsearch.redact.reading import Reading

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FINNISH_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ITALIAN_ODD = {
    **dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)),
    **dict(zip("ABCDEFGHIJKLM", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18), strict=True)),
    **dict(zip("NOPQRSTUVWXYZ", (20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True)),
}
_POLISH_CENTURIES = {80: 1800, 0: 1900, 20: 2000, 40: 2100, 60: 2200}


class _Number(NamedTuple):
    """
    One country's number.

    Attributes:
        pattern: Starts at a digit, so that prose costs little; letters before
            it are a group of a look-behind.
        is_valid: Judges digits and upper-case letters, separators left out.
        labels: If given, one of these must stand before it; else the check digits suffice.
    """

    pattern: re.Pattern[str]
    is_valid: Callable[[str], bool]
    labels: tuple[str, ...] = ()


def find_national_ids(reading: Reading) -> Iterator[Finding]:
    """Social security, tax and identity numbers of about twenty countries."""
    text, n_read = reading.plain, 0
    for candidate in _CANDIDATE.finditer(text):
        if _MOMENT.fullmatch(candidate[0]):
            continue
        first, last = max(n_read, candidate.start() - 8), candidate.end() + 8
        n_read = candidate.start()
        if not _ANY_NUMBER.search(text, first, last):
            continue
        for pattern, is_valid, labels in _NUMBERS:
            for match in pattern.finditer(text, first, last):
                start = match.start(match.lastindex or 0)
                before = reading.lowered[max(0, start - 48) : start]
                is_announced = not labels or any(label in before for label in labels)
                shown = _SEPARATORS.sub("", text[start : match.end()]).upper()
                if is_announced and is_valid(shown):
                    yield Finding(start, match.end(), "national id")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_day_of_any_century(yy: str, mm: str, dd: str) -> bool:
    return any(_is_date(century + int(yy), int(mm), int(dd)) for century in (1900, 2000))


def _is_ssn(d: str) -> bool:
    return d[:3] not in ("000", "666") and d[0] != "9" and d[3:5] != "00" and d[5:] != "0000"


def _is_british(d: str) -> bool:
    is_given = d[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
    is_allowed = d[0] not in "DFIQUV" and d[1] not in "DFIOQUV"
    return d[:2] == "QQ" or (is_given and is_allowed)  # QQ stands in forms as the example


def _is_german_tax_id(d: str) -> bool:
    repeats = sorted(d[:10].count(digit) for digit in set(d[:10]))
    has_one_repeat = repeats[-1] in (2, 3) and (len(repeats) < 2 or repeats[-2] == 1)
    return d[0] != "0" and has_one_repeat and iso7064_mod_11_10(d)


def _is_german_insurance(d: str) -> bool:
    letter = f"{ord(d[8]) - 64:02}"
    digits = d[:8] + letter + d[9:11]
    products = (
        int(n) * w for n, w in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True)
    )
    return sum(sum(divmod(p, 10)) for p in products) % 10 == int(d[11])


def _is_french(d: str) -> bool:
    number = d[:13].replace("2A", "19", 1).replace("2B", "18", 1)
    month = int(d[3:5])
    is_month = 1 <= month <= 12 or 20 <= month <= 42 or month >= 50
    return is_month and number.isdecimal() and 97 - int(number) % 97 == int(d[13:])


def _is_spanish(d: str) -> bool:
    number = d[:-1].translate(str.maketrans("XYZ", "012"))
    return len(set(number)) > 1 and _DNI_LETTERS[int(number) % 23] == d[-1]


def _is_italian(d: str) -> bool:
    odd = sum(_ITALIAN_ODD[c] for c in d[:15:2])
    even = sum(int(c) if c.isdecimal() else ord(c) - 65 for c in d[1:15:2])
    return chr(65 + (odd + even) % 26) == d[15]


def _is_dutch(d: str) -> bool:
    d = d.zfill(9)
    return int(d) > 0 and (weighted(d, range(9, 1, -1)) - int(d[8])) % 11 == 0


def _is_belgian(d: str) -> bool:
    rest = {97 - int(prefix + d[:9]) % 97 for prefix in ("", "2")}
    return int(d[2:4]) <= 12 and int(d[4:6]) <= 31 and int(d[9:]) in rest


def _is_polish(d: str) -> bool:
    shift = int(d[2:4]) // 20 * 20
    year = _POLISH_CENTURIES[shift] + int(d[:2])
    check = weighted(d, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0
    return check and _is_date(year, int(d[2:4]) - shift, int(d[4:6]))


def _is_swedish(d: str) -> bool:
    d = d[-10:]
    day = int(d[4:6])  # 60 more in a coordination number
    return luhn(d) and _is_day_of_any_century(d[:2], d[2:4], str(day - 60 if day > 60 else day))


def _is_norwegian(d: str) -> bool:
    day, month = int(d[:2]) % 40, int(d[2:4]) % 40  # 40 more in D- and H-numbers
    return (
        1 <= day <= 31
        and 1 <= month <= 12
        and weighted(d, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
        and weighted(d, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )


def _is_danish(d: str) -> bool:
    return _is_day_of_any_century(d[4:6], d[2:4], d[:2])


def _is_danish_with_check(d: str) -> bool:
    return _is_danish(d) and weighted(d, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _is_finnish(d: str) -> bool:
    d = d[:6] + d[-4:]
    is_day = _is_day_of_any_century(d[4:6], d[2:4], d[:2])
    return is_day and _FINNISH_LETTERS[int(d[:9]) % 31] == d[9]


def _is_swiss(d: str) -> bool:
    return (weighted(d, (1, 3) * 6) + int(d[12])) % 10 == 0


def _is_brazilian(d: str) -> bool:
    first = weighted(d, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(d, range(11, 1, -1)) * 10 % 11 % 10
    return len(set(d)) > 1 and d[9:] == f"{first}{second}"


def _is_portuguese(d: str) -> bool:
    return (-weighted(d, range(9, 1, -1)) % 11) % 10 == int(d[8])


_SEPARATORS = re.compile(r"[^0-9A-Za-z]")
_CANDIDATE = re.compile(  # what every pattern below has in it
    r"[0-9](?:(?:[ .+-]?[0-9]){7,}|[0-9]{6}|[0-9]{5}[A-Za-z][0-9]{3}"
    r"|[0-9](?: ?[0-9]{2}){2} ?[A-Da-d]\b|[0-9][A-Za-z][0-9]{2} ?[A-Za-z][0-9]{3})"
)
_MOMENT = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?: [0-9]{2})?")
_END = r"(?!\w|[-.,]?[0-9])"


def _digits(pattern: str) -> re.Pattern[str]:
    """A pattern that starts with a digit; its left boundary is checked behind that digit."""
    first, rest = pattern.split("^")
    return re.compile(rf"{first}(?<![\w.,#/-].){rest}{_END}")


def _letters(pattern: str, *befores: str) -> re.Pattern[str]:
    """A pattern that starts with a digit, after letters that are looked at only there."""
    first, rest = pattern.split("^")
    looks = "|".join(rf"(?<=(?<!\w)({before}){first})" for before in befores)
    return re.compile(rf"{first}(?:{looks}){rest}{_END}")


_N2, _N3, _N4 = "[0-9]{2}", "[0-9]{3}", "[0-9]{4}"
_TWO, _THREE = "[A-Za-z]{2}", "[A-Za-z]{3}"
_NUMBERS = (
    # United States, Canada, United Kingdom
    _Number(_digits(rf"[0-9]^{_N2}-{_N2}-{_N4}"), _is_ssn),
    _Number(_digits(rf"[0-9]^{_N2} ?{_N2} ?{_N4}"), _is_ssn, ("ssn", "social security")),
    _Number(
        _digits(rf"[0-9]^{_N2}[ -]?{_N3}[ -]?{_N3}"),
        luhn,
        ("social insurance", "assurance sociale", "sin:", "sin ", "nas:"),
    ),
    _Number(_letters(f"[0-9]^[0-9] ?{_N2} ?{_N2} ?[A-Da-d]", _TWO, f"{_TWO} "), _is_british),
    # Germany, Switzerland, Netherlands, Belgium
    _Number(_digits(rf"[1-9]^[0-9] ?{_N3} ?{_N3} ?{_N3}"), _is_german_tax_id),
    _Number(_digits(rf"[0-9]^[0-9] ?[0-9]{{6}} ?[A-Za-z] ?{_N3}"), _is_german_insurance),
    _Number(_digits(rf"7^56[. ]?{_N4}[. ]?{_N4}[. ]?{_N2}"), _is_swiss),
    _Number(
        _digits(rf"[0-9]^{_N3}[ .]?{_N2}[ .]?{_N2}[0-9]?"),
        _is_dutch,
        ("bsn", "burgerservice", "sofinummer", "sofi-nummer"),
    ),
    _Number(_digits(rf"[0-9]^[0-9]\.?{_N2}\.?{_N2}[- ]?{_N3}[. ]?{_N2}"), _is_belgian),
    # France, Spain, Italy
    _Number(
        _digits(
            rf"[12378]^(?:{_N4}(?:{_N2}|2[ABab])[0-9]{{6}} ?{_N2}"
            rf"| {_N2} {_N2} (?:{_N2}|2[ABab]) {_N3} {_N3} {_N2})"
        ),
        _is_french,
    ),
    _Number(_digits(rf"[0-9]^(?:[0-9]{{7}}|[0-9]\.{_N3}\.{_N3})-?[A-Za-z]"), _is_spanish),
    _Number(_letters("[0-9]^[0-9]{6}-?[A-Za-z]", "[XYZxyz]", "[XYZxyz]-"), _is_spanish),
    _Number(
        _letters(
            "[0-9]^[0-9L-Vl-v] ?[A-EHLMPR-Ta-ehlmpr-t] ?[0-9L-Vl-v]{2}"
            " ?[A-Za-z][0-9L-Vl-v]{3} ?[A-Za-z]",
            f"{_THREE}{_THREE}",
            f"{_THREE} {_THREE} ",
        ),
        _is_italian,
    ),
    # Poland, Sweden, Norway, Denmark, Finland
    _Number(_digits("[0-9]^[0-9]{10}"), _is_polish),
    _Number(_digits(rf"[0-9]^[0-9]{{5}}(?:{_N2})?[-+]{_N4}"), _is_swedish),
    _Number(
        _digits(rf"[0-9]^[0-9]{{9}}(?:{_N2})?"), _is_swedish, ("personnummer", "person-nr", "pnr")
    ),
    _Number(_digits("[0-9]^[0-9]{5} ?[0-9]{5}"), _is_norwegian),
    _Number(_digits(rf"[0-3]^[0-9]{{5}}-{_N4}"), _is_danish_with_check),
    _Number(_digits(rf"[0-3]^[0-9]{{5}}[- ]?{_N4}"), _is_danish, ("cpr", "personnummer")),
    _Number(_digits("[0-3]^[0-9]{5}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Ya-y]"), _is_finnish),
    # Brazil, India
    _Number(_digits(rf"[0-9]^{_N2}\.?{_N3}\.?{_N3}-?{_N2}"), _is_brazilian),
    _Number(_digits(rf"[2-9]^{_N3}(?: {_N4} |-{_N4}-){_N4}"), verhoeff),
    _Number(_digits(rf"[2-9]^{_N3}{_N4}{_N4}"), verhoeff, ("aadhaar", "aadhar", "uidai")),
)
_ANY_NUMBER = re.compile("|".join(number.pattern.pattern for number in _NUMBERS))
