"""Mails in files: where each begins in a mbox, and its head, without holding any of them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from io import SEEK_END, BufferedReader, BytesIO
from shutil import copyfileobj
from typing import IO, NamedTuple

from kbsearch.importers.places import Place
from kbsearch.importers.reading.source import SourceFile

_COPIED_BYTES = 1 << 20
_MAX_LINE_BYTES = 65_536
_MAX_FROM_LINE_BYTES = 400
_MAX_HEAD_BYTES = 262_144
# A line of a text may begin with "From "; the one between mails ends with a time and a year.
_FROM_LINE = re.compile(rb"From [^\n]{0,300}?\d:\d\d[^\n]{0,60}? \d{4}(?: [+-]\d{4})?[ \r]*\n?\Z")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


class ScannedMail(NamedTuple):
    """
    One mail of a file while it is looked through.

    `offset` and `size` are bytes, `digest` is of its body, the same however its
    lines are ended or quoted.
    """

    offset: int
    size: int
    head: bytes
    digest: bytes


class MailPlace(NamedTuple):
    """Where a mail lies: the numbers of its file and of it in a mbox (else -1), its bytes."""

    file: int
    number: int = -1
    offset: int = 0
    size: int = 0


class MailFiles:
    """
    The mails of an export: all in their order, and then those that were kept again.

    Args:
        files: Of the export; those that hold no mail are passed over.
        copies: An empty file for mailboxes that are packed: of those nothing can be
            read twice.
    """

    def __init__(self, files: Sequence[SourceFile], copies: IO[bytes]) -> None:
        self._files, self._copies = files, copies
        self._copied: set[int] = set()
        self._kept = array("q")  # four numbers a mail: there may be millions

    def scan(self) -> Iterator[tuple[MailPlace, ScannedMail | None]]:
        """All mails; None for a file that should hold one and does not."""
        for file, source in enumerate(self._files):
            name = source.unpacked_name.lower()
            with source.open() as opened:
                if name.endswith(".eml"):
                    mail = _scan_mail(opened)
                    yield MailPlace(file, size=mail.size), mail if mail.head else None
                elif _is_mbox(opened):
                    for number, mail in enumerate(self._scan_mbox(file, opened)):
                        place = MailPlace(file, number, mail.offset, mail.size)
                        yield place, mail if mail.head else None
                elif name.endswith(".mbox"):
                    yield MailPlace(file), None

    def _scan_mbox(self, file: int, opened: BufferedReader) -> Iterator[ScannedMail]:
        if opened.seekable():
            yield from scan_mbox(opened)
            return
        self._copied.add(file)
        start = self._copies.seek(0, SEEK_END)
        copyfileobj(opened, self._copies, _COPIED_BYTES)
        self._copies.seek(start)
        for mail in scan_mbox(self._copies):
            yield mail._replace(offset=start + mail.offset)

    def shown(self, place: MailPlace) -> Place:
        """A place for people."""
        is_boxed = place.number >= 0
        return Place(self._files[place.file].name, position=place.number if is_boxed else None)

    def keep(self, place: MailPlace) -> None:
        """Note a mail; they are numbered from 0."""
        self._kept.extend(place)

    def kept(self, number: int) -> MailPlace:
        """Where a mail that was noted lies."""
        return MailPlace(*self._kept[4 * number : 4 * number + 4])

    def read(self, place: MailPlace, *, max_bytes: int) -> bytes:
        """The first bytes of a mail, as they were before a mbox quoted its lines."""
        is_copied, is_boxed = place.file in self._copied, place.number >= 0
        with ExitStack() as stack:
            source = self._files[place.file]
            file = self._copies if is_copied else stack.enter_context(source.open())
            if is_boxed:
                file.seek(place.offset)
            content = file.read(min(place.size, max_bytes))
        may_be_quoted = is_boxed and b">From " in content  # the pattern alone is slow
        return _QUOTED_FROM.sub(rb"\1", content) if may_be_quoted else content


def head_of(content: bytes) -> bytes:
    """The lines of a mail above the first blank one."""
    return _scan_mail(BytesIO(content)).head


def _is_mbox(file: BufferedReader) -> bool:
    """Whether a file begins as a mbox does; nothing of it is used up."""
    start = file.peek(_MAX_FROM_LINE_BYTES)[:_MAX_FROM_LINE_BYTES]
    return _FROM_LINE.match(start[: start.find(b"\n") + 1]) is not None


def scan_mbox(file: IO[bytes]) -> Iterator[ScannedMail]:
    """The mails of a mbox, in their order; one line of it is held at a time."""
    scan: _Scan | None = None
    offset = 0
    may_begin, is_whole_line = True, True
    while line := file.readline(_MAX_LINE_BYTES):
        if may_begin and is_whole_line and _FROM_LINE.match(line):
            if scan is not None:
                yield scan.ended(offset)
            scan = _Scan(offset + len(line))
        elif scan is not None:
            scan.add(line)
        offset += len(line)
        may_begin = is_whole_line and not line.strip(b"\r\n")
        is_whole_line = line.endswith(b"\n")
    if scan is not None:
        yield scan.ended(offset)


def _scan_mail(file: IO[bytes]) -> ScannedMail:
    scan = _Scan(0)
    offset = 0
    while line := file.readline(_MAX_LINE_BYTES):
        scan.add(line)
        offset += len(line)
    return scan.ended(offset)


class _Scan:
    """One mail while its lines go by."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._head: list[bytes] = []
        self._n_head_bytes = 0
        self._is_body = False
        self._body = blake2b(digest_size=16)

    def add(self, line: bytes) -> None:
        """The next line, or a part of one that is too long."""
        text = line.strip(b" \t\r\n>")
        if self._is_body:
            self._body.update(text)
        elif not line.strip(b"\r\n"):
            self._is_body = True
        elif self._n_head_bytes < _MAX_HEAD_BYTES:
            self._head.append(line)
            self._n_head_bytes += len(line)

    def ended(self, offset: int) -> ScannedMail:
        """The mail that ends at `offset`."""
        head = b"".join(self._head)
        return ScannedMail(self._offset, offset - self._offset, head, self._body.digest())
