"""Lines and form labels that stand in many documents of one shelf: learned, then cut."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kbsearch.models.base import FrozenModel
from kbsearch.text.courtesies import COURTESIES
from kbsearch.text.identifiers import IdentifierKind, identifiers
from kbsearch.text.logs import is_log_line

MIN_DOCUMENTS = 50
"""A smaller shelf learns nothing: a handful of documents repeats a line by chance."""

MAX_LINES = 50_000
"""So many different lines are counted at a time."""

MAX_LINE = 1_000
"""A line with more characters is neither learned nor cut."""

MIN_REST = 20
"""So many visible characters are left of a text, or nothing of it is cut."""


class BoilerplateLine(FrozenModel):
    """A line or label as it is compared, and in how many documents it stood."""

    text: str
    n_documents: int


class Boilerplate(FrozenModel):
    """
    What one shelf has learned; it holds text of that shelf and is shared with none.

    Attributes:
        lines: Most frequent first, ties by text. A text that ends in `:`, `|`,
            `?`, `,` or `!` is a label: it is cut from before any value.
        n_documents: How many documents were learned from.
    """

    lines: tuple[BoilerplateLine, ...] = ()
    n_documents: int = 0

    @cached_property
    def texts(self) -> frozenset[str]:
        """The lines without their counts, to look them up."""
        return frozenset(line.text for line in self.lines)

    @property
    def key(self) -> str:
        """16 hex digits, all zero if nothing was learned: equal keys cut equally."""
        if not self.lines:
            return "0" * 16
        return hashlib.sha256("\n".join(sorted(self.texts)).encode()).hexdigest()[:16]


class BoilerplateLearner:
    """
    Counts in how many documents each line stands, in bounded memory.

    Lines are compared case-folded, with blanks, numbers, dates, ticket numbers
    and URLs made equal and punctuation at both ends dropped. "Device: laptop"
    counts as a line and, apart from its value, as the label "device:"; so does
    "Dear support team, …" up to its comma.

    How often a line must stand depends on what is lost if it is cut:

    - greetings and thanks: in 1 % of the documents, at least 10. They say nothing.
    - labels before ":" or "|": in 2 %, at least 20. What was filled in stays.
    - other lines: in 5 %, at least 20. People do not type the same sentence that
      often; forms, disclaimers and portals do.
    - filled-in lines, and lines with an error code, hex number, path, model
      number or stack frame, or of a log: in 30 %. An error message that a twentieth
      of all tickets quotes is not their form but their problem.

    The result does not depend on the order of the documents as long as they
    hold at most `MAX_LINES` different lines. Beyond, rare lines are forgotten: a
    count is never too high, and too low by at most 2 / `MAX_LINES` of all lines
    added (at 20 lines per document, 0.08 % of the documents). Memory is bounded
    by `MAX_LINES` lines of `MAX_LINE` characters, kept twice.

    Source:
        Forgetting: Misra & Gries 1982, in batches as in Anderson et al., IMC 2017.
    """

    def __init__(self) -> None:
        self._n_documents = 0
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Count one document: plain text, redacted, without quotes and signatures."""
        self._n_documents += 1
        seen: set[str] = set()
        for line in _lines(text):
            for form in {line.whole, line.label} - {""}:
                seen.add(form)
                if line.written < self._examples.get(form, _LAST):
                    self._examples[form] = line.written
        self._counts.update(seen)
        while len(self._counts) > MAX_LINES:
            self._forget_rare_lines()

    def learn(self) -> Boilerplate:
        """What is to be cut from now on; documents may be added afterwards."""
        if self._n_documents < MIN_DOCUMENTS:
            return Boilerplate(n_documents=self._n_documents)
        lines = [
            BoilerplateLine(text=text, n_documents=count)
            for text, count in self._counts.items()
            if count >= 10 and self._is_boilerplate(text, count)
        ]
        lines.sort(key=lambda line: (-line.n_documents, line.text))
        return Boilerplate(lines=tuple(lines), n_documents=self._n_documents)

    def _is_boilerplate(self, text: str, count: int) -> bool:
        share = count / self._n_documents
        if share >= 0.30:
            return True
        if _COURTESY.fullmatch(text):
            return share >= 0.01
        least = 0.02 if text.endswith((":", "|")) else 0.05
        return share >= least and count >= 20 and not self._may_be_the_problem(text)

    def _may_be_the_problem(self, text: str) -> bool:
        example = self._examples.get(text, text)
        label = _LABEL.match(text)
        if label is not None:
            if label.end() < len(text):
                return True
            found = identifiers(text)  # its example has a value, too
        else:
            found = identifiers(example)
        return is_log_line(example) or any(one.kind in _TECHNICAL for one in found)

    def _forget_rare_lines(self) -> None:
        """Subtract the median count from all, so that at least half of the lines go."""
        median = sorted(self._counts.values())[len(self._counts) // 2]
        self._counts = Counter(
            {text: count - median for text, count in self._counts.items() if count > median}
        )
        self._examples = {t: e for t, e in self._examples.items() if t in self._counts}


def rests_on(learned: Boilerplate, texts: Iterable[str]) -> bool:
    """Whether without these documents a learned line would stand in fewer than ten."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({form for line in _lines(text) for form in (line.whole, line.label)})
    return any(line.n_documents - counts[line.text] < 10 for line in learned.lines)


def boilerplate_cuts(text: str, learned: Boilerplate) -> tuple[tuple[int, int], ...]:
    """
    Where the learned lines and labels stand in a text.

    Args:
        text: Plain text, prepared as the learner's documents were.
        learned: What the text's own shelf has learned.

    Returns:
        Half-open character offsets, ascending, apart: whole lines with their
        line ends, or labels with the blanks behind them. Empty if less than
        `MIN_REST` visible characters or no word would be left.
    """
    texts = learned.texts
    cuts: list[tuple[int, int]] = []
    for line in _lines(text) if texts else ():
        if line.whole in texts:
            end = line.start + len(line.written) + 1
        elif line.label in texts:
            end = line.start + _label_length(line)
        else:
            continue
        end = min(end, len(text))
        if cuts and cuts[-1][1] == line.start:
            cuts[-1] = (cuts[-1][0], end)
        else:
            cuts.append((line.start, end))
    return tuple(cuts) if _leaves_enough(text, cuts) else ()


def _leaves_enough(text: str, cuts: list[tuple[int, int]]) -> bool:
    n_visible, has_word = 0, False
    edges = [0, *(edge for cut in cuts for edge in cut), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        n_visible += sum(map(len, text[start:end].split()))
        has_word = has_word or _WORD.search(text, start, end) is not None
        if n_visible >= MIN_REST and has_word:
            return True
    return False


class _Line(NamedTuple):
    """A line as written and where it starts; its compared forms, empty if it has none."""

    written: str
    start: int
    whole: str
    label: str
    n_label_words: int


_LAST = "\U0010ffff"  # no line stands behind it
_URL = re.compile(r"\b(?:https?|ftp)://\S+")
_DIGITS = str.maketrans("123456789", "000000000")
_NUMBER = re.compile(r"0(?:[0.,:/-]*0)?")
_EDGES = " .,;:!?*_-=#>|~\u2022\u00b7\u2013\u2014"
_MARKS = " .,;:*_-=#>|~\u2022\u00b7\u2013\u2014"
_BLACK_AND_BLANK = re.compile(r"\S+\s*")
_COURTESY = re.compile(rf"{COURTESIES}(?:[ ,!]++[^\s,!]++){{0,5}}+[ ,!.]*")
_LABEL = re.compile(
    rf"{COURTESIES}(?: [^\s,!:|?]++){{0,4}}+ ?[,!](?= |$)"
    r"|[^\s:|?]++(?: [^\s:|?]++){0,9}+ ?[:|?](?= |$)"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_TECHNICAL = frozenset(
    {
        IdentifierKind.ERROR_CODE,
        IdentifierKind.HEX,
        IdentifierKind.PATH,
        IdentifierKind.SKU,
        IdentifierKind.STACK_FRAME,
    }
)


def _lines(text: str) -> Iterator[_Line]:
    """Every line that is not blank or too long; numbers are masked in the whole text at once."""
    start = 0
    for written, masked in zip(text.split("\n"), _masked(text).split("\n"), strict=True):
        normal = " ".join(masked.split())
        if len(written) <= MAX_LINE and (whole := normal.strip(_EDGES)):
            bare = normal.lstrip(_MARKS)
            label = _LABEL.match(bare)
            if label is None:
                yield _Line(written, start, whole, "", 0)
            elif label.end() == len(bare):
                yield _Line(written, start, label[0], label[0], 0)
            else:  # the value counts with its numbers
                whole = " ".join(written.casefold().split()).strip(_EDGES)
                label_end = len(normal) - len(bare) + label.end()
                n_words = normal.count(" ", 0, label_end) + 1
                yield _Line(written, start, whole, label[0], n_words)
        start += len(written) + 1


def _masked(text: str) -> str:
    """Folded text with as many line ends, numbers and URLs made equal."""
    text = text.casefold()
    if "://" in text:
        text = _URL.sub("url", text)
    return _NUMBER.sub("0", text.translate(_DIGITS))


def _label_length(line: _Line) -> int:
    """How many characters of the line as written its label takes, blanks behind it included."""
    words = _BLACK_AND_BLANK.finditer(line.written)
    return next(itertools.islice(words, line.n_label_words - 1, None)).end()
