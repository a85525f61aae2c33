"""Telephone numbers: in international form, after a word such as "Tel.", or of given regions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.redact.base import Finding
from kbsearch.redact.reading import Reading, listed

COUNTRY_CODES = frozenset(
    """
    1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62
    63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225
    226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248
    249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297
    298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381
    382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593
    594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688
    689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886 888 960 961 962 963
    964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998
    """.split()
)
"""Assigned country codes. Source: ITU-T E.164."""

# Between two digits: nothing, one of "-./", a blank, a bracket, or a dash or slash among blanks.
_JOINT = r"(?:[-./]| ?\(|\)[ -]?| (?:[-/] )?)?"
_END = r"(?![,:/][0-9]|[.-]\w|[\w@%])"
_INTERNATIONAL = re.compile(
    rf"(?:\+(?<![\w+]\+) ?\(?|00(?<![\w.:,#/-]00)[ -]?)[1-9](?:{_JOINT}[0-9]){{6,15}}{_END}"
)
_NORTH_AMERICAN = re.compile(r"1[2-9][0-9]{2}[2-9][0-9]{6}")

PHONE_WORDS = frozenset(
    listed(
        """
        tel, phone, mobile, mobil, mob, cell, cel, fax, landline, whatsapp, sms to, contact,
        call me, call us, reach me, reach us, ring me, text me, call back, callback, my number,
        our number, direct number, work number, home number, handy, festnetz, durchwahl,
        rufnummer, rückruf, ruf, erreichbar, erreichen, meine nummer,
        kontakt, tél, portable, appel, rappel, joindre, joignable, mon numéro,
        móvil, movil, llam, llám, mi número, contacto, chiam, contattarmi,
        recapito, mio numero, contatto, ligue, ligar, meu número, contato, telemóvel,
        gsm, mobiel, bel mij, bel me, bellen, bereik, mijn nummer, komórk, zadzwoń, dzwonić, kom.,
        mój numer, ring mig, ring på, ringa, nås på, mitt nummer, puhelin,
        call, dial, anruf, bel
        """
    )
)
"""Words, or their beginnings, before a number in ten languages."""
_DOUBTFUL_LABELS = frozenset({"call", "dial", "bel"})  # "call 4711998877 ended" is none
_AFTER_LABEL = re.compile(
    r"(?!net\b|emetr|ity\b)(?:[^\W\d_]|-){0,20}\.?(?:\s?\([^\W\d]{1,12}\))?(?P<words>(?:\s[^\W\d_]{1,12}\.?){0,4}?)"
    r"\s?[:=#]?\s{0,2}[*_]{0,2}"
    rf"(?P<number>[+(]?[0-9](?:{_JOINT}[0-9]){{5,14}}){_END}"
)
_NATIONAL = re.compile(
    rf"(?:\((?=0?[0-9]{{2,5}}\))[0-9]|[0-9](?![0-9]{{0,3}}\)))(?<![\w.,#/+@-][0-9(])"
    rf"(?:{_JOINT}[0-9]){{6,13}}{_END}"
)
_OTHER_NUMBERS = listed(
    """
    order, ticket, case, invoice, ref, reference, serial, sn, id, ids, sku, part, item, article,
    artikel, account, acct, konto, kundennummer, kundennr, po, rma, version,
    build, release, error, code, port, pid, imei, isbn, ean, upc, barcode, tracking, sendung,
    sendungsnummer, auftrag, auftragsnummer, bestellung, bestellnummer, rechnung,
    rechnungsnummer, commande, facture, pedido, factura, ordine, fattura, bestelling, factuur,
    zamówienie, zamówienia, faktura, faktury, beställning, ordernummer, serienummer,
    seriennummer, bytes, size, offset, line, row, key, uid, gid, timestamp, epoch, vorgang,
    vorgangsnummer, model, issue, bug, incident, request, asset, license, policy, contract,
    vertrag, batch, lot, job, process, thread, routing
    """
)
_IS_OTHER = re.compile(
    rf"(?:\b(?:{'|'.join(_OTHER_NUMBERS)})\b|[#$€£])"
    r"(?:\s(?:no|nr|number|nummer|num|is|was|ist|war|n°|numer|número|numéro|numero|de|del)\b)?"
    r"\W{0,4}\Z"
)
_DATE_OR_ADDRESS = re.compile(
    r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}(?:[^0-9./-].*)?|[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
    r"|(?:19|20)[0-9]{2}[ -]?[01][0-9][ -]?[0-3][0-9](?:\D.*)?"
)
_LARGEST_INTEGERS = frozenset({"2147483647", "2147483648", "4294967295"})
_GROUP = re.compile(r"[0-9]+")
_STEMS_NEARBY = listed(
    """
    tel, tél, phone, mobil, cell, fax, call, reach, ring me, handy, nummer, ruf, portable, joindre,
    rappel, móvil, llam, celular, chiam, ligar, ligue, mobiel, bel mij, komórk, dzwo, ring mig,
    contact, kontakt, contato
    """
)
_AMOUNT_AFTER = re.compile(
    r"\s?(?:[kmgt]?i?b(?:ytes|its?)?|files|rows|records|users|items|times|ms|sec|eur|usd|pln|zł|kr"
    r"|€|\$)\b"
)


class PhoneFinder:
    """
    Finds telephone numbers.

    Args:
        regions: Two-letter regions whose national forms ("030 1234567") are
            found too; international and labelled ones are found without.

    Raises:
        MissingExtraError: If regions are given and phonenumbers is not installed.
        ConfigError: If phonenumbers does not know a region.
    """

    def __init__(self, regions: Sequence[str] = ()) -> None:
        self._forms: dict[str, re.Pattern[str]] = {}
        self.fingerprint = "international"
        if not regions:
            return
        try:
            import phonenumbers
        except ImportError:
            raise MissingExtraError(
                "Finding national telephone numbers", "phonenumbers", "redaction"
            ) from None
        unknown = sorted(set(regions) - phonenumbers.SUPPORTED_REGIONS)
        if unknown:
            raise ConfigError(
                f"Telephone regions {', '.join(unknown)} are not known. "
                "Use two capital letters of ISO 3166, such as 'DE' or 'US'."
            )
        for region in sorted(set(regions)):
            self._forms[region] = _form_of(region)
        self.fingerprint = f"{'+'.join(self._forms)}/phonenumbers-{phonenumbers.__version__}"

    def find(self, reading: Reading, labels: Sequence[tuple[int, int]]) -> Iterator[Finding]:
        """Telephone numbers of a text, given where it has labels; one may be found twice."""
        text = reading.plain
        if "+" in text or "00" in text:
            for match in _INTERNATIONAL.finditer(text):
                end = _end_of_international(match)
                before = max(0, match.start() - 32)
                is_other = text.startswith("00", match.start()) and _IS_OTHER.search(
                    reading.lowered, before, match.start()
                )
                if end and not is_other:
                    yield Finding(match.start(), end, "phone")
        for start, end in labels:
            word = reading.lowered[start:end]
            labelled = _AFTER_LABEL.match(text, end) if word in PHONE_WORDS else None
            if labelled is None or _IS_OTHER.search(f"{labelled['words'].lower()} "):
                continue
            number = labelled["number"]
            is_plain = number.isdecimal() and not number.startswith("0")
            is_doubtful = is_plain and word in _DOUBTFUL_LABELS
            if _may_be_phone(number) and not is_doubtful:
                yield Finding(*labelled.span("number"), "phone")
        if self._forms:
            for match in _NATIONAL.finditer(text):
                size = max(map(self._size_of_national, (match[0], *_first_word(match[0]))))
                if size and _may_stand_here(reading.lowered, match, size):
                    yield Finding(match.start(), match.start() + size, "phone")

    def _size_of_national(self, shown: str) -> int:
        digits = _digits_of(shown)
        is_phone = (
            _may_be_phone(shown)
            and _is_grouped_as_phone(shown)
            and any(
                form.fullmatch(digits) and _is_valid(shown, region)
                for region, form in self._forms.items()
            )
        )
        return len(shown) if is_phone else 0


def _may_stand_here(lowered: str, match: re.Match[str], size: int) -> bool:
    """Whether the words around a number allow it to be one for a telephone."""
    start, end = match.start(), match.start() + size
    if _AMOUNT_AFTER.match(lowered, end) or _IS_OTHER.search(lowered, max(0, start - 32), start):
        return False
    if not match[0][:size].isdecimal():
        return True
    nearby = lowered[max(0, start - 48) : end + 32]
    is_field = lowered[start - 1 : start] in ("=", ":")
    is_announced = any(stem in nearby for stem in _STEMS_NEARBY)
    return is_announced or (lowered[start] == "0" and not is_field)


def _first_word(shown: str) -> tuple[str, ...]:
    """A number without what stands behind a blank, "312-555-0198 2", if it is one without."""
    first = shown.partition(" ")[0]
    return (first,) if 7 <= len(first) < len(shown) else ()


def _is_valid(shown: str, region: str) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(shown, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))


def _form_of(region: str) -> re.Pattern[str]:
    """
    The digits of a national number as people write them there.

    Where they write a trunk prefix, it must be there: "52.5200 13.4050" would
    be a number in Germany without it.
    """
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return re.compile(r"[0-9]{7,14}")
    rules = [form.national_prefix_formatting_rule or "" for form in metadata.number_format]
    has_trunk = sum(rule.startswith(("0", "(0")) for rule in rules) > sum(map(bool, rules)) / 2
    trunk = "0" if has_trunk else f"(?:{metadata.national_prefix or ''})?"
    return re.compile(f"{trunk}(?:{metadata.general_desc.national_number_pattern})")


def _is_grouped_as_phone(shown: str) -> bool:
    """Whether digits stand in groups as people write telephone numbers, not measurements."""
    groups = _GROUP.findall(shown)
    first, has_trunk = groups[0], groups[0].startswith("0")
    if len(groups) == 1:
        return True
    if first == "1":  # North American trunk prefix
        groups, first = groups[1:], groups[1]
    is_short = len(first) < 2 or any(len(group) < 2 for group in groups)
    is_dotted = "." in shown and not has_trunk
    is_measure = is_dotted and [len(group) for group in groups] not in ([3, 3, 4], [3, 3, 3])
    if is_short or is_measure or ("/" in shown and not (has_trunk and shown.count("/") == 1)):
        return False
    if has_trunk:
        return len(groups) <= 6
    is_long_enough = sum(map(len, groups)) >= 8
    return is_long_enough and len(first) <= 3 and all(len(group) <= 7 for group in groups)


def _digits_of(shown: str) -> str:
    return "".join(filter(str.isdecimal, shown))


def _may_be_phone(shown: str) -> bool:
    digits = _digits_of(shown)
    is_number = len(set(digits)) > 2 and digits not in _LARGEST_INTEGERS
    return is_number and not _DATE_OR_ADDRESS.fullmatch(shown)


def _end_of_international(match: re.Match[str]) -> int | None:
    """Where the number ends; digits that cannot belong to it any more are left out."""
    if match[0].startswith("+ ") and match[0][2:].isdecimal():
        return None  # a sum
    shown = match[0]
    while len(shown) >= 8:
        digits = _digits_of(shown.replace("(0)", "")).removeprefix("00")
        if digits.startswith("1"):
            is_whole = _NORTH_AMERICAN.fullmatch(digits) is not None
        elif digits.startswith("7"):
            is_whole = len(digits) == 11
        else:
            is_known = digits[:2] in COUNTRY_CODES or digits[:3] in COUNTRY_CODES
            least = 10 if shown.startswith("00") else 8
            is_whole = is_known and least <= len(digits) <= 15
        if is_whole:
            return match.start() + len(shown)
        shown = shown.rstrip("0123456789").rstrip(" ./()-")
    return None
