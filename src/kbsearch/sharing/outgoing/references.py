"""Hosts, addresses, shares and links in a text that lead into the house."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
from typing import NamedTuple

from kbsearch.redact.addresses import find_ip_addresses
from kbsearch.redact.reading import read

_PRIVATE_ENDS = "local|localdomain|lan|internal|intern|intranet|corp|intra|home|private"
_URL = re.compile(r"(?<!\w)[A-Za-z][A-Za-z0-9+.-]{1,14}://[^\s<>\"'`|\\)\]}]{1,2000}")
_HOST = re.compile(r"[^/?#]*")
_SHARE = re.compile(r"(?<![\\\w])\\\\[\w.$-]{1,255}\\[^\s\"'<>|]{1,1000}")
_PRIVATE_HOST = re.compile(
    rf"(?<![\w@.-])(?:[\w-]{{1,63}}\.){{1,8}}(?:{_PRIVATE_ENDS})(?![\w-]|\.\w)", re.IGNORECASE
)
_DOCUMENT_ID = re.compile(r"(?<![\w.:/-])[A-Za-z0-9_.-]{1,64}:(?!//)[^\s<>\"'`|)\]},;]{1,236}")
_CLOSING = ".,;:!?\u2026"
_PRIVATE_NETWORKS = ("10.", "192.168.", *(f"172.{n}." for n in range(16, 32)))

_NAMES_OF_NETWORKS = frozenset({"10.0.0.0", "172.16.0.0", "192.168.0.0"})
"""Of RFC 1918 itself: everybody has them."""


class ReferenceKind(StrEnum):
    """What leads into the house."""

    DOMAIN = "domain"
    HOST = "host"
    ADDRESS = "address"
    SHARE = "share"
    URL = "url"
    DOCUMENT = "document"


class Reference(NamedTuple):
    """One of them, and its half-open characters in the text."""

    kind: ReferenceKind
    text: str
    start: int
    end: int


def hosts(text: str, internal_domains: Sequence[str]) -> list[Reference]:
    """
    Names of hosts, shares and addresses that nobody outside can reach, ascending.

    By the desk's own domains; by nature those under names as `.internal` or `.local`,
    hosts of one label in URLs, shares as `\\\\host\\folder`, and RFC 1918 addresses.
    """
    found = [*_of_domains(text, internal_domains), *_by_nature(text)]
    kept: list[Reference] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def urls(text: str) -> Iterator[Reference]:
    """All URLs, without the punctuation that closes a sentence."""
    for match in _URL.finditer(text):
        url = match[0].rstrip(_CLOSING)
        yield Reference(ReferenceKind.URL, url, match.start(), match.start() + len(url))


def document_ids(text: str) -> Iterator[Reference]:
    """All that is written as an id of a document; whether there is one, the desk knows."""
    for match in _DOCUMENT_ID.finditer(text):
        name = match[0].rstrip(_CLOSING)
        yield Reference(ReferenceKind.DOCUMENT, name, match.start(), match.start() + len(name))


def is_private_address(address: str) -> bool:
    """Whether an address belongs to a network of RFC 1918."""
    try:
        return str(IPv4Address(address)).startswith(_PRIVATE_NETWORKS)
    except AddressValueError:
        return False


def _of_domains(text: str, domains: Sequence[str]) -> Iterator[Reference]:
    if not domains:
        return
    names = "|".join(re.escape(domain.strip(".")) for domain in domains)
    pattern = rf"(?<![\w@.-])(?:[\w-]{{1,63}}\.){{0,8}}(?:{names})(?![\w-]|\.\w)"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield Reference(ReferenceKind.DOMAIN, match[0], *match.span())


def _by_nature(text: str) -> Iterator[Reference]:
    for match in _SHARE.finditer(text):
        share = match[0].rstrip(_CLOSING)
        yield Reference(ReferenceKind.SHARE, share, match.start(), match.start() + len(share))
    for match in _PRIVATE_HOST.finditer(text):
        yield Reference(ReferenceKind.HOST, match[0], *match.span())
    for url in urls(text):
        if _is_of_one_label(url.text):
            yield url._replace(kind=ReferenceKind.HOST)
    yield from _private_addresses(text)


def _is_of_one_label(url: str) -> bool:
    place = _HOST.match(url, url.index("://") + 3)
    host = place[0].rpartition("@")[2].partition(":")[0].lower() if place else ""
    is_written = bool(host) and all(c.isalnum() or c in "-_" for c in host)
    return is_written and host != "localhost" and not host.isdigit()


def _private_addresses(text: str) -> Iterable[Reference]:
    for found in find_ip_addresses(read(text)):
        address = text[found.start : found.end]
        if is_private_address(address) and address not in _NAMES_OF_NETWORKS:
            yield Reference(ReferenceKind.ADDRESS, address, found.start, found.end)
