"""Which lines of a mail its sender did not write: quotes, headers, signatures, notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from kbsearch.text.mail_endings import Endings, endings
from kbsearch.text.mail_notices import banner_end
from kbsearch.text.mail_phrases import POINTER
from kbsearch.text.mail_quotes import OtherMails, attributions, is_quoted, quoted_lines


class CutKind(StrEnum):
    """Why some lines of a mail are left out."""

    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    FORWARDED_HEADER = "forwarded_header"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"


class Cut(NamedTuple):
    """Whole lines to leave out: half-open character offsets in the text."""

    kind: CutKind
    start: int
    end: int


MAX_LINES = 20_000
"""In a text of more lines nothing is cut: it is a log or a dump, and nobody wrote it as a mail."""

_KEPT_RATHER_THAN_NOTHING = (
    CutKind.SIGNATURE,
    CutKind.QUOTE,
    CutKind.DISCLAIMER,
    CutKind.ATTRIBUTION,
    CutKind.FORWARDED_HEADER,
)
_MAX_PIECES = 12
_MAX_POINTER = 200
_MAX_POINTER_LINES = 4
_READABLE = re.compile(r"[^\W_]")
_BLANK_LINES = re.compile(r"\n{3,}")


def mail_cuts(text: str) -> tuple[Cut, ...]:
    """
    Find the lines of a mail that its sender did not write for it.

    Quoted lines and what introduces them, the headers of a forwarded mail,
    signatures, and notices of mail systems. A forwarded mail itself stays: it
    is the problem. So does everything if nothing readable would be left, or if
    there are more than `MAX_LINES` lines. Linear in the length of the text.

    Args:
        text: Plain text of one message.

    Returns:
        Cuts in order of their offsets, without overlap; each covers whole lines.

    Raises:
        MissingExtraError: If mail-parser-reply, whose phrases are used, is not installed.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        return ()
    plain = text.replace("\u2019", "'").replace("\xa0", " ").replace("\u202f", " ")
    mail = _Mail([line.strip() for line in plain.split("\n")])
    mail.mark()
    cuts: list[Cut] = []
    place = start = 0
    for kind, run in groupby(mail.kinds_of_cut()):
        n_lines = len(list(run))
        end = start + sum(len(line) + 1 for line in lines[place : place + n_lines])
        if kind is not None:
            cuts.append(Cut(kind, start, min(end, len(text))))
        place, start = place + n_lines, end
    return tuple(cuts)


def without_cuts(text: str, cuts: Iterable[Cut]) -> str:
    """What is left of a text, its blank lines collapsed where something was cut out."""
    parts: list[str] = []
    position = 0
    for cut in cuts:
        parts.append(text[position : cut.start])
        position = cut.end
    parts.append(text[position:])
    return _BLANK_LINES.sub("\n\n", "".join(parts)).strip("\n").rstrip()


class _Mail:
    """Stripped lines, and for each the reason to leave it out, None to keep it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._kinds: list[CutKind | None] = [None] * len(lines)
        self._endings: dict[tuple[int, int], Endings] = {}

    def mark(self) -> None:
        """Find every reason to leave a line out."""
        banner = banner_end(self._lines)
        self._mark(CutKind.DISCLAIMER, 0, banner)
        self._mark_other_mails(banner)
        self._mark_endings()

    def kinds_of_cut(self) -> list[CutKind | None]:
        """The reasons that are left so that something readable is left."""
        kinds = list(self._kinds)
        for given_up in _KEPT_RATHER_THAN_NOTHING:
            if self._is_readable(kinds):
                break
            kinds = [None if kind is given_up else kind for kind in kinds]
        return self._with_blank_lines(kinds)

    def _mark(self, kind: CutKind, start: int, end: int) -> None:
        self._kinds[start:end] = [kind] * (end - start)

    def _mark_other_mails(self, start: int) -> None:
        """Mark quoted mails, and the headers of forwarded ones, from a line on."""
        lines = self._lines
        other_mails = OtherMails(lines)
        attribution_ends = attributions(lines)
        certain_from = len(lines)
        marked_to = piece_start = start
        for place in sorted({*attribution_ends, *other_mails.may_begin()}):
            if place < marked_to:
                continue
            if place in attribution_ends:
                end = attribution_ends[place]
                self._mark(CutKind.ATTRIBUTION, place, end)
                certain_from = min(certain_from, end)
                is_marked = any(is_quoted(line) for line in lines[end : end + 2])
                if not is_marked and self._answers(piece_start, place):
                    self._mark(CutKind.QUOTE, end, len(lines))
                    break
                marked_to = end
            elif (end := other_mails.forwarded_header_end(place)) > place:
                self._mark(CutKind.FORWARDED_HEADER, place, end)
                marked_to = piece_start = end
            elif (end := other_mails.original_header_end(place)) > place:
                if self._answers(piece_start, place):
                    self._mark(CutKind.QUOTE, place, len(lines))
                    break
                self._mark(CutKind.FORWARDED_HEADER, place, end)
                marked_to = piece_start = end
        for quoted in quoted_lines(lines, certain_from=certain_from):
            self._mark(CutKind.QUOTE, quoted, quoted + 1)

    def _answers(self, start: int, end: int) -> bool:
        """Whether somebody wrote in these lines more than a signature and "see below"."""
        ends = self._endings_of(start, end)
        left_out = {
            place for first, last in ends.signatures + ends.notices for place in range(first, last)
        }
        own = [
            line
            for place, line in enumerate(self._lines[start:end], start)
            if place not in left_out and not is_quoted(line) and _READABLE.search(line)
        ]
        is_pointer = len(own) <= _MAX_POINTER_LINES and any(POINTER.search(line) for line in own)
        return bool(own) and not (is_pointer and sum(map(len, own)) <= _MAX_POINTER)

    def _mark_endings(self) -> None:
        """Mark signatures and notices where a piece of the sender's own text ends."""
        places = range(len(self._lines))
        pieces = [
            list(piece)
            for is_kept, piece in groupby(places, key=lambda place: self._kinds[place] is None)
            if is_kept
        ]
        for piece in pieces[-_MAX_PIECES:]:
            ends = self._endings_of(piece[0], piece[-1] + 1)
            for start, end in ends.signatures:
                self._mark(CutKind.SIGNATURE, start, end)
            for start, end in ends.notices:
                self._mark(CutKind.DISCLAIMER, start, end)

    def _endings_of(self, start: int, end: int) -> Endings:
        """Of a piece; the last one is asked for twice where another mail follows."""
        if (start, end) not in self._endings:
            self._endings[start, end] = endings(self._lines, start, end)
        return self._endings[start, end]

    def _is_readable(self, kinds: Sequence[CutKind | None]) -> bool:
        return any(
            kind is None and _READABLE.search(line)
            for kind, line in zip(kinds, self._lines, strict=True)
        )

    def _with_blank_lines(self, kinds: list[CutKind | None]) -> list[CutKind | None]:
        """Blank lines between two cuts belong to the first, so that they are one."""
        before: CutKind | None = None
        blanks: list[int] = []
        for place, line in enumerate(self._lines):
            if kinds[place] is None and not line:
                blanks.append(place)
                continue
            if before is not None and kinds[place] is not None:
                for blank in blanks:
                    kinds[blank] = before
            before, blanks = kinds[place], []
        return kinds
