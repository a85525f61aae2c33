"""Error codes, versions, model numbers, paths and the like, found and written in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from kbsearch.text.labels import Label, label_before
from kbsearch.text.paths import paths
from kbsearch.text.stack_frames import stack_frames
from kbsearch.text.versions import version_of

MAX_TOKEN = 128
"""A longer run of letters and digits is base64 or a dump: it names nothing."""


class IdentifierKind(StrEnum):
    """What an identifier names. Of two readings of one span, the kind listed first wins."""

    STACK_FRAME = "stack_frame"
    PATH = "path"
    UUID = "uuid"
    ERROR_CODE = "error_code"
    HEX = "hex"
    TICKET_KEY = "ticket_key"
    VERSION = "version"
    HOSTNAME = "hostname"
    SKU = "sku"


_PRIORITY = {kind: place for place, kind in enumerate(IdentifierKind)}


class Identifier(NamedTuple):
    """
    One identifier: its normalised value, and the half-open characters where it stands.

    Values are made to be compared, not shown: two spellings of one thing have
    one value.
    """

    kind: IdentifierKind
    value: str
    start: int
    end: int


def identifiers(text: str, *, nested: bool = False) -> tuple[Identifier, ...]:
    """
    Find what a reader would copy and search for literally, in time linear in the text.

    A label decides where the shape cannot: `1603` is an error code behind
    "error", a ticket behind "case", a version behind "build", and nothing by
    itself. Symbolic names (`ERR_TIMED_OUT`, `MSI_0x643`, `enoent`, `ValueError`) count
    as error codes; in small letters only those of the operating system. Dates,
    times, amounts, quantities and IP addresses are no identifiers.

    Args:
        text: Plain text.
        nested: Give those within a longer one too: the host in a path, the path in a trace.

    Returns:
        Identifiers ascending by offset, the longer first; without `nested` none
        overlap: the longest wins.
    """
    found = [Identifier(IdentifierKind.STACK_FRAME, *frame) for frame in stack_frames(text)]
    found += [Identifier(IdentifierKind.PATH, *path) for path in paths(text)]
    found += [*_labelled_numbers(text), *_tokens(text)]
    found.sort(key=lambda one: (one.start - one.end, _PRIORITY[one.kind], one.start))
    is_taken = bytearray(len(text))
    kept: dict[tuple[int, int], Identifier] = {}
    for one in found:
        if is_taken.find(1, one.start, one.end) < 0:
            is_taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept[one.start, one.end] = one
        elif nested and is_taken.find(0, one.start, one.end) < 0:
            kept.setdefault((one.start, one.end), one)
    return tuple(sorted(kept.values(), key=lambda one: (one.start, -one.end)))


_NUMBER = re.compile(
    r"[0-9](?:(?<=[:=#(\[\"' \t].)|(?<=[:=#(\[\"' \t]-.))[0-9]{0,9}+(?![\w%]|[.,:/\-][0-9])"
)
_COUNTED = re.compile(
    r"\s?(?:%|(?:times?|x|days?|hours?|minutes?|mins?|seconds?|secs?|ms|weeks?|months?|years?"
    r"|people|users?|customers?|percent|of)\b)",
    re.IGNORECASE,
)


def _labelled_numbers(text: str) -> Iterator[Identifier]:
    for match in _NUMBER.finditer(text):
        start = match.start()
        start -= start > 0 and text[start - 1] == "-"
        label = label_before(text, start)
        if label is not None and not _COUNTED.match(text, match.end()):
            kind, value = _labelled_number(label, text[start : match.end()])
            if value:
                yield Identifier(kind, value, start, match.end())


def _labelled_number(label: Label, number: str) -> tuple[IdentifierKind, str]:
    """What a number is behind its label; an empty value if it is too short for that."""
    n_digits = len(number)
    if label is Label.VERSION:
        return IdentifierKind.VERSION, number
    if label is Label.SQLSTATE:
        return IdentifierKind.ERROR_CODE, f"SQLSTATE {number}" if n_digits == 5 else ""
    if label is Label.HTTP and n_digits == 3:
        return IdentifierKind.ERROR_CODE, f"HTTP {number}"
    if label in _TICKET_PREFIXES:
        prefix, min_digits = _TICKET_PREFIXES[label]
        is_colour = label is Label.HASH and number[0] == "0"
        is_key = n_digits >= min_digits and not is_colour
        return IdentifierKind.TICKET_KEY, f"{prefix}{number}" if is_key else ""
    return _error_number(int(number))


_TICKET_PREFIXES = {Label.BULLETIN: ("KB", 6), Label.TICKET: ("#", 2), Label.HASH: ("#", 3)}


def _error_number(number: int) -> tuple[IdentifierKind, str]:
    """
    What others write in hex is hex: a 32-bit code with its high bits set.

    So is one of eight digits from 8 on, an HRESULT that was copied without its `0x`.
    """
    if -(2**31) <= number < -(2**28) or 2**31 <= number < 2**32:
        return IdentifierKind.HEX, f"0x{number & 0xFFFFFFFF:x}"
    if 80_000_000 <= number < 90_000_000:
        return IdentifierKind.HEX, f"0x{number}"
    return IdentifierKind.ERROR_CODE, str(number)


# Tokens: runs of letters, digits, ".", "-", "_" and "+" that are more than a word or a number.
# Letters of other scripts are no part of them: text without blanks touches its identifiers.
_LATIN = "A-Za-z0-9_\u00c0-\u024f"
_TOKEN = re.compile(
    rf"(?<![{_LATIN}.\-+@])[.\-]*+(?!\d++(?![{_LATIN}]|[.\-+][{_LATIN}]))"
    r"(?=[A-Za-z\-]*+(?:[0-9_]|\.[A-Za-z0-9]|(?<=Exception)|(?<=[a-z]Error))|[Ee][A-Za-z]{3})"
    rf"(?P<token>[{_LATIN}.\-+]++)(?!@)"
)
_SHAPE = re.compile(
    r"""
    (?P<UUID>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})
    |(?P<HEX>0x[0-9a-f]{1,64} | [0-9a-f]{8}(?:[0-9a-f]{8})?h | (?=\d*[a-f])\d[0-9a-f]{3}h
        |(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,128})
    |(?P<ERROR_CODE>(?:ora|tns|pls|rman)-?\d{3,5} | sql(?:-\d{3,5}|\d{4,5}[a-z]) | err-?\d{3,6}
        | https?-?[1-5]\d\d
        |(?-i:[A-Z]{1,5}-0\d{1,6} | [A-Z]{2}-\d{4,6}-\d | E-?\d{3,5}
            |(?:AADSTS|CS|LNK|MSB|NETSDK|NU|TS)\d{4,6}
            |[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+ | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_0x[0-9A-Fa-f]{1,16}
            |(?:[A-Za-z_]\w*\.)*[A-Z]\w+(?:Exception|Error))
        |E(?:ACCES|ADDRINUSE|AGAIN|BADF|BUSY|CONNABORTED|CONNREFUSED|CONNRESET|EXIST
            |HOSTUNREACH|INVAL|ISDIR|MFILE|NETUNREACH|NODEV|NOENT|NOMEM|NOSPC|NOTCONN|NOTDIR
            |NOTEMPTY|NOTFOUND|PERM|PIPE|PROTO|RESOLVE|ROFS|TIMEDOUT))
    |(?P<TICKET_KEY>cve-\d{4}-\d{4,7} | kb\d{6,8} | ms\d\d-\d{3}
        |(?:inc|req|ritm|chg|prb|task|sctask|case)\d{7,10} | (?-i:[A-Z]{2,10})-[1-9]\d{1,5})
    |(?P<VERSION>v?\d{1,8}(?:\.\d{1,8}){1,4}
            (?:[a-z]|[-_.]?(?:alpha|beta|rc|preview|pre|dev|snapshot|final|ga|sp|patch|build)
                [-.]?\d{0,8})?(?:[-+_][a-z0-9]{1,16}(?:\.[a-z0-9]{1,16}){0,2}){0,3}
        |(?-i:v)\d{1,4} | \d{1,2}u\d{1,3} | 2\dh[12])
    |(?P<HOSTNAME>(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,15})
    |(?P<SKU>(?=[0-9-]*[a-z])(?=[a-z-]*[0-9])[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){0,5})
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def _tokens(text: str) -> Iterator[Identifier]:
    for match in _TOKEN.finditer(text):
        token = match["token"].rstrip(".-_+")
        shape = _SHAPE.fullmatch(token) if len(token) <= MAX_TOKEN else None
        if shape is not None:
            start = match.start("token")
            kind, value = _reading(shape.lastgroup or "", token, text, start)
            if value:
                yield Identifier(kind, value, start, start + len(token))


def _reading(shape: str, token: str, text: str, start: int) -> tuple[IdentifierKind, str]:
    """What a token of this shape is, in its surroundings; an empty value if it is nothing."""
    match shape:
        case "UUID":
            return IdentifierKind.UUID, token.lower()
        case "HEX":
            return IdentifierKind.HEX, f"0x{int(token.rstrip('hH'), 16):x}"
        case "ERROR_CODE":
            return IdentifierKind.ERROR_CODE, _error_code(token)
        case "HOSTNAME":
            in_url = text.endswith("://", 0, start)
            return IdentifierKind.HOSTNAME, _hostname(token, in_url=in_url)
        case _:
            return _reading_by_label(shape, token, text, start)


def _reading_by_label(shape: str, token: str, text: str, start: int) -> tuple[IdentifierKind, str]:
    label = label_before(text, start)
    if label is Label.SQLSTATE and len(token) == 5:
        return IdentifierKind.ERROR_CODE, f"SQLSTATE {token.upper()}"
    if label is Label.ERROR and (token[0].isalpha() or shape == "VERSION"):
        return IdentifierKind.ERROR_CODE, token.upper()
    if shape == "VERSION":
        end = start + len(token)
        value = version_of(
            token,
            before=text[max(0, start - 24) : start],
            after=text[end : end + 12],
            is_labelled=label is Label.VERSION,
        )
        return IdentifierKind.VERSION, value
    if shape == "TICKET_KEY":
        is_standard = token.partition("-")[0] in _NO_PREFIXES
        return IdentifierKind.TICKET_KEY, "" if is_standard else token.upper()
    return IdentifierKind.SKU, _sku(token)


_LEADING_ZEROS = re.compile(r"^([A-Z]+)-?0*(?=\d)")
_NO_PREFIXES = frozenset(
    "AES ANSI BIOS CAT CHF COVID CP CY DB DDR DIN DP EIA EN EUR FIG FY GBP GMT GPT HDMI ID IEC IEEE"
    " IP IPV ISO KEY LEVEL LTO MAX MD MIL MIN NO NR OFFICE PAGE PART PCI PHASE PO PS Q RAID RFC RJ"
    " ROOM RS RSA SAE SAS SATA SFF SHA SSL STEP TEL TLS TOP TYPE USB USD UTC UTF VGA WD WIN"
    " WINDOWS WPA JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
)


def _error_code(token: str) -> str:
    """Capitals, without package, dash and leading zeros: `ORA-00942` is `ORA942`."""
    if token.partition("-")[0] in _NO_PREFIXES:
        return ""
    code = _LEADING_ZEROS.sub(r"\1", token.rpartition(".")[2].upper())
    return f"HTTP {code[-3:]}" if code.startswith("HTTP") and code[-1].isdecimal() else code


_TOP_LEVEL = frozenset(
    "com org net edu gov mil int info biz io dev app cloud online site tech ai xyz eu local lan"
    " corp internal intranet home test example invalid localhost arpa ad ae ar at au be bg br ca"
    " ch cl cn co cz de dk ee es fi fr gr hk hr hu id ie il in is it jp kr lt lu lv me mx my nl no"
    " nz pe ph pl pt ro rs ru sa se sg si sk so th to tr tv tw ua uk us vn za".split()
)
_WORDS_TOO = frozenset(
    "ad app at be co de es id in is it me my no pe pl ro rs se si so test th to us".split()
)
_PACKAGES = frozenset("com edu io java javax jdk kotlin net org scala sun system".split())
_NO_HOSTS = frozenset({"ado.net", "asp.net", "ml.net", "vb.net"})


def _hostname(token: str, *, in_url: bool) -> str:
    """A full domain name; not the end of one sentence touching the next, nor a class or a file."""
    value = token.lower()
    labels = value.split(".")
    is_one_case = labels[-1] in token or token.isupper()
    if labels[-1] not in _TOP_LEVEL or not is_one_case:
        return ""
    is_words = len(labels) == 2 and (labels[1] in _WORDS_TOO or len(labels[0]) < 2)
    if not in_url and (is_words or labels[0] in _PACKAGES or value in _NO_HOSTS):
        return ""
    return value.removeprefix("www.")


# Enough digits for a model number: `mp3`, `ipv6`, `4k`, `win10`, `b2b` and `2nd` have too few.
_MODEL = re.compile(
    r"[A-Z]{1,5}\d{3,6}[A-Za-z]{0,4}\d?|[A-Z]{1,5}\d\d[A-Z]{1,4}\d{0,3}"
    r"|[a-z]{1,3}\d{3,4}[a-z]{1,3}|\d{2,4}[A-Z]{2,4}\d{2,4}[A-Z]{0,3}"
)
_SERIES = re.compile(r"(?=(?:[^-]*-)*(?:[A-Za-z]+\d|\d+[A-Za-z]))(?!.*[A-Za-z]{5})[^-]+-.+")
_EVERYDAY = re.compile(
    r"[HX]26\d|[MO]365|X509|IPV\d+|[A-Z]{3,}(?:19|20)\d\d|\d{1,2}[A-Z]{3}(?:20)?\d\d"
    r"|\d{4}-\d\d-\d.*",
    re.IGNORECASE,
)


def _sku(token: str) -> str:
    """A model or part number in capitals without dashes; empty for words with a digit or two."""
    prefix = token.rstrip("0123456789").rstrip("-").upper()
    if prefix in _NO_PREFIXES or _EVERYDAY.fullmatch(token):
        return ""
    n_digits = sum(character.isdecimal() for character in token)
    is_model = any(_MODEL.fullmatch(part) for part in token.split("-"))
    is_series = n_digits > 3 and _SERIES.fullmatch(token)
    return token.replace("-", "").upper() if is_model or is_series else ""
