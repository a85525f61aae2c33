"""What a redactor is, and how the findings of several become one text with placeholders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from kbsearch.errors import ConfigError


class Finding(NamedTuple):
    """Half-open character offsets of what must go, and the word that takes its place."""

    start: int
    end: int
    kind: str


@runtime_checkable
class Redactor(Protocol):
    """
    Finds what must not be read; users bring their own.

    A kind is one or more lower-case words, such as "email"; it is shown in
    brackets, so that a text stays readable and searchable.
    """

    @property
    def fingerprint(self) -> str:
        """Changes whenever a finding would."""
        ...

    def find(self, text: str) -> Sequence[Finding]:
        """What must go from a text, in any order; findings may overlap."""
        ...


class RedactedText(NamedTuple):
    """A text with placeholders, and how many of each kind stand in for something."""

    text: str
    counts: Mapping[str, int]


KINDS = frozenset(
    {
        "secret",
        "credentials",
        "private key",
        "email",
        "phone",
        "iban",
        "card",
        "card code",
        "ip",
        "national id",
        "date of birth",
        "name",
        "user id",
    }
)
"""The kinds that the shipped redactors find."""

_KIND = re.compile(r"[a-z](?:[a-z ]{0,29}[a-z])?")
_PLACEHOLDER = re.compile(r"\[([a-z][a-z ]{0,30})\]")
_WORD_CHARACTER = re.compile(r"\w")


def redact_text(text: str, redactors: Sequence[Redactor]) -> RedactedText:
    """
    Replace what the redactors find by its kind in brackets.

    Findings that overlap become one, of the kind of the longest. Placeholders
    that stand in the text already are kept, so a second pass changes nothing.

    Args:
        text: NFC text without invisible characters, as the models hold it.
        redactors: Each sees the text as it came.

    Raises:
        ConfigError: If a redactor points outside the text, or at a kind that
            is not made of lower-case words.
    """
    found = [finding for redactor in redactors for finding in _checked(redactor, text)]
    if not found:
        return RedactedText(text, {})
    parts: list[str] = []
    counts: Counter[str] = Counter()
    position = 0
    for start, end, kind in _outside_placeholders(text, merge_findings(found)):
        parts += (text[position:start], f"[{kind}]")
        counts[kind] += 1
        position = end
    return RedactedText("".join([*parts, text[position:]]), dict(counts))


def merge_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Overlapping findings as one, of the kind of the longest, else the earliest; ascending."""
    merged: list[Finding] = []
    longest = 0
    for finding in sorted(findings):
        size = finding.end - finding.start
        if not merged or finding.start >= merged[-1].end:
            merged.append(finding)
            longest = size
            continue
        last = merged[-1]
        kind = finding.kind if size > longest else last.kind
        merged[-1] = Finding(last.start, max(last.end, finding.end), kind)
        longest = max(longest, size)
    return merged


def _checked(redactor: Redactor, text: str) -> Iterator[Finding]:
    for finding in redactor.find(text):
        if not (0 <= finding.start <= finding.end <= len(text) and _KIND.fullmatch(finding.kind)):
            raise ConfigError(
                f"Redactor {redactor.fingerprint!r} found characters {finding.start} to "
                f"{finding.end} of kind {finding.kind!r} in a text of {len(text)}. Correct its "
                "find(): offsets lie within the text, a kind is made of lower-case words."
            )
        if finding.start < finding.end:
            yield finding


def _outside_placeholders(text: str, findings: list[Finding]) -> Iterator[Finding]:
    """The findings without the placeholders of an earlier pass that they cover."""
    kinds = KINDS | {finding.kind for finding in findings}
    kept = []
    if "[" in text:
        kept = [match.span() for match in _PLACEHOLDER.finditer(text) if match[1] in kinds]
    n_passed = 0
    for start, end, kind in findings:
        position = start
        while n_passed < len(kept) and kept[n_passed][0] < end:
            kept_start, kept_end = kept[n_passed]
            if _WORD_CHARACTER.search(text, position, max(position, kept_start)):
                yield Finding(position, kept_start, kind)
            position = max(position, kept_end)
            if kept_end > end:
                break  # it may reach into the next finding too
            n_passed += 1
        if position == start or _WORD_CHARACTER.search(text, position, max(position, end)):
            yield Finding(position, end, kind)
