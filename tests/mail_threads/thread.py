"""A mail as it arrives, with what each of its lines is."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Label(StrEnum):
    """What a line of a mail is: its sender's own words, or what came along with them."""

    BODY = "b"
    QUOTE = "q"
    SIGNATURE = "s"
    HEADER = "h"
    DISCLAIMER = "d"


class Thread(NamedTuple):
    """
    One message of a thread.

    `is_held_out`: it was written when the rules were finished, and they were
    not changed for it.
    """

    name: str
    language: str
    lines: tuple[tuple[Label, str], ...]
    is_held_out: bool = False

    @property
    def text(self) -> str:
        """The message as plain text."""
        return "\n".join(line for _, line in self.lines)


def thread(name: str, marked: str) -> Thread:
    """
    Read a message in which each line is preceded by its label and a bar: `q|> Does it help?`.

    The name begins with the language: `de-outlook-top`.
    """
    lines = tuple(
        (Label(line[0]), line[2:]) for line in marked.strip("\n").split("\n") if line[1:2] == "|"
    )
    return Thread(name, name.partition("-")[0], lines)


def held_out_thread(name: str, marked: str) -> Thread:
    """A thread that was written when the rules were finished; they were not changed for it."""
    return thread(name, marked)._replace(is_held_out=True)
