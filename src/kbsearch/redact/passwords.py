"""Secrets that a word announces: `password=…`, "my password is …", "PIN 4711"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbsearch.redact.base import Finding
from kbsearch.redact.extents import Value, ends_entry, value_at, whole_value
from kbsearch.redact.labels import (
    DENYING_WORDS,
    KEY_QUALIFIERS,
    LABELS,
    PAIR_WORDS,
    STEMS,
    LabelKind,
)
from kbsearch.redact.nearby import find_nearby
from kbsearch.redact.prose import Label, find_before, find_in_sentence
from kbsearch.redact.reading import Lexicon, Reading
from kbsearch.redact.values import (
    Strength,
    is_machine_made,
    is_name_of_a_thing,
    is_technical,
    strength_of,
)

_LEXICON = Lexicon((*LABELS, *PAIR_WORDS), stems=STEMS)
_NO = re.compile(r"(?<![^\W_])no_?\Z")  # "NOPASSWD: ALL"
_TAIL = re.compile(  # what belongs to a label; bounded, so that a label costs a constant
    r"""
    (?:s|es|et|en|\d|[ _-]?(?:confirm(?:ation)?|again|new|old|value|plain|base|text|code
      |kod|koden|number|nummer))?
    (?:(?![^\W_])|(?=は)) \\?["'`*_\])]{0,4}         # the end of "password" or **password**
    (?:\ ?\([^()\n]{1,40}\))?                      # password (temporary)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_JOINT = re.compile(
    r"""
    \s{1,3}(?:value|text|content)\s?=\s?(?=["'])                 # key="password" value="…"
    | ,?\s{1,24}["']?value["']?\s?[:=]\s{0,3}                     # name: PASSWORD, value: …
    | (?:\s[\w:-]{1,30}=["'][^"'<>\n]{0,60}["']){0,4}\s?(?P<tag>>)(?=[^<>\n]{1,200}</)  # XML
    | \s{0,3}(?P<symbol>:=|=>|->|:(?!:|//)|=(?!=)|\||は
      |(?<=["']),(?=\s?["'][^"'\n]{1,64}["']\s?\)))[*_\s]{0,5}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPTION = re.compile(r"(?:\A|(?<=\s))--?(?:[A-Za-z][\w.-]{0,30})?\Z")
_OPTION_JOINT = re.compile(r"[ \t]{1,3}")
_PAIR = re.compile(
    r"s?(?:\s\w{1,12}){0,3}?(?:\s{0,2}(?P<joint>[:=])\s{0,3}|\s{1,3})[\w.@\\-]{2,64}\s{0,2}[/|:]\s{0,2}"
    r"(?P<value>(?!/|[0-9]+(?:/|\Z))[\w!@#$%^&*+=?.~-]{4,100})(?![^\s.,;:)\]\"'<])"
)
_CODE_FIRST = re.compile(
    r"[0-9](?<![\w.,:/-].)(?:[0-9]{3,7}|[0-9]{2}[ -][0-9]{3}) "
    r"(?:is (?:your|the|my)|ist (?:ihr|dein|der)|est (?:votre|le)|es (?:su|tu|el)|è il (?:tuo|suo)|"
    r"is (?:uw|je)|to (?:twój|kod)|är din|é o seu) (?:[\w-]{1,20} ){0,3}?"
    r"[\w-]{0,20}(?:code|otp|pin|código|codice|kod)",
    re.IGNORECASE,
)
_CODE_FIRST_VALUE = re.compile(r"[0-9]+(?:[ -][0-9]+)?")


def find_labelled(reading: Reading) -> Iterator[Finding]:
    """Values that follow a word such as "password", "api key" or "PIN", however they are joined."""
    n_read = 0
    announcing = _LEXICON.occurrences(reading)
    for start, end in announcing:
        before = reading.lowered[max(0, start - 24) : start].rstrip(" _.-")
        if start < n_read or before.endswith(DENYING_WORDS):
            continue  # within the value of the label before, or "PublicKeyToken"
        if _NO.search(reading.lowered, max(0, start - 4), start):
            continue
        word = reading.lowered[start:end]
        if word == "key" and not before.endswith(KEY_QUALIFIERS):
            continue
        finding = _announced_by(reading, word, start, end)
        if finding is not None:
            yield finding
            n_read = finding.end
    yield from find_nearby(reading, announcing)
    for sentence in _CODE_FIRST.finditer(reading.plain):
        code = _CODE_FIRST_VALUE.match(sentence[0])
        if code is not None:
            yield Finding(sentence.start(), sentence.start() + code.end(), "secret")


def _announced_by(reading: Reading, word: str, start: int, end: int) -> Finding | None:
    if word not in LABELS:
        return _second_of_pair(reading.plain, end)
    tail = _TAIL.match(reading.plain, end)
    if tail is None:
        return None  # the label goes on: "passwordless"
    for kind in LABELS[word]:
        label = Label(kind, start, tail.end())
        finding = (
            _assigned(reading.plain, label)
            or find_in_sentence(reading, label)
            or find_before(reading, label)
        )
        if finding is not None:
            return finding
    return None


def _assigned(text: str, label: Label) -> Finding | None:
    """What a symbol, an attribute or an option's blank joins to a label."""
    joint = _JOINT.match(text, label.end)
    is_option = joint is None and _OPTION.search(text, max(0, label.start - 34), label.start)
    if is_option:
        joint = _OPTION_JOINT.match(text, label.end)
    if joint is None or label.kind is LabelKind.CODE:
        return None
    value = value_at(text, joint.end(), in_list=joint[0].endswith(("=", ":")))
    if value is None or not value.strength or value.shown.lower() in LABELS:
        return None
    symbol = "" if is_option else joint["symbol"] or ""
    between = "" if "value" in joint[0].lower() else joint[0]
    return whole_value(text, value) if _is_assigned(text, label, value, symbol, between) else None


def _is_assigned(text: str, label: Label, value: Value, symbol: str, joint: str) -> bool:
    strength, is_last = value.strength, ends_entry(text, value)
    if symbol == "|" and text[value.after : value.after + 3].lstrip(" ")[:1] not in ("", "|", "\n"):
        return False  # a cell that holds more than the value
    if symbol in ("|", "は") or (symbol == "," and label.kind is not LabelKind.KEY):
        is_apart = "\n" in joint or is_technical(value.shown)
        return strength >= Strength.STRONG and not is_apart
    if "\n" in joint and not (strength is Strength.UNMISTAKABLE or is_last):
        return False
    if label.kind is LabelKind.KEY:
        return is_machine_made(value.shown) or (is_last and "\n" not in joint and _is_key(value))
    is_likely = label.kind is LabelKind.PASSWORD and "\n" not in joint
    is_alone = value.is_quoted or is_last
    if (is_technical(value.shown) and not is_last) or ("\n" in joint and value.shown[0] in "-!#"):
        return False
    return strength >= (Strength.WORD if is_likely and is_alone else Strength.STRONG)


def _is_key(value: Value) -> bool:
    """Whether a short value is a key rather than the name of one: "s3cr3t", not "node2"."""
    is_strong = len(value.shown) >= 6 and value.strength >= Strength.STRONG
    is_mixed = any(map(str.isdecimal, value.shown)) and any(map(str.isalpha, value.shown))
    is_name = is_name_of_a_thing(value.shown) or "=" in value.shown
    return is_strong and is_mixed and not is_name


def _second_of_pair(text: str, label_end: int) -> Finding | None:
    pair = _PAIR.match(text, label_end)
    if pair is None:
        return None
    strength = strength_of(pair["value"])
    least = Strength.STRONG if pair["joint"] else Strength.UNMISTAKABLE
    is_password = strength >= least and any(map(str.isalpha, pair["value"]))
    value = Value(pair["value"], *pair.span("value"), is_quoted=False, strength=strength)
    return whole_value(text, value) if is_password else None
