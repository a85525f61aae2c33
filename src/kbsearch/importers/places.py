"""Where a record stood in an export, and what can be said of one that is not imported."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """
    Where a record stands: a file, in it a line or a position, and steps into the record.

    `line` counts from 1, `position` from 0. Shown as `posts.csv:17`, `tickets.json[3].comments[0]`.
    """

    file: str
    line: int | None = None
    position: int | None = None
    steps: str = ""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        position = f"[{self.position}]" if self.position is not None else ""
        return f"{self.file}{line}{position}{self.steps}"


class ImportProblem(NamedTuple):
    """A record that could not be read. `reason` never repeats its text."""

    place: Place
    reason: str


class Skipped(NamedTuple):
    """
    A record that is left out on purpose: deleted, spam, machine-made.

    `document_id` names the document that an earlier export may have made of it
    and that is to go; None if there is none.
    """

    place: Place
    reason: str
    document_id: str | None = None


class RecordError(Exception):
    """Raised and caught within this package: this record cannot be read, others may."""

    def __init__(self, place: Place, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(f"{place}: {reason}")
