"""Exports that were made to do harm, and a way to see what reading them costs."""

from __future__ import annotations

import bz2
import io
import json
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

ROW = b'{"id": 1, "subject": "Door bell"}'


def write(path: Path, content: bytes | str) -> Path:
    """A file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zip_of(path: Path, entries: dict[str, bytes], **options: Any) -> Path:
    """A zip archive as any tool would write it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def tar_of(path: Path, entries: dict[str, bytes], *, kind: int = tarfile.PAX_FORMAT) -> Path:
    """A tar archive as any tool would write it, packed as its name says."""
    mode: Any = {".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2"}.get(path.suffix, "w")
    with tarfile.open(path, mode, format=kind) as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def deflated(n_bytes: int, start: bytes = b"") -> bytes:
    """A raw deflate stream of `start` and then so many zeros (the digit), a thousandth as long."""
    packer = zlib.compressobj(9, wbits=-15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"0" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (n_bytes // 1_000_000) + packer.flush()


def gzip_bomb(path: Path, n_bytes: int, start: bytes = b"") -> Path:
    """A gzip file that unpacks to so much."""
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
    return write(path, header + deflated(n_bytes, start) + bytes(8))


def bzip2_bomb(path: Path, n_bytes: int, start: bytes = b"") -> Path:
    """A bzip2 file that unpacks to so much: a kilobyte for every gigabyte."""
    block = bz2.compress(b"0" * 45_000_000)
    return write(path, bz2.compress(start) + block * (n_bytes // 45_000_000))


class ZipEntry(NamedTuple):
    """What a zip archive says of an entry, true or not."""

    name: str = "tickets.json"
    packed: bytes = ROW
    size_bytes: int = len(ROW)
    method: int = zipfile.ZIP_STORED
    flags: int = 0
    mode: int = 0


def raw_zip(path: Path, *entries: ZipEntry, times: int = 1) -> Path:
    """A zip archive byte by byte; `times` its directory names the same entries again."""
    body, directory = b"", b""
    for entry in entries:
        name = entry.name.encode()
        common = struct.pack(
            "<HHHHHIIIHH",
            20,
            entry.flags,
            entry.method,
            0,
            0,
            zlib.crc32(entry.packed),
            len(entry.packed),
            entry.size_bytes,
            len(name),
            0,
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 0x0314) + common
        directory += struct.pack("<HHHII", 0, 0, 0, entry.mode << 16, len(body)) + name
        body += b"PK\x03\x04" + common + name + entry.packed
    directory *= times
    n_entries = min(len(entries) * times, 0xFFFF)
    end = struct.pack("<HHHHIIH", 0, 0, n_entries, n_entries, len(directory), len(body), 0)
    return write(path, body + directory + b"PK\x05\x06" + end)


class Cost(NamedTuple):
    """What reading an export in a process of its own came to, and how much CPU time it took."""

    outcome: str
    n_rows: int
    peak_mb: float
    seconds: float


_PROGRAM = """
import json, sys, time
from pathlib import Path
from kbsearch.errors import KbSearchError
from kbsearch.importers.places import ImportProblem
from kbsearch.importers.reading.source import open_source
start, outcome, n_rows = time.process_time(), "", 0
try:
    with open_source(Path(sys.argv[1])) as source:
        comments = source.group("comments", by="ticket_id")
        for row in source.table("tickets", main=True):
            if isinstance(row, ImportProblem):
                outcome = row.reason
            else:
                n_rows += 1 + len(comments.of(row.text("id")))
except KbSearchError as error:
    outcome = f"{type(error).__name__}: {error}"
seconds = time.process_time() - start
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
peak_mb = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps([outcome, n_rows, peak_mb, seconds]))
"""


def cost_of_reading(path: Path) -> Cost:
    """Read tickets and their comments as an importer does."""
    printed = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    return Cost(*json.loads(printed))
