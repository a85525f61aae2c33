"""E-mail and IP addresses, not versions, pictures or repositories that look like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from kbsearch.redact.base import Finding
from kbsearch.redact.reading import Reading, listed

_USER = re.compile(r"(?<![\w.+-])\w[\w.+'-]{0,63}+(?=@|%40)")
_DOMAIN = re.compile(r"(?:@|%40)((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])")
_AT_SIGN = re.compile("@|%40")
_AT = r"\s?[(\[{]\s?(?:at|ät|@)\s?[)\]}]\s?"
_DOT = r"(?:\s?[(\[{]\s?(?:dot|punkt|point|punto)\s?[)\]}]\s?|\.|\ dot\ )"
_SPELLED_EMAIL = re.compile(  # "name (at) example (dot) com", "name at example dot com"
    rf"""
    (?<![\w.+-])\w[\w.+-]{{0,63}}
    (?:{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}
      |\ at\ [\w-]{{1,63}}(?:\ dot\ [\w-]{{1,63}}){{1,4}})
    (?![\w-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPELLED_TRIGGER = re.compile(r"[(\[{]\s?(?:at|ät|@)\s?[)\]}]")
_IN_URL_BEFORE_HOST = re.compile(r"(?:://|%3a%2f%2f)(?:(?!%2f)[^\s/?#]){0,200}\Z", re.IGNORECASE)
_MACHINE_USERS = frozenset({"git", "hg", "svn"})
_NO_DOMAIN_ENDS = frozenset(  # units of systemd, pictures for fine screens ("icon@2x.png"), code
    """
    service socket timer mount target slice path scope png jpg jpeg gif svg webp css js ts json
    xml html htm py sh yml yaml toml md txt log conf exe dll jar zip gz
    """.split()
)

_IPV4 = re.compile(r"[0-9](?<![\w.].)[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?!\w|\.\w)")
_VERSION_WORDS = listed(
    """
    version, versions, ver, v, versie, versione, versión, versão, wersja, build, release,
    releases, firmware, driver, treiber, bios, revision, rev, assembly, fileversion, section,
    chapter, abschnitt, kapitel, rfc, oid, schema, jar, package, updated to, updated from,
    update to, update from, upgraded to, upgraded from, upgrade to, upgrade from, rollback to
    """
)
_VERSION_BEFORE = re.compile(
    rf"""
    (?:\b(?:{"|".join(map(re.escape, _VERSION_WORDS))})\b
      (?:\s(?:is|was|from|to|of|number|at|the|now|ist)){{0,3}}[\s.:="'()]{{0,4}}
      (?:[0-9.]{{1,20}}(?:\ to\ |,\ ?|\ ?->\ ?|\ auf\ |\ and\ |\ or\ |\ from\ ))?
    |[a-z]-)\Z
    """,
    re.VERBOSE,
)
_PRODUCT_BEFORE = re.compile(r"[A-Z][A-Za-z]{1,30}/\Z")  # "Chrome/120.0.1.2"
_HEXTET = re.compile(r":[0-9A-Fa-f]{0,4}:")
_IPV6_CHARACTERS = frozenset("0123456789abcdefABCDEF:.")
_LONGEST_IPV6 = 45


def find_emails(reading: Reading) -> Iterator[Finding]:
    """E-mail addresses, also spelled out or in percent form; not the users of addresses' hosts."""
    text, lowered = reading.plain, reading.lowered
    if "@" in text or "%40" in text:
        has_url = "://" in text or "%2f%2f" in lowered
        for start, domain in _addresses(text):
            is_person = (
                domain[1].rpartition(".")[2].lower() not in _NO_DOMAIN_ENDS
                and lowered[start : domain.start()] not in _MACHINE_USERS
            )
            before = max(0, start - 200)
            if is_person and not (has_url and _IN_URL_BEFORE_HOST.search(text, before, start)):
                yield Finding(start, domain.end(), "email")
    if " dot " in lowered or _SPELLED_TRIGGER.search(lowered):
        for match in _SPELLED_EMAIL.finditer(text):
            yield Finding(*match.span(), "email")


def _addresses(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Where an address starts, and its "@" with the domain; looked for from the "@" outwards."""
    n_read = 0
    for sign in _AT_SIGN.finditer(text):
        if sign.start() < n_read:
            continue
        domain = _DOMAIN.match(text, sign.start())
        first = max(n_read, sign.start() - 64)
        user = _USER.search(text, first, sign.end()) if domain else None
        n_read = sign.end()
        if domain and user:
            yield user.start(), domain
            n_read = domain.end()


def find_ip_addresses(reading: Reading) -> Iterator[Finding]:
    """Somebody's addresses: neither loopback nor unspecified ones, nor netmasks."""
    yield from _ipv4_addresses(reading)
    yield from _ipv6_addresses(reading.plain)


def _ipv4_addresses(reading: Reading) -> Iterator[Finding]:
    for match in _IPV4.finditer(reading.plain):
        try:
            address = IPv4Address(match[0])
        except AddressValueError:
            continue
        is_nobodys = address.is_loopback or address.packed[0] in (0, 255)
        if not (is_nobodys or _is_version(reading, match.start())):
            yield Finding(*match.span(), "ip")


def _is_version(reading: Reading, start: int) -> bool:
    """Whether four numbers rather count releases: "version 2.1.0.7", "Chrome/120.0.1.2"."""
    return bool(
        _VERSION_BEFORE.search(reading.lowered, max(0, start - 48), start)
        or _PRODUCT_BEFORE.search(reading.plain, max(0, start - 32), start)
    )


def _ipv6_addresses(text: str) -> Iterator[Finding]:
    position = 0
    while hextet := _HEXTET.search(text, position):
        start = end = hextet.start()
        first = max(position, start - _LONGEST_IPV6)
        while start > first and text[start - 1] in _IPV6_CHARACTERS:
            start -= 1
        last = min(len(text), start + _LONGEST_IPV6 + 1)
        while end < last and text[end] in _IPV6_CHARACTERS:
            end += 1
        position = end
        shown = text[start:end].rstrip(".")
        is_part = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
        if not is_part and _is_somebodys(shown):
            yield Finding(start, start + len(shown), "ip")


def _is_somebodys(shown: str) -> bool:
    has_digit = any(map(str.isdecimal, shown))  # "face::add" is a name in a program
    if not has_digit or not ("::" in shown or shown.count(":") >= 6):
        return False
    try:
        address = IPv6Address(shown)
    except AddressValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)
