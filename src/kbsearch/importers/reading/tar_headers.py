"""
Which files a tar archive holds, and where they lie in it.

Not by `tarfile`: before 3.11.10 and 3.11.14 an archive can keep it busy for ever
(CVE-2024-6232, CVE-2025-8194), and it reads headers of any length into memory.
Names, kinds and sizes are all that is needed here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from kbsearch.errors import SourceError

_BLOCK_BYTES = 512
_MAX_HEADER_BYTES = 1 << 20
_OCTAL = re.compile(rb" *+([0-7]++)[ \0]*+")
_PAX_LENGTH = re.compile(rb"([1-9][0-9]{0,6}) ")
_CUT_OFF = "it ends in the middle. Get it anew."
_DAMAGED = "it is no tar archive, or it is damaged."


class TarKind(Enum):
    """What an entry is; `OTHER` are links, devices, pipes, files with holes, and the unknown."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"


class TarEntry(NamedTuple):
    """An entry: its name, and where in the archive its content lies."""

    name: str
    kind: TarKind
    start: int
    size_bytes: int


_KINDS = dict.fromkeys((b"0", b"\0", b"7"), TarKind.FILE) | {b"5": TarKind.FOLDER}
_PAX, _LONG_NAME, _LONG_LINK, _PAX_FOR_ALL = b"x", b"L", b"K", b"g"
_ABOUT_OTHERS = (_PAX, _LONG_NAME, _LONG_LINK, _PAX_FOR_ALL)


def tar_entries(path: Path, descriptor: int) -> Iterator[TarEntry]:
    """
    The entries of an archive that is not compressed, in its order.

    Args:
        path: For messages.
        descriptor: Of the open file; its position is left alone.

    Raises:
        SourceError: If it is no tar archive, is cut off, or has absurd headers.
    """
    end = os.fstat(descriptor).st_size
    at = 0
    said: dict[bytes, bytes] = {}  # by headers about the entry that follows them
    while any(block := os.pread(descriptor, _BLOCK_BYTES, at)):
        try:
            header = _Header.read(block)
            size_bytes = header.size_bytes
            if header.sign not in _ABOUT_OTHERS:
                size_bytes = int(said.get(b"size", size_bytes))
            start, at = at + _BLOCK_BYTES, at + _BLOCK_BYTES + _padded(size_bytes)
            if not 0 <= start + size_bytes <= end:
                raise SourceError(path, _CUT_OFF)
            if header.sign in (_PAX, _LONG_NAME):
                said |= _said(header, os.pread(descriptor, size_bytes, start))
            elif header.sign not in _ABOUT_OTHERS:
                name = said.get(b"path", header.name).decode("utf-8", "surrogateescape")
                yield TarEntry(name, _kind(header.sign, name, said), start, size_bytes)
                said = {}
        except ValueError:
            raise SourceError(path, _DAMAGED) from None
    if len(block) < _BLOCK_BYTES:  # it should end with blocks of zeros
        raise SourceError(path, _CUT_OFF)


class _Header(NamedTuple):
    """What an entry's block of 512 bytes says."""

    sign: bytes
    name: bytes
    size_bytes: int

    @classmethod
    def read(cls, block: bytes) -> _Header:
        """ValueError if it is none."""
        checksum = sum(block[:148]) + sum(block[156:]) + 8 * ord(" ")
        if len(block) < _BLOCK_BYTES or _number(block[148:156]) != checksum:
            raise ValueError
        name, prefix = _until_nul(block[:100]), _until_nul(block[345:500])
        if block[257:263] == b"ustar\0" and prefix:
            name = prefix + b"/" + name
        sign = block[156:157]
        size_bytes = 0 if sign == b"5" else _number(block[124:136])
        return cls(sign, name, size_bytes)


def _kind(sign: bytes, name: str, said: dict[bytes, bytes]) -> TarKind:
    if any(key.startswith(b"GNU.sparse") for key in said):
        return TarKind.OTHER
    kind = _KINDS.get(sign, TarKind.OTHER)
    is_old_folder = kind is TarKind.FILE and name.endswith("/")
    return TarKind.FOLDER if is_old_folder else kind


def _said(header: _Header, content: bytes) -> dict[bytes, bytes]:
    """What a header says about the entry behind it; ValueError if it is none."""
    if header.size_bytes > _MAX_HEADER_BYTES:
        raise ValueError
    if header.sign == _LONG_NAME:
        return {b"path": _until_nul(content)}
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(content):
        length = _PAX_LENGTH.match(content, at)
        if length is None:
            raise ValueError
        record = content[length.end() : at + int(length[1])]
        key, _, value = record.removesuffix(b"\n").partition(b"=")
        records[key] = value
        at += int(length[1])
    return records


def _number(field: bytes) -> int:
    """A number in octal digits, or in binary where they do not suffice."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    found = _OCTAL.fullmatch(field)
    if found is None:
        raise ValueError
    return int(found[1], 8)


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _padded(size_bytes: int) -> int:
    return -(-size_bytes // _BLOCK_BYTES) * _BLOCK_BYTES
