"""Files of an export as bytes, whatever they are packed in; what unpacks to too much is refused."""

from __future__ import annotations

import zlib
from bz2 import BZ2File
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from gzip import GzipFile
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile

from kbsearch.errors import SourceError

MAX_UNPACKED_BYTES = 64 << 30
"""All files of an archive together."""

MAX_UNPACKED_FILE_BYTES = 32 << 30
"""One file of an archive, or one that is packed by itself."""

MAX_RATIO = 100
"""Unpacked to packed bytes; texts of a desk come to a fifth of that."""

SMALL_BYTES = 64 << 20
"""What is unpacked to less may have any ratio."""

_BUFFER_BYTES = 1 << 16
_MAX_SHOWN_CHARACTERS = 4096
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def shown_name(name: str) -> str:
    """A file's name as it may be printed: on one line, no control or hidden characters in it."""
    if not name.isprintable():
        name = "".join(char if char.isprintable() else _UNPRINTABLE for char in name)
    return name if len(name) <= _MAX_SHOWN_CHARACTERS else f"…{name[-_MAX_SHOWN_CHARACTERS:]}"


def allowed_bytes(packed_bytes: int, *, most: int) -> int:
    """To how much so many bytes may be unpacked, never to more than `most`."""
    return min(most, max(SMALL_BYTES, MAX_RATIO * packed_bytes))


@contextmanager
def reporting(path: Path | str) -> Iterator[None]:
    """Turn errors of the system and of damaged archives into the library's."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "what is packed in it is damaged"
        raise SourceError(path, f"{reason}.") from error
    except (EOFError, zlib.error, BadZipFile) as error:
        raise SourceError(path, _DAMAGED) from error


_DAMAGED = "it is damaged or ends in the middle. Get it anew, or unpack it yourself first."


class BoundedReader(RawIOBase):
    """
    What comes out of a packed stream, up to a limit.

    Raises:
        SourceError: When more bytes than that were really read; headers are not believed.
    """

    def __init__(self, stream: IO[bytes] | BufferedIOBase, *, limit_bytes: int, name: str) -> None:
        self._stream, self._limit_bytes, self._name = stream, limit_bytes, name
        self._n_bytes = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end."""
        found = self._stream.read(len(buffer))
        self._n_bytes += len(found)
        if self._n_bytes > self._limit_bytes:
            raise too_large(self._name, self._limit_bytes)
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Close the packed stream too."""
        self._stream.close()
        super().close()


def too_large(path: Path | str, limit_bytes: int) -> SourceError:
    """What is raised for an archive bomb."""
    return SourceError(
        path,
        f"it unpacks to more than {limit_bytes:,} bytes, far more than its size explains. "
        "If it is sound, unpack it yourself and give the folder.",
    )


def _gunzip(stream: BufferedReader) -> BufferedIOBase:
    return GzipFile(fileobj=stream)


UNPACKERS: dict[str, Callable[[BufferedReader], BufferedIOBase]] = {
    ".bz2": BZ2File,
    ".gz": _gunzip,
}
"""For a single file, by the last part of its name."""


class SourceFile:
    """
    One file of an export.

    Args:
        name: Within the export, as its folder or archive has it.
        open_bytes: Opens it as it lies there.
        size_bytes: So much it is there.

    Attributes:
        name: Posix, relative to the export, fit to be shown.
    """

    def __init__(self, name: str, open_bytes: Callable[[], RawIOBase], size_bytes: int) -> None:
        self.name = shown_name(name)
        self._open_bytes, self._size_bytes = open_bytes, size_bytes

    @property
    def unpacked_name(self) -> str:
        """Its name without `.gz` or `.bz2`."""
        suffix = PurePosixPath(self.name).suffix
        return self.name.removesuffix(suffix) if suffix.lower() in UNPACKERS else self.name

    @contextmanager
    def open(self) -> Iterator[BufferedReader]:
        """
        Its bytes, unpacked.

        Raises:
            SourceError: If it cannot be read, is damaged, or unpacks to too much.
        """
        with reporting(self.name), ExitStack() as stack:
            stream: BufferedReader = BufferedReader(self._open_bytes())
            stack.callback(stream.close)
            unpack = UNPACKERS.get(PurePosixPath(self.name).suffix.lower())
            if unpack is not None:
                limit_bytes = allowed_bytes(self._size_bytes, most=MAX_UNPACKED_FILE_BYTES)
                bounded = BoundedReader(unpack(stream), limit_bytes=limit_bytes, name=self.name)
                stream = BufferedReader(bounded, _BUFFER_BYTES)
                stack.callback(stream.close)
            yield stream
