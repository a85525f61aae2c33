"""Secrets: what must stand on no shelf, whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbsearch.redact.base import Finding, merge_findings
from kbsearch.redact.passwords import find_labelled
from kbsearch.redact.reading import Reading, read
from kbsearch.redact.tokens import find_in_headers, find_private_keys, find_tokens
from kbsearch.redact.values import Strength, strength_of

SECRETS_VERSION = 1
"""Part of the fingerprint: raise it when the same text gives other findings."""

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

_COMMANDS = (
    *("mysql", "mariadb", "mongo", "sshpass", "docker login", "podman login", "redis-cli", "curl"),
    *(
        "wget",
        "plink",
        "pscp",
        "ldapsearch",
        "psql",
        "sqlcmd",
        "bcp ",
        "smbclient",
        "net use",
        "securestring",
    ),
    *(
        "rabbitmq",
        "cqlsh",
        "influx",
        "clickhouse",
        "helm ",
        "npm login",
        "unzip",
        "7z ",
        "ipmitool",
    ),
)
_PASSWORD_OPTION = re.compile(
    r"\b(?:mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|docker\ login|podman\ login|rabbitmqadmin|cqlsh"
    r"|sqlcmd|bcp|7z|helm\ [\w\ ]{1,20}|influx|unzip|ipmitool)\b[^\n|;&]{0,200}?\ -[pP](?P<gap>\ ?)"
    r"[\"']?(?P<secret>[^\s\"'<>|;$%*`-][^\s\"'<>|;`]{2,200})"
    r"|\b(?:ldapsearch|redis-cli|plink|pscp)\b[^\n|;&]{0,200}?\ -(?:pw|w|a)\ "
    r"[\"']?(?P<other>[^\s\"'<>|;$%*`-][^\s\"'<>|;`]{2,200})"
)
_USER_OPTION = re.compile(
    r"\b(?:curl|wget|http|ab)\b[^\n|;&]{0,300}?\ (?:-u|--user|-U|-A|--proxy-user)[\ =]?"
    r"[\"']?(?P<credentials>[^\s:\"'<>$%]{1,100}:(?!//)[^\s\"'<>$%][^\s\"'<>]{0,200})"
)
_WINDOWS_COMMAND = re.compile(
    r"(?i:net use\b[^\n|;&]{0,200}?\ /user:\S{1,100}|net user \S{1,100})\ "
    r"(?P<secret>[^\s/*][^\s/]{2,100})"
)
_SECURE_STRING = re.compile(
    r"(?i:securestring)\ (?:-\w{1,12}\ ){0,2}[\"'](?P<secret>[^\"'\n$]{3,200})[\"']"
)


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
        reading = read(text)
        return merge_findings(_find_all(reading))


def _find_all(reading: Reading) -> Iterator[Finding]:
    text, lowered = reading
    yield from find_private_keys(text)
    yield from find_tokens(text)
    yield from find_in_headers(text, lowered)
    yield from find_labelled(reading)
    patterns = []
    if "://" in text and "@" in text:
        yield from _in_addresses(text)
    if "%2f%2f" in lowered:
        patterns.append(_ENCODED_URL)
    if "thin:" in text or "sqlplus" in text:
        patterns.append(_ORACLE)
    if any(command in lowered for command in _COMMANDS):
        patterns += [_USER_OPTION, _WINDOWS_COMMAND, _SECURE_STRING]
        yield from _in_commands(text)
    for pattern in patterns:
        for match in pattern.finditer(text):
            kind = match.lastgroup or ""
            yield Finding(*match.span(kind), kind)


def _in_addresses(text: str) -> Iterator[Finding]:
    for rest in _AFTER_SCHEME.finditer(text):
        user = _USER_AND_PASSWORD.match(rest[1]) or _TOKEN_AS_USER.match(rest[1])
        if user is not None:
            start = rest.start(1)
            yield Finding(start, start + user.end("credentials"), "credentials")


def _in_commands(text: str) -> Iterator[Finding]:
    for match in _PASSWORD_OPTION.finditer(text):
        value = match["secret"] or match["other"]
        # "mysql -p shop" names a database, "mysql -pshop" and "mysql -p s3cret" hold a password
        least = Strength.STRONG if match["gap"] and "mysql" in match[0] else Strength.WORD
        is_port = value.isdecimal() and len(value) <= 5
        if strength_of(value) >= least and not is_port:
            yield Finding(*match.span("secret" if match["secret"] else "other"), "secret")
