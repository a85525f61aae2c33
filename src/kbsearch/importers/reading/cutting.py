"""Cutting values out of a text that is never held whole: brackets and strings, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_RECORD_CHARACTERS = 1 << 24
"""A longer record is reported and passed over: no text of a desk comes near it."""

MAX_DEPTH = 200
"""Brackets within brackets; parsers of deeper values run out of stack."""

TOO_LONG = f"it is longer than {MAX_RECORD_CHARACTERS:,} characters"
TOO_DEEP = f"it is nested deeper than {MAX_DEPTH} levels"
ENDS_IN_THE_MIDDLE = "the file ends in the middle of a record"


class EndOfTextError(Exception):
    """The text ended where a value should have gone on."""


class RefusedValueError(Exception):
    """A value was passed over; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class DoubtfulTextError(Exception):
    """A string may go on or end here; what follows cannot be told from what is quoted."""


class Quoting(NamedTuple):
    """
    How a string goes on.

    Attributes:
        inside: Of it, as far as it surely goes on.
        end: What closes it, with enough behind it to be sure.
        doubt: What may be its end or not.
    """

    inside: re.Pattern[str]
    end: re.Pattern[str]
    doubt: re.Pattern[str] | None = None


class Grammar(NamedTuple):
    """
    How values are nested and quoted.

    Attributes:
        brackets: Closing → opening.
        quotes: What opens a string → how it goes on.
        plain: Everything up to the next bracket, or a string that is not closed yet.
    """

    brackets: dict[str, str]
    quotes: dict[str, Quoting]
    plain: re.Pattern[str]


class Window:
    """
    The stretch of a text around the place where it is read.

    Args:
        pieces: The text, in order; a piece at a time is held.

    Attributes:
        text: The stretch.
        at: Index in `text` of what is read next.
    """

    def __init__(self, pieces: Iterator[str]) -> None:
        self.text, self.at = "", 0
        self._pieces = pieces
        self._mark: int | None = None
        self._kept: list[str] = []
        self._n_kept = 0
        self._line, self._counted = 1, 0

    @property
    def line(self) -> int:
        """Number of the line of `at`, from 1."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def more(self) -> bool:
        """Read on, and leave behind what was read before; False at the end of the text."""
        piece = next(self._pieces, "")
        if not piece:
            return False
        _ = self.line
        if self._mark is not None:
            self._keep()
            self._mark = 0
        self.text = self.text[self.at :] + piece
        self.at = self._counted = 0
        return True

    def mark(self) -> None:
        """Keep the text from here on."""
        self._mark, self._n_kept = self.at, 0
        self._kept.clear()

    def unmark(self) -> None:
        """Keep nothing."""
        self._mark = None
        self._kept.clear()

    def marked(self) -> str:
        """
        The text from the mark up to here; ends the keeping.

        Raises:
            RefusedValueError: If it is too long to be kept.
        """
        self._keep()
        text = "".join(self._kept)
        self.unmark()
        if self._n_kept > MAX_RECORD_CHARACTERS:
            raise RefusedValueError(TOO_LONG)
        return text

    def _keep(self) -> None:
        part = self.text[self._mark : self.at]
        self._n_kept += len(part)
        if self._n_kept > MAX_RECORD_CHARACTERS:
            self._kept.clear()
        else:
            self._kept.append(part)

    def peek(self, skipped: re.Pattern[str]) -> str:
        """The next character after what is skipped; "" at the end of the text."""
        while True:
            found = skipped.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def has_ahead(self, n_characters: int) -> bool:
        """Read on until there are so many characters ahead; False if the text ends before."""
        while len(self.text) - self.at < n_characters:
            if not self.more():
                return False
        return True

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Pass over all that matches, however long it is; `pattern` must match any part of it."""
        while True:
            found = pattern.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or not self.more():
                return

    def skip_past(self, end: str) -> bool:
        """Pass over everything up to and including `end`; False if it never comes."""
        while True:
            found = self.text.find(end, self.at)
            if found >= 0:
                self.at = found + len(end)
                return True
            self.at = max(self.at, len(self.text) - len(end) + 1)
            if not self.more():
                return False

    def line_text(self) -> str:
        """
        The rest of the line, without its end.

        Raises:
            RefusedValueError: If it is too long; it was passed over.
            EndOfTextError: If no line end follows.
        """
        self.mark()
        if not self.skip_past("\n"):
            raise EndOfTextError
        return self.marked()[:-1].removesuffix("\r")

    def skip_string(self, grammar: Grammar) -> None:
        """
        Pass over a string, however long it is; `at` is on its quote.

        Raises:
            EndOfTextError: If it is not closed.
            DoubtfulTextError: If that is not clear.
        """
        quoting = grammar.quotes[self.text[self.at]]
        self.at += 1
        while True:
            found = quoting.inside.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if quoting.end.match(self.text, self.at):
                self.at += 1
                return
            if quoting.doubt is not None and quoting.doubt.match(self.text, self.at):
                raise DoubtfulTextError
            if not self.more():
                raise EndOfTextError

    def skip_value(self, grammar: Grammar) -> None:
        """
        Pass over a bracketed value; `at` is on its first bracket.

        A bracket that closes nothing is passed over, one that closes an outer
        value closes the inner ones too: a broken value ends where a reader would
        say that it does.

        Raises:
            RefusedValueError: If it is nested too deep; it was passed over.
            EndOfTextError: If it is not closed.
            DoubtfulTextError: If it is not clear where a string in it ends.
        """
        opened: list[str] = []
        n_deeper = 0
        is_too_deep = False
        while True:
            found = grammar.plain.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at == len(self.text):
                if not self.more():
                    raise EndOfTextError
                continue
            character = self.text[self.at]
            if character in grammar.quotes:
                self.skip_string(grammar)
                continue
            self.at += 1
            opening = grammar.brackets.get(character)
            if opening is None:
                if len(opened) < MAX_DEPTH:
                    opened.append(character)
                else:
                    is_too_deep = True
                    n_deeper += 1
            elif n_deeper:
                n_deeper -= 1
            elif opening in opened:
                while opened.pop() != opening:
                    pass
                if not opened:
                    break
        if is_too_deep:
            raise RefusedValueError(TOO_DEEP)

    def cut(self, grammar: Grammar) -> str:
        """
        The text of a bracketed value; `at` is on its first bracket.

        Raises:
            RefusedValueError: If it is too long or too deep; it was passed over.
            EndOfTextError: If it is not closed.
            DoubtfulTextError: If it is not clear where a string in it ends.
        """
        self.mark()
        try:
            self.skip_value(grammar)
        except RefusedValueError:
            self.unmark()
            raise
        return self.marked()
