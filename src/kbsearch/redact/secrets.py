"""Secrets: what must stand on no shelf, whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kbsearch.redact.base import Finding, merge_findings
from kbsearch.redact.commands import find_in_commands
from kbsearch.redact.passwords import find_labelled
from kbsearch.redact.reading import Reading, read
from kbsearch.redact.tokens import find_in_headers, find_private_keys, find_tokens

SECRETS_VERSION = 1
"""Part of the fingerprint: raise it when the same text gives other findings."""

_LEAST_ALONE = 20  # characters of a key that is known by its shape alone
_MOST_KEPT = 10_000  # characters of a text whose findings are kept
_AFTER_SCHEME = re.compile(r"://((?:(?!://)[^\s\"'<>])*+)")
# The password may hold "/", unless what looks like it is a port and a path: host:8080/@name.
_USER_AND_PASSWORD = re.compile(
    r"(?P<credentials>[^/?#@:\[\]]{0,200}+:(?![0-9]{1,5}[/?#])[^@]{1,300}+(?:@[^@/?#]{1,200}+(?=@))*+)"
    r"@(?=[\w\[])"
)
_TOKEN_AS_USER = re.compile(r"(?P<credentials>(?=[A-Za-z_-]{0,60}[0-9])[\w-]{20,300}+)@(?=\w)")
_ENCODED_URL = re.compile(
    r"(?:%3a|:)%2f%2f(?P<credentials>(?:[^\s%&/?#@]|%(?!2f|40|3a)[0-9a-f]{2}){0,100}(?:%3a|:)"
    r"(?:[^\s%&/?#@]|%(?!2f|40)[0-9a-f]{2}){1,200})%40",
    re.IGNORECASE,
)
_ORACLE = re.compile(r"(?:\bthin:|\bsqlplus\s{1,2})(?P<credentials>[\w$#]{1,60}/[^\s@/]{1,100})@")


class SecretRedactor:
    """
    Finds keys, tokens, passwords, private keys and credentials in addresses.

    Kinds: "secret", "private key", and "credentials" for what stands before
    the host of an address; the host is kept.
    """

    @property
    def fingerprint(self) -> str:
        """The version of the rules."""
        return f"secrets-{SECRETS_VERSION}"

    def find(self, text: str) -> list[Finding]:
        """Findings of a text, ascending, none overlapping."""
        if len(text) < _LEAST_ALONE and text.isascii() and text.isalnum():
            return []  # a word or a number with nothing to say that it is secret
        return list(_findings(text) if len(text) <= _MOST_KEPT else _find(text))


def _find(text: str) -> list[Finding]:
    return merge_findings(_find_all(read(text)))


_findings = lru_cache(maxsize=4_096)(_find)  # staff's face and the customers' share their texts


def _find_all(reading: Reading) -> Iterator[Finding]:
    text, lowered = reading.plain, reading.lowered
    yield from find_private_keys(text)
    yield from find_tokens(reading)
    yield from find_in_headers(text, lowered)
    yield from find_labelled(reading)
    yield from find_in_commands(text, lowered)
    if "://" in text and "@" in text:
        yield from _in_addresses(text)
    for trigger, pattern in (("%2f%2f", _ENCODED_URL), ("thin:", _ORACLE), ("sqlplus", _ORACLE)):
        if trigger in lowered:
            for match in pattern.finditer(text):
                yield Finding(*match.span("credentials"), "credentials")


def _in_addresses(text: str) -> Iterator[Finding]:
    for rest in _AFTER_SCHEME.finditer(text):
        user = _USER_AND_PASSWORD.match(rest[1]) or _TOKEN_AS_USER.match(rest[1])
        if user is not None:
            start = rest.start(1)
            yield Finding(start, start + user.end("credentials"), "credentials")
