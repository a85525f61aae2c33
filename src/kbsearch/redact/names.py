"""The people that a ticket names in its own fields, wherever its text names them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from kbsearch.models import Person
from kbsearch.redact.base import Finding, merge_findings
from kbsearch.redact.reading import read

NAMES_VERSION = 1
"""Part of the fingerprint: raise it when the same text and people give other findings."""

_PARTS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_JOINT = re.compile(r"[ _.\n-]{1,2}|, ?|\. ?")
_NUMBER = re.compile(r"[+(]?[0-9](?:[ ./()-]{0,3}[0-9]){5,20}")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:>*\"(-]\s{0,2}|\n\s{0,2})\Z")
_SPACELESS_FROM = "\u0e00"  # Thai and the scripts of East Asia do not part words by blanks
_N_COMPARED_DIGITS = 8  # of a telephone number: its end is the same in national form

_PARTICLES = frozenset(
    """
    mr mrs ms miss dr prof herr frau sir mme sra van von zu der den de di da do dos del della
    la le el al bin ibn ben ter ten af und y e
    """.split()
)
_ORDINARY = frozenset(
    """
    will mark may bill rose grace hope faith frank art dawn gene rob sue pat drew chase grant
    miles page price young long king cook rich jack june april august summer autumn joy iris
    olive ivy ruby pearl amber ginger daisy holly hazel violet lily heather robin jay guy max
    dean earl duke prince bishop carter mason taylor parker porter hunter fisher baker butler
    gardener walker turner potter smith brown green white black gray grey short small little
    best good noble sharp strong stone wood woods field fields hill rivers banks lake bush park
    parks house street church bell ball case field ford lane love power pride read reed rice
    sale singer speed star stern sterling story swift temple thorn wells west north south east
    winter sommer koch kaiser richter gut klein gross groß lang kurz weiß schwarz braun wolf
    fuchs vogel berg stein wald feld bach busch blum sonntag freitag montag admin support
    service team user client customer help desk office test info sales
    """.split()
)
"""Names that are words too: at the start of a sentence they name nobody by themselves."""

_SPELLINGS = (
    str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"}),
    str.maketrans({"ß": "ss"}),
)
_FOLDED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "ð": "d", "ħ": "h"})


class _Hit(NamedTuple):
    """A word of a name where it stands in a text."""

    start: int
    end: int
    word: str
    is_sure: bool  # names somebody even alone


class NameRedactor:
    """
    Finds given people: their names, and their e-mail, telephone and id as written.

    A full name is found in any case and order, and without its accents; a part
    of a name as a capitalised word of three letters or more. Kinds: "name",
    "email", "phone", "user id".

    Args:
        people: Those that a ticket names in its own fields.
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self._people_of: dict[str, set[int]] = {}
        self._exact: dict[str, str] = {}
        self._numbers: set[str] = set()
        for place, person in enumerate(people):
            for word in _name_words(person.name or ""):
                self._people_of.setdefault(word, set()).add(place)
            self._exact |= _exact_forms(person)
            digits = _digits_of(person.phone or "")
            if len(digits) >= 6:
                self._numbers.add(digits[-_N_COMPARED_DIGITS:])
        self._people = tuple(people)

    @property
    def fingerprint(self) -> str:
        """The version of the rules and a hash of the people."""
        known = [person.model_dump(mode="json") for person in self._people]
        digest = hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]
        return f"names-{NAMES_VERSION}/{digest}"

    def find(self, text: str) -> list[Finding]:
        """Findings of a text, ascending, none overlapping."""
        plain = read(text).plain
        folded = _fold(plain)
        findings = [*self._names(plain, folded), *self._exact_forms_in(folded)]
        if self._numbers:
            for match in _NUMBER.finditer(plain):
                digits = _digits_of(match[0])
                if any(number in digits for number in self._numbers):
                    findings.append(Finding(*match.span(), "phone"))
        return merge_findings(findings)

    def _names(self, plain: str, folded: str) -> Iterator[Finding]:
        chain: list[_Hit] = []
        people: set[int] = set()
        for hit in sorted(self._hits(plain, folded)):
            shared = people & self._people_of[hit.word]
            if chain and shared and _JOINT.fullmatch(plain, chain[-1].end, hit.start):
                chain.append(hit)
                people = shared
                continue
            yield from _named_by(chain)
            chain, people = [hit], self._people_of[hit.word]
        yield from _named_by(chain)

    def _hits(self, plain: str, folded: str) -> Iterator[_Hit]:
        for word in self._people_of:
            for start, end in _occurrences(folded, word):
                begins_small = plain[start].islower()
                is_doubtful = word in _ORDINARY and (
                    plain[start:end].isupper()
                    or _SENTENCE_START.search(plain, max(0, start - 4), start)
                )
                is_sure = len(word) >= 3 or word[0] >= _SPACELESS_FROM
                is_sure = is_sure and word not in _PARTICLES and not (begins_small or is_doubtful)
                yield _Hit(start, end, word, is_sure)

    def _exact_forms_in(self, folded: str) -> Iterator[Finding]:
        for form, kind in self._exact.items():
            for start, end in _occurrences(folded, form):
                yield Finding(start, end, kind)


def _named_by(chain: list[_Hit]) -> Iterator[Finding]:
    """The whole chain if its words together name somebody, else the parts that do alone."""
    if len({hit.word for hit in chain} - _PARTICLES) >= 2:
        yield Finding(chain[0].start, chain[-1].end, "name")
        return
    for _, part in groupby(chain, key=lambda hit: hit.is_sure or hit.word in _PARTICLES):
        hits = list(part)
        if any(hit.is_sure for hit in hits):
            yield Finding(hits[0].start, hits[-1].end, "name")


def _occurrences(folded: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a folded word stands alone; a genitive "s" belongs to it."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        if word[0] >= _SPACELESS_FROM:
            yield start, end
        elif not folded[start - 1 : start].isalnum():
            if folded[end : end + 1] == "s" and len(word) >= 4:
                end += 1
            if not folded[end : end + 1].isalnum():
                yield start, end
        start = folded.find(word, end)


def _fold(text: str) -> str:
    """Lower case without accents, character for character."""
    text = text.lower()
    if text.isascii():
        return text
    return _NOT_ASCII.sub(lambda match: _base_of(match[0]), text).translate(_FOLDED)


@cache
def _base_of(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    is_accented = len(parts) > 1 and unicodedata.combining(parts[1]) > 0  # not so a Hangul syllable
    return parts[0] if is_accented else character


def _name_words(name: str) -> set[str]:
    """A name's words of two letters and more, in each of their usual spellings."""
    lowered = read(name).lowered
    spellings = {lowered, *(lowered.translate(spelling) for spelling in _SPELLINGS)}
    spellings |= {re.sub("([aou])e", r"\1", spelling) for spelling in spellings}
    words = {part[0] for spelling in spellings for part in _PARTS.finditer(_fold(spelling))}
    return {word for word in words if len(word) >= 2}


def _exact_forms(person: Person) -> dict[str, str]:
    """What is written of a person besides the name, folded, and the kind of each."""
    forms: dict[str, str] = {}
    email = _fold(read(person.email or "").plain).strip()
    if len(email) >= 6 and "@" in email:
        user = email.partition("@")[0]
        if len(user) >= 5 and not user.isalpha():  # "support" is a word, "a.lind" is a login
            forms[user] = "user id"
        forms[email] = "email"
    identifier = _fold(read(person.id or "").plain).strip()
    if len(identifier) >= (6 if identifier.isdecimal() else 4) and not identifier.isalpha():
        forms[identifier] = "user id"
    return forms


def _digits_of(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
