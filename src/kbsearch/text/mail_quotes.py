"""Where the words of another mail begin: attributions, header blocks, quoted lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from kbsearch.text.mail_phrases import (
    FORWARD_LINE,
    ORIGINAL_LINE,
    OTHER_MAIL_WORDS,
    RULE,
    RULE_CHARACTERS,
    WROTE,
    HeaderKind,
    header_key,
    phrases,
)

_MAX_ATTRIBUTION = 250
_MAX_ATTRIBUTION_LINES = 3
_MAX_ATTRIBUTIONS_TRIED = 200
_MAX_HEADER_LINES = 16
_MAX_WRAPPED_LINES = 2
_MIN_UNKNOWN_HEADERS = 3
_MIN_QUOTED_HEADERS = 2
_MIN_LINE = 8
_MIN_CUT_LINE = 60
_MAX_REST = 30
_MIN_SENTENCE = 40
_MAX_BARE_LINE = 40
_MAX_FRAMED_LINE = 120

_ATTRIBUTION_ENDS = (":", "\uff1a", "-")
_AFTER_ADDRESS = (">:", ">\uff1a")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}|\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d|年")
_TIME = re.compile(r"\d{1,2} ?[:.h] ?\d\d")
_OPENING = re.compile(
    r"(?:on|am|le|el|il|op|em|den|dne|dnia|w dniu|pe|at|quoting)\b", re.IGNORECASE
)
_DATED_OPENING = re.compile(r"\w{2,10}[.,]{1,2} ?\d|\d")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOWER_CASE_NEAR_NAMES = frozenset(
    "at am pm um uhr las alle ore om uur kl de del di da du van von den der zu le la il el en "
    "heeft het volgende via the giorno utc gmt jan feb mar apr may jun jul aug sep oct nov dec mon "
    "tue wed thu fri sat sun".split()
)
_HEADER_NAME = re.compile(r"[*_ ]*+([^\W\d_][^:\uff1a<>@]{0,24}?) *[*_]{0,2} *[:\uff1a]")

_CODE = re.compile(
    r"\d\d:\d\d:\d\d|[{};=\\`|]|::|\[\d|\(\)|0x|\b(?:error|exception|traceback)\b|\bat [\w.]+\("
    r"|^[> ]*[/$#]",
    re.IGNORECASE,
)
_BEFORE_OTHER_MARKS = re.compile(
    r"(?:\S{0,60}[$#%]|[^\s>]\S{0,60}>) \S|<|---$|.{0,200}<<|.{0,200}\\$"
)


def is_quoted(line: str) -> bool:
    """Whether a stripped line bears the mark of a quoted one."""
    return line.startswith(">")


def attributions(lines: Sequence[str]) -> dict[int, int]:
    """
    Find lines such as `On Friday, Anna wrote:`; mail programs wrap them into up to three.

    Args:
        lines: Stripped lines of a mail.

    Returns:
        The line after each attribution, by the line that it begins with.
    """
    found: dict[int, int] = {}
    n_tried = end = 0
    for last, line in enumerate(lines):
        if not line.endswith(_ATTRIBUTION_ENDS) or not 3 < len(line) <= _MAX_ATTRIBUTION:
            continue
        windows = _windows(lines, last, not_before=end)
        if not windows or not ("@" in windows[-1] or WROTE.search(windows[-1])):
            continue
        is_marked = any(is_quoted(following) for following in lines[last + 1 : last + 3])
        n_lines = _attribution_length(windows, is_marked=is_marked)
        if n_lines:
            end = last + 1
            found[end - n_lines] = end
        n_tried += 1
        if n_tried == _MAX_ATTRIBUTIONS_TRIED:
            break
    return found


def _windows(lines: Sequence[str], last: int, *, not_before: int) -> list[str]:
    """The lines up to `last`, joined: one, two, three of them, as far as they belong together."""
    windows: list[str] = []
    for first in range(last, max(not_before, last - _MAX_ATTRIBUTION_LINES + 1) - 1, -1):
        if not lines[first] or is_quoted(lines[first]):
            break
        window = f"{lines[first]} {windows[-1]}" if windows else lines[first]
        if len(window) > _MAX_ATTRIBUTION:
            break
        windows.append(window)
    return windows


def _attribution_length(windows: Sequence[str], *, is_marked: bool) -> int:
    """How many lines make an attribution; 0 for none. `is_marked`: a quoted line follows."""
    for opening in (_OPENING, _DATED_OPENING):
        for n_lines, window in enumerate(windows, start=1):
            if opening.match(window.strip("-* ")) and _says_who_wrote(window, is_marked):
                return n_lines
    if _says_who_wrote(windows[0], is_marked) and windows[0].strip("-* ")[:1].isupper():
        return 1
    is_framed = windows[0].startswith("---") and windows[0].endswith("---")
    names_sender = bool(WROTE.search(windows[0])) or windows[0].endswith(_AFTER_ADDRESS)
    if (is_marked or is_framed) and names_sender:
        return 1
    for n_lines, window in enumerate(windows, start=1):
        names_somebody = is_marked or "@" in window
        if names_somebody and any(pattern.match(window) for pattern in phrases().attributions):
            return n_lines
    return 0


def _says_who_wrote(window: str, is_marked: bool) -> bool:
    if not _DATE.search(window):
        return False
    if not WROTE.search(window) and not window.endswith(_AFTER_ADDRESS):
        return False
    if is_marked or "@" in window:
        return True
    # "On 3 May the backup wrote:" goes on with a log, not with a mail.
    words = _WORD.findall(WROTE.sub(" ", window))[1:]
    return all(word[0].isupper() or word in _LOWER_CASE_NEAR_NAMES for word in words)


def header_kinds(lines: Iterable[str]) -> list[HeaderKind | None]:
    """What each line says as a header of a mail, None where it is none."""
    known = phrases().headers
    kinds: list[HeaderKind | None] = []
    for line in lines:
        name = _HEADER_NAME.match(line) if ":" in line or "\uff1a" in line else None
        if name and name[1].startswith(("X-", "x-")):
            kinds.append(HeaderKind.INTERNET)
        else:
            kinds.append(known.get(header_key(name[1])) if name else None)
    return kinds


class OtherMails:
    """Finds where mail programs put headers, or a line of their own, above another mail."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._headers = header_kinds(lines)

    def may_begin(self) -> Iterator[int]:
        """Numbers of lines; no other mail begins at any other line."""
        text = "\n".join(self._lines).casefold()
        has_words = any(map(text.__contains__, OTHER_MAIL_WORDS))
        for place, line in enumerate(self._lines):
            is_candidate = has_words or self._headers[place] or line.startswith(RULE_CHARACTERS)
            if is_candidate and line and not is_quoted(line):
                yield place

    def forwarded_header_end(self, place: int) -> int:
        """The line after "Forwarded message" and its headers; `place` if that does not begin."""
        line = self._lines[place]
        is_framed = line[:1] in ("-", "*", "_") or line[-1:] in (":", "-")
        if not _MIN_LINE <= len(line) <= (_MAX_FRAMED_LINE if is_framed else _MAX_BARE_LINE):
            return place
        return self._after_headers(place + 1) if FORWARD_LINE.fullmatch(line) else place

    def original_header_end(self, place: int) -> int:
        """
        The line after what stands above a mail that is answered or passed on.

        A line such as "-----Original Message-----" and headers, or one of them;
        headers alone must be certain, and not be what the line above speaks of.

        Returns:
            `place` if nothing of the kind begins there.
        """
        line = self._lines[place]
        if _MIN_LINE <= len(line) <= _MAX_FRAMED_LINE and ORIGINAL_LINE.fullmatch(line):
            return self._after_headers(place + 1)
        first = self._next_with_text(place + 1) if RULE.fullmatch(line) else place
        if self._header(first) not in (HeaderKind.FROM, HeaderKind.SENT):
            return place
        end, is_certain = self._block(first)
        above = self._lines[max(0, place - 2) : place]
        is_spoken_of = next((line for line in reversed(above) if line), "").endswith(":")
        return end if is_certain and not is_spoken_of else place

    def _after_headers(self, place: int) -> int:
        """The line after headers that begin here, in whatever language; `place` without any."""
        first = self._next_with_text(place)
        if self._header(first):
            return self._block(first)[0]
        end = first
        while end < len(self._lines) and _HEADER_NAME.match(self._lines[end]):
            end += 1
        return end if end - first >= _MIN_UNKNOWN_HEADERS else place

    def _header(self, place: int) -> HeaderKind | None:
        return self._headers[place] if place < len(self._lines) else None

    def _next_with_text(self, place: int) -> int:
        near = range(place, min(len(self._lines), place + 3))
        return next((number for number in near if self._lines[number]), len(self._lines))

    def _block(self, start: int) -> tuple[int, bool]:
        """
        Read headers: one in a line, wrapped, or parted by blank lines.

        Returns:
            The line after them, and whether they name who, when and what, as
            mail programs do. Headers as servers write them (`Received`) are
            what somebody asks about; they are never certain.
        """
        kinds: dict[HeaderKind, str] = {}
        end = start
        n_wrapped = 0
        for place in range(start, min(len(self._lines), start + _MAX_HEADER_LINES)):
            kind, line = self._headers[place], self._lines[place]
            if kind is not None:
                kinds.setdefault(kind, line)
                end, n_wrapped = place + 1, 0
            elif line:
                n_wrapped += 1
                if n_wrapped > _MAX_WRAPPED_LINES or not self._lines[place - 1]:
                    break
            elif not self._lines[place - 1]:
                break
        is_dated = bool(_TIME.search(kinds.get(HeaderKind.SENT, "")))
        sender = kinds.get(HeaderKind.FROM, "")
        says_what = HeaderKind.SUBJECT in kinds or "@" in sender
        is_from_a_server = HeaderKind.INTERNET in kinds
        is_certain = bool(sender) and is_dated and says_what and len(kinds) >= 3
        return end, is_certain and not is_from_a_server


def quoted_lines(lines: Sequence[str], *, certain_from: int) -> list[int]:
    """
    Find the lines marked with ">" that quote a mail.

    The mark is also a prompt, a redirection, half of a diff and "more than".
    Where nobody says who wrote the lines, they are a quotation if there are
    two at least and most of them are words rather than code.

    Args:
        lines: Stripped lines of a mail.
        certain_from: From this line on, every mark is a quotation's.

    Returns:
        Ascending line numbers.
    """
    marked = [place for place, line in enumerate(lines) if is_quoted(line)]
    if not marked:
        return []
    runs = [
        [place for _, place in run]
        for _, run in groupby(enumerate(marked), key=lambda pair: pair[1] - pair[0])
    ]
    certain = [run for run in runs if run[0] >= certain_from]
    doubtful = [run for run in runs if run[0] < certain_from and not _is_other_mark(lines, run[0])]
    if _read_like_a_mail([lines[place].strip("> ") for run in doubtful for place in run]):
        certain = doubtful + certain
    return [place for run in certain for place in (*run, *_wrapped(lines, run[-1]))]


def _read_like_a_mail(texts: Iterable[str]) -> bool:
    texts = [text for text in texts if text]
    if any(_DATE.search(text) and WROTE.search(text) for text in texts):
        return True
    if len({*header_kinds(texts)} - {None, HeaderKind.OTHER}) >= _MIN_QUOTED_HEADERS:
        return True
    n_code = sum(bool(_CODE.search(text)) or not _WORD.search(text) for text in texts)
    has_sentence = any(
        len(_WORD.findall(text)) >= 3 and (text[-1] in ".?!,:;" or len(text) >= _MIN_SENTENCE)
        for text in texts
    )
    return len(texts) >= 2 and has_sentence and 2 * n_code < len(texts)


def _wrapped(lines: Sequence[str], place: int) -> list[int]:
    """The line after a marked one, if it is the rest of it: wrapped by a mail program."""
    before, rest, after = (*lines[place : place + 3], "", "")[:3]
    was_cut = len(before) >= _MIN_CUT_LINE and before[-1] not in ".?!:"
    is_rest = rest[:1].islower() and len(rest) <= _MAX_REST and is_quoted(after)
    return [place + 1] if was_cut and is_rest else []


def _is_other_mark(lines: Sequence[str], place: int) -> bool:
    """Whether the first of some marked lines goes on a command or a diff, or is a prompt."""
    if lines[place].startswith(">>> "):
        return True
    before = next((line for line in reversed(lines[max(0, place - 2) : place]) if line), "")
    return bool(_BEFORE_OTHER_MARKS.match(before))
