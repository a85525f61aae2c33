"""Personal data that shows by its form: addresses, numbers, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbsearch.redact.addresses import find_emails, find_ip_addresses
from kbsearch.redact.base import Finding, merge_findings
from kbsearch.redact.checksums import IBAN_LENGTHS, is_card, is_iban
from kbsearch.redact.national_ids import find_national_ids
from kbsearch.redact.phones import PHONE_WORDS, PhoneFinder
from kbsearch.redact.reading import Lexicon, Reading, listed, read

PERSONAL_VERSION = 1
"""Part of the fingerprint: raise it when the same text gives other findings."""

_DIGIT = re.compile(r"[0-9]")
_SIX_DIGITS = re.compile(r"[0-9](?:[ ./()-]{0,3}[0-9]){5}")
_IBAN_START = re.compile(r"[0-9](?<=(?<![^\W_])[A-Za-z]{2}[0-9])[0-9](?=[ -]?[A-Za-z0-9]{4})")
_CARD = re.compile(
    r"[0-9](?<![\w.#/-].)(?<!\+.)(?:[ -]?[0-9]){12,18}(?![0-9]|[.,-][0-9]|[A-Za-z_])"
)
_CARD_END = re.compile(r"[0-9](?![0-9])")

_BIRTH_WORDS = frozenset(
    listed(
        """
        date of birth, dob, birth date, birthdate, birthday, born on, born, geburtsdatum, geboren,
        geboren am, geboren op, geboortedatum, geb., date de naissance, né le, née le,
        fecha de nacimiento, nacido el, nacida el, nacido, data di nascita, nato il, nata il,
        data de nascimento, nascido em, nascida em, data urodzenia, urodzony, urodzona, ur.,
        födelsedatum, född, fødselsdato, født, syntymäaika
        """
    )
)
_BIRTH_DATE = re.compile(
    r"""
    s?["'`*]{0,3}(?:\s?\([^()\n]{1,20}\))?\s{0,2}(?:is|was|ist|est|es|è|é|är|to|on|the)?
    \s{0,2}[:=]?\s{0,2}["'`*]{0,3}
    (?P<value>
        [0-9]{1,2}[./\ -]{1,2}[0-9]{1,2}[./\ -]{1,2}[0-9]{2,4}               # 12.03.1984
      | [0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}                                # 1984-03-12
      | [0-9]{1,2}(?:st|nd|rd|th|er|º)?[.\ ](?:\s?de\ )?\s?                   # 12th of March 1984
        (?:of\ )?[^\W\d_]{3,12}[.,]?(?:\ de)?\ [0-9]{4}
      | [^\W\d_]{3,12}\.?\ [0-9]{1,2}(?:st|nd|rd|th)?,?\ [0-9]{4}             # March 12, 1984
    )(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CARD_CODE_WORDS = frozenset(
    listed(
        """
        cvv2, cvc2, cvv, cvc, csc, card security code, card verification, security code,
        prüfziffer, kartenprüfnummer, cryptogramme, código de seguridad, código de segurança,
        codice di sicurezza, kod cvv, säkerhetskod, beveiligingscode
        """
    )
)
_CARD_CODE_VALUE = re.compile(
    r"""
    (?:\s(?:code|number|nummer|kod))?["'`]{0,2}\s{0,2}(?:is|ist|est|es|è|é|to|är)?\s{0,2}[:=]?
    \s{0,2}["'`]{0,2}(?P<value>[0-9]{3,4})(?![\w%]|[.,:/-][0-9])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LABELLED = (
    (_BIRTH_WORDS, _BIRTH_DATE, "date of birth"),
    (_CARD_CODE_WORDS, _CARD_CODE_VALUE, "card code"),
)
_LABELS = Lexicon(
    PHONE_WORDS | _BIRTH_WORDS | _CARD_CODE_WORDS,
    stems=listed(
        """
        tel, tél, pho, mob, cel, fax, sms, cont, kontakt, call, reach, ring, number, numer, numm,
        núm, num, erreich, ruf, porta, join, appel, móvil, movil, llam, llám, chiam, lig, bel,
        bereik, birth, dob, born, geb, nais, né, nac, nasc, nat, urod, ur., föd, fød, synty,
        cv, csc, card, prüf, crypto, segur, sicur, security, säker, beveil
        """
    ),
)


class PersonalDataRedactor:
    """
    Finds e-mail and IP addresses, telephone, bank, card and identity numbers, dates of birth.

    What has a checksum is found only if the checksum is right; people's names
    are not found, see `NameRedactor`.

    Args:
        phone_regions: Two-letter regions whose national telephone numbers are
            found too; international and labelled ones are found without.

    Raises:
        MissingExtraError: If regions are given and phonenumbers is not installed.
        ConfigError: If a region is unknown.
    """

    def __init__(self, phone_regions: Sequence[str] = ()) -> None:
        self._phones = PhoneFinder(phone_regions)

    @property
    def fingerprint(self) -> str:
        """The version of the rules, the regions, and the package that knows their numbers."""
        return f"personal-{PERSONAL_VERSION}/{self._phones.fingerprint}"

    def find(self, text: str) -> list[Finding]:
        """Findings of a text, ascending, none overlapping."""
        return merge_findings(self._find_all(read(text)))

    def _find_all(self, reading: Reading) -> Iterator[Finding]:
        text = reading.plain
        yield from find_emails(reading)
        if not _DIGIT.search(text):
            return
        yield from find_ip_addresses(reading)
        yield from _ibans(text)
        yield from find_national_ids(reading)
        labels = _LABELS.occurrences(reading)
        if _SIX_DIGITS.search(text):
            yield from _cards(text)
            yield from self._phones.find(reading, labels)
        for start, end in labels:
            for words, pattern, kind in _LABELLED:
                if reading.lowered[start:end] in words and (match := pattern.match(text, end)):
                    yield Finding(*match.span("value"), kind)


def _ibans(text: str) -> Iterator[Finding]:
    for match in _IBAN_START.finditer(text):
        start = match.start() - 2
        length = IBAN_LENGTHS.get(text[start : start + 2].upper(), 0)
        shown = text[start : start + length]
        parting = text[start + 4 : start + 5]
        if parting in (" ", "-", ".", "\n"):  # groups of four, all parted alike
            shown = text[start : start + length + (length - 1) // 4]
            groups = shown.replace("\n", " ").split(parting.replace("\n", " "))
            is_grouped = all(len(group) == 4 for group in groups[:-1])
            compact = "".join(groups) if is_grouped else ""
        else:
            compact = shown
        end = start + len(shown)
        is_whole = len(compact) == length and not text[end : end + 1].isalnum()
        if is_whole and compact.isascii() and compact.isalnum() and is_iban(compact.upper()):
            yield Finding(start, end, "iban")


def _cards(text: str) -> Iterator[Finding]:
    for match in _CARD.finditer(text):
        for group in _CARD_END.finditer(match[0], 12):
            if is_card(match[0][: group.end()].replace(" ", "").replace("-", "")):
                yield Finding(match.start(), match.start() + group.end(), "card")
                break
