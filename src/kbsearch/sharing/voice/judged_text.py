"""A text as its reader sees it, and which characters of it its writer only quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kbsearch.models import Article, AuthorRole, Document, TextFormat, Ticket
from kbsearch.text import (
    Sentence,
    log_blocks,
    markdown_to_html,
    sentences,
    to_plain_text,
)

_CODE, _LABEL = "\ue000", "\ue001"  # for private use: no text says anything with them
_PROSE, _IS_LABEL, _IS_QUOTED = 0, 1, 2

_HTML_CODE = re.compile(
    r"<(?P<tag>pre|code|kbd|samp|tt)\b[^>]{0,300}>(?P<code>(?:[^<]|<(?!/(?:pre|code|kbd|samp|tt)\b))*+)",
    re.IGNORECASE,
)
_HTML_LABEL = re.compile(r"<(?:b|strong|em|i)>(?P<label>[^<\n]{1,60})</", re.IGNORECASE)
_HTML_VISIBLE = re.compile(r"(?P<tag><[^<>]*+>)|&#?\w{1,32};|[^\s<]")
_QUOTED = re.compile(
    r"\"[^\"\n]{1,200}\"|\u201c[^\u201c\u201d\n]{1,200}\u201d|\u201e[^\u201c\u201d\u201e\n]{1,200}[\u201c\u201d]"
    r"|\u00ab[^\u00ab\u00bb\n]{1,200}\u00bb|(?<!\w)'[^'\n]{1,80}'(?!\w)"
    r"|(?<!\w)\u2018[^\u2018\u2019\n]{1,80}\u2019(?!\w)|`[^`\n]{1,300}`"
)
_ADDRESS = re.compile(r"(?:https?://|mailto:|www\.)[^\s)>\]]++|[\w.+-]{1,64}@[\w.-]{1,200}")
_QUOTED_LINE = re.compile(r"^>[^\n]*", re.MULTILINE)


class JudgedText(NamedTuple):
    """
    Plain text, its sentences, and for each character whether it is the writer's own word.

    `marks` holds 0 for prose, 1 for what is set apart as a label of a screen, 2 for
    code, logs, addresses and quotations.
    """

    text: str
    marks: bytearray
    sentences: tuple[Sentence, ...]

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether a span begins and ends in what is only quoted."""
        return self.marks[start] == _IS_QUOTED and self.marks[end - 1] == _IS_QUOTED

    def is_set_apart(self, start: int, end: int) -> bool:
        """Whether a span begins and ends in a label, or in what is quoted."""
        return self.marks[start] > _PROSE and self.marks[end - 1] > _PROSE

    def prose_of(self, sentence: Sentence) -> str:
        """A sentence without what is quoted in it."""
        kept = zip(sentence.text, self.marks[sentence.start : sentence.end], strict=True)
        return "".join(character if mark < _IS_QUOTED else " " for character, mark in kept)


def judged_text(text: str, text_format: TextFormat) -> JudgedText:
    """
    Read markup as a person would see it, and find what is not the writer's own wording.

    Raises:
        MissingExtraError: If a parser that it needs is not installed.
    """
    return _judged([(text, text_format)])


def judged_document(document: Document) -> JudgedText:
    """The title and the text of an article; of a ticket, what its agents wrote."""
    return _judged(list(_parts_of(document)))


def _parts_of(document: Document) -> Iterator[tuple[str, TextFormat]]:
    if isinstance(document, Article):
        yield document.title, TextFormat.PLAIN
        yield document.body, document.format
        return
    yield from _agents_words(document)


def _agents_words(ticket: Ticket) -> Iterator[tuple[str, TextFormat]]:
    said = [m for m in ticket.messages if m.author_role is AuthorRole.AGENT]
    yield from ((message.text, message.format) for message in said)
    fix = ticket.resolution
    if fix is not None and fix.text not in {message.text for message in said}:
        yield fix.text, fix.format


def _judged(parts: list[tuple[str, TextFormat]]) -> JudgedText:
    rendered = [_rendered(text, text_format) for text, text_format in parts]
    kept = [(plain, marks) for plain, marks in rendered if plain]
    text = "\n\n".join(plain for plain, _ in kept)
    marks = bytearray(b"\0\0".join(bytes(marks) for _, marks in kept))
    return JudgedText(text, marks, tuple(sentences(text)))


def _rendered(text: str, text_format: TextFormat) -> tuple[str, bytearray]:
    """
    Plain text and its marks.

    The text is rendered twice, once with code and labels written in a sign of their
    own of the same length: where the second says that sign, the first holds code.
    """
    plain = to_plain_text(text, text_format)
    marks = bytearray(len(plain))
    page = markdown_to_html(text) if text_format is TextFormat.MARKDOWN else text
    if text_format is not TextFormat.PLAIN and page is not None:
        shown = to_plain_text(_hidden_html(page), TextFormat.HTML)
        if len(shown) == len(plain):
            for sign, mark in ((_LABEL, _IS_LABEL), (_CODE, _IS_QUOTED)):
                _mark_signs(shown, sign, marks, mark)
    spans = [match.span() for rule in (_QUOTED, _ADDRESS) for match in rule.finditer(plain)]
    if text_format is TextFormat.PLAIN:
        spans += [match.span() for match in _QUOTED_LINE.finditer(plain)]
    for start, end in (*spans, *log_blocks(plain)):
        marks[start:end] = bytes([_IS_QUOTED]) * (end - start)
    return plain, marks


def _mark_signs(shown: str, sign: str, marks: bytearray, mark: int) -> None:
    for match in re.finditer(f"{sign}+", shown):
        marks[match.start() : match.end()] = bytes([mark]) * (match.end() - match.start())


def _hidden_html(text: str) -> str:
    text = _HTML_CODE.sub(_replacing("code", lambda part: _signs_of_html(part, _CODE)), text)
    return _HTML_LABEL.sub(_replacing("label", lambda part: _signs_of_html(part, _LABEL)), text)


def _signs_of_html(part: str, sign: str) -> str:
    """One sign for each character that is seen: an entity is one, a tag is none."""
    return _HTML_VISIBLE.sub(lambda match: match["tag"] or sign, part)


def _replacing(group: str, change: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        start, end = match.span(group)
        first = match.start()
        return match[0][: start - first] + change(match[group]) + match[0][end - first :]

    return replace
