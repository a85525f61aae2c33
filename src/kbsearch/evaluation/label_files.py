"""Files of judgements, labels and rankings: read line by line, replaced in one step."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from pathlib import Path

from kbsearch import files
from kbsearch.errors import KbSearchError


class LabelFileError(KbSearchError):
    """A file of judgements, labels or rankings does not say what it should."""

    def __init__(self, path: Path | str, line: int, reason: str) -> None:
        self.path, self.line, self.reason = str(path), line, reason
        super().__init__(
            f"{self.path!r}, line {line}: {reason}. Nothing of the file was used. "
            "Correct the line, or make the file anew."
        )


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """
    Lines that are not blank, with their numbers from 1; without a byte order mark.

    Raises:
        LabelFileError: If a line is not UTF-8.
        StoreUnavailableError: If the file cannot be read.
    """
    content = files.read_bytes(path).removeprefix(codecs.BOM_UTF8)  # editors put it there
    for number, raw in enumerate(content.split(b"\n"), start=1):
        try:
            line = raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise LabelFileError(path, number, "it is not UTF-8") from None
        if line:
            yield number, line


def replace_file(path: Path, content: bytes) -> None:
    """
    Write a file, readable by its owner alone, in one step: whole, or as it was.

    Raises:
        StoreUnavailableError: If it cannot be written.
    """
    beside = path.parent / f".{path.name}.new-{os.getpid()}"
    try:
        files.write_durably(beside, content)
        files.replace(beside, path)
    finally:
        files.remove_tree(beside)
    files.sync_directory(path.parent)
