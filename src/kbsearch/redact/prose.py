"""Secrets in a sentence after the word that announces them: "my password for the VPN is …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kbsearch.redact.base import Finding
from kbsearch.redact.extents import Value, value_at, whole_value
from kbsearch.redact.labels import (
    ADVERBS,
    ANNOUNCING_WORDS,
    AS_WORDS,
    CHANGE_STEMS,
    CONJUNCTIONS,
    IS_WORDS,
    LABELS,
    POSSESSIVES,
    PREPOSITIONS,
    TO_WORDS,
    LabelKind,
)
from kbsearch.redact.reading import Reading, any_of
from kbsearch.redact.values import Strength, is_machine_made, is_technical

_MOST_WORDS = 12
_OPENING = re.compile(r"(?=\s)|,|(?P<joint>[:=](?!/))")  # "password?step=2" opens no sentence
_TOKEN = re.compile(r"[^\s|]+")
_WORD_MARKS = "*_\"'`()[],.:;!?"
_ANNOUNCING = re.compile(
    rf"(?<![^\W\d_])(?:{any_of(ANNOUNCING_WORDS)})(?![^\W\d_])"
    rf"|(?<![^\W\d_])(?:{any_of(POSSESSIVES)})\s(?:[\w-]{{1,20}}\s)?\Z"
)
_AS_BEFORE = re.compile(
    rf"(?<!\S)(\S{{5,64}})\s(?:{any_of(AS_WORDS)})\s(?:[^\W\d_]{{1,6}}\s)?\Z", re.IGNORECASE
)
_ARTICLE = r"(?:[^\W\d_]{1,6}\s)(?:[^\W\d_]{1,12}\s)?"  # "the", "the right"
_IS_BEFORE = re.compile(
    rf"(?<!\S)(?:(?:{any_of(IS_WORDS)})\s(\S{{5,64}})|(\S{{5,64}})\s(?:{any_of(IS_WORDS)}))"
    rf"\s{_ARTICLE}\Z",
    re.IGNORECASE,
)
_END_OF_PHRASE = re.compile(
    rf"[.,;:!?)\n]|\Z|\s(?:{any_of(PREPOSITIONS | CONJUNCTIONS)})(?!\w)", re.IGNORECASE
)
_GOES_ON = re.compile(r"(?<=[!?])\s[a-zà-ÿ]")
_CHANGE = re.compile(rf"(?<![^\W\d_])(?:{any_of(CHANGE_STEMS)})")
_UNIT = re.compile(
    r"\s(?:char|digit|zeichen|caract|letter|symbol|day|time|hour|minute|attempt|tage|jours|byte)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?!-)[\w!@#$%^&*+=?.~-]+")
_BARE_KEY = re.compile(r"[\w!@#$%^&*+=?.~-]{16,}|[\w+/=-]{32,}")
_DIGIT_OR_SYMBOL = re.compile(r"[0-9]|[^\w.,:;'\"()-]")
_MIXED = re.compile(r"(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]{6,}|[A-Za-z]{3,}[-_.][0-9]{2,}")
_MARK = re.compile(r"[!#$%&*+?^@](?=\w)")
_LETTER_AND_DIGIT = re.compile(r"(?=.*[0-9]).*[^\W\d_]")
_CODE = re.compile(
    r"[\"'`*(]{0,2}((?:[A-Z]-)?(?:[0-9]{4,8}|[0-9]{3}[ -][0-9]{3}(?:-[0-9]{3})?))"
    r"(?![\w%]|[.,:/-][0-9])"
)
_MIXED_CODE = re.compile(
    r"[\"'`*]{0,2}((?=[A-Za-z-]{0,12}[0-9])[A-Za-z0-9]{4,10}(?:-[A-Za-z0-9]{4,10}){0,3})(?!\w)"
)


class _Place(NamedTuple):
    """Where in the sentence a word stands that may be the secret."""

    n_words_before: int  # between it and the label
    n_words_since_verb: int | None  # None without a verb, a colon or "changed … to"
    follows_to: bool  # right behind "to", "of", "auf", …, or a comma


class Label(NamedTuple):
    """A word that announces a secret, with what belongs to it: "passwords (temporary)"."""

    kind: LabelKind
    start: int
    end: int


def find_in_sentence(reading: Reading, label: Label) -> Finding | None:
    """
    The first word after a label, in its sentence, that is what the label announces.

    A verb, with at most two words behind it, vouches for a value with a digit
    or a symbol; without one, right behind the label, it must be unmistakable
    or announced ("log in with password …").
    """
    opening = _OPENING.match(reading.plain, label.end)
    if opening is None or reading.plain[label.end - 1 : label.end] in ("]", ")"):
        return None
    if opening["joint"] and label.kind is not LabelKind.CODE:
        return None  # a value would have been found behind it
    for start, token, place in _places(reading, label, opening):
        if _is_worth_a_look(token, place):
            finding = _secret_at(reading, label, start, place)
            if finding is not None:
                return finding
    return None


def find_before(reading: Reading, label: Label) -> Finding | None:
    """What the words behind it make a password: "… as the password", "is … your password?"."""
    if label.kind is not LabelKind.PASSWORD:
        return None
    text, first = reading.plain, max(0, label.start - 100)
    joint = _AS_BEFORE.search(text, first, label.start)
    if joint is None and _END_OF_PHRASE.match(text, label.end):
        joint = _IS_BEFORE.search(text, first, label.start)
    value = value_at(text, joint.start(joint.lastindex or 1)) if joint else None
    is_sure = value is not None and (_is_unmistakable(text, value) or _is_made_up(value.shown))
    return whole_value(text, value) if value and value.strength and is_sure else None


def _places(
    reading: Reading, label: Label, opening: re.Match[str]
) -> Iterator[tuple[int, str, _Place]]:
    """Offset, word and place of what may be the secret, up to the end of the sentence."""
    is_polish = reading.lowered.startswith(("has", "kod"), label.start)
    before = reading.lowered[max(0, label.start - 40) : label.start]
    is_change = _CHANGE.search(before) is not None
    n_since_verb = 0 if opening["joint"] else None
    follows_to = False
    position = opening.end()
    tokens = islice(_TOKEN.finditer(reading.plain, position, position + 300), _MOST_WORDS)
    for n_before, token in enumerate(tokens, start=position - label.end):
        word = token[0].strip(_WORD_MARKS).lower()
        if "\n" in reading.plain[position : token.start()] or word in LABELS:
            return  # another label announces what follows by itself
        position = token.end()
        is_verb = word in IS_WORDS or (is_polish and word == "to")
        if not is_verb:
            yield token.start(), token[0], _Place(n_before, n_since_verb, follows_to)
        follows_to = word in TO_WORDS or token[0].endswith(",")
        joins = is_verb or token[0].endswith(":") or token[0] in ("=", "->", "=>", "-")
        if joins or (word in TO_WORDS and is_change):
            n_since_verb = 0
        elif word in CONJUNCTIONS or token[0].endswith((".", "!", "?", ";")):
            return
        elif word in PREPOSITIONS and word not in ADVERBS:
            n_since_verb = None
        elif n_since_verb is not None and word not in ADVERBS:
            n_since_verb += 1
        is_change = is_change or word.startswith(CHANGE_STEMS)


def _is_worth_a_look(token: str, place: _Place) -> bool:
    if place.n_words_since_verb == 0:
        return True
    is_near = place.n_words_before == 0 or place.follows_to or place.n_words_since_verb is not None
    return is_near and (place.n_words_before == 0 or _DIGIT_OR_SYMBOL.search(token) is not None)


def _secret_at(reading: Reading, label: Label, start: int, place: _Place) -> Finding | None:
    if label.kind is LabelKind.CODE:
        return _code_at(reading.plain, label, start, place)
    value = value_at(reading.plain, start)
    if value is None or not value.strength:
        return None
    judge = _is_key if label.kind is LabelKind.KEY else _is_password
    return whole_value(reading.plain, value) if judge(reading, label, value, place) else None


def _is_password(reading: Reading, label: Label, value: Value, place: _Place) -> bool:
    strength, n_since_verb = value.strength, place.n_words_since_verb
    has_unit = _UNIT.match(reading.plain, value.after) is not None
    if has_unit or is_technical(value.shown) or value.shown.startswith("-"):
        return False
    if n_since_verb is None and place.n_words_before > 0:
        changes = reading.lowered[value.after : value.after + 30]
        is_likely = place.follows_to and _CHANGE.search(changes) is not None
        least = Strength.STRONG if is_likely else Strength.UNMISTAKABLE
        return place.follows_to and strength >= least and _BARE.fullmatch(value.shown) is not None
    if n_since_verb is None:
        is_likely = value.is_quoted or _is_made_up(value.shown) or _is_announced(reading, label)
        is_likely = is_likely or _is_unmistakable(reading.plain, value)
        least = Strength.STRONG if is_likely else Strength.UNMISTAKABLE
        return strength >= least and _BARE.fullmatch(value.shown) is not None
    if n_since_verb == 0:
        if label.kind is LabelKind.LIKELY_PASSWORD:
            return strength >= Strength.STRONG and not value.shown.isdecimal()
        return strength >= (Strength.WORD if value.is_quoted else Strength.STRONG)
    is_marked = _LETTER_AND_DIGIT.match(value.shown) or _MARK.search(value.shown)
    return n_since_verb <= 2 and strength >= Strength.STRONG and is_marked is not None


def _is_unmistakable(text: str, value: Value) -> bool:
    """Whether a value has letters, digits and symbols; "?" is one if the sentence goes on."""
    ends_in_symbol = value.strength is Strength.STRONG and _GOES_ON.match(text, value.after)
    return value.strength is Strength.UNMISTAKABLE or bool(ends_in_symbol)


def _is_made_up(shown: str) -> bool:
    """Whether nothing but a password looks so: "maple44", "#orchid$Maple", not "Office365"."""
    is_mixed = _MIXED.fullmatch(shown.rstrip(".,;:?!)")) or _MARK.search(shown)
    return is_mixed is not None or is_machine_made(shown)


def _is_announced(reading: Reading, label: Label) -> bool:
    before = reading.lowered[max(0, label.start - 40) : label.start]
    is_polish_with = reading.lowered.startswith("hasłem", label.start)
    return is_polish_with or _ANNOUNCING.search(before) is not None


def _is_key(_reading: Reading, _label: Label, value: Value, place: _Place) -> bool:
    is_key = is_machine_made(value.shown)
    if place.n_words_since_verb is None:
        is_alone = value.is_quoted or _BARE_KEY.fullmatch(value.shown) is not None
        return is_key and is_alone and place.n_words_before == 0
    return is_key and place.n_words_since_verb <= 2


def _code_at(text: str, label: Label, start: int, place: _Place) -> Finding | None:
    is_acronym = label.end - label.start <= 4  # "PIN 4711" is one, "pin 4711" is a contact
    has_verb = place.n_words_since_verb is not None and place.n_words_since_verb <= 2
    is_bare = place.n_words_before == 0 and not (
        is_acronym and not text[label.start : label.end].isupper()
    )
    if not (has_verb or is_bare):
        return None
    code = _CODE.match(text, start)
    if code is None and place.n_words_since_verb == 0:
        code = _MIXED_CODE.match(text, start)
    return Finding(*code.span(1), "secret") if code else None
