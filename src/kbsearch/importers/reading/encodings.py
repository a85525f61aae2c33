"""From bytes to text; what cannot be decoded is marked, so that only its record is refused."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper

from kbsearch.errors import ConfigError

UNDECODED = "\udc80"
"""Stands where bytes could not be decoded; no encoding gives this character otherwise."""

PIECE_CHARACTERS = 1 << 17
"""So much of a text is held at once, where its records are not longer."""

_BYTE_ORDER_MARKS = (  # the longer first: that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKING = "kbsearch-mark-undecoded"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODED, error.end


codecs.register_error(_MARKING, _mark)


def require_encoding(name: str) -> None:
    """
    Refuse a name that Python cannot decode text by.

    Raises:
        ConfigError: If it is unknown, or no encoding of text.
    """
    try:
        "a".encode(name)
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        raise ConfigError(
            f"The encoding {name[:40]!r} is not known. "
            "Give a name such as utf-8, cp1252, iso-8859-15 or utf-16."
        ) from None


def text_of(file: BufferedReader, encoding: str, *, newline: str = "") -> TextIOWrapper:
    """
    A file's text, decoded as its byte order mark says, or else as given.

    Args:
        file: At its beginning.
        encoding: For a file without a mark.
        newline: As in `open`: what a line ends with.
    """
    start = file.peek(4)
    marked = (name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark))
    return TextIOWrapper(file, encoding=next(marked, encoding), errors=_MARKING, newline=newline)


def pieces_of(text: TextIOWrapper) -> Iterator[str]:
    """A text in pieces that fit in memory."""
    while piece := text.read(PIECE_CHARACTERS):
        yield piece


def undecoded_reason(text: TextIOWrapper) -> str:
    """What is said of a record that holds bytes which could not be decoded."""
    name = text.encoding.removesuffix("-sig").upper()
    return f"it holds bytes that are not {name}; give the encoding of the export if it is another"
