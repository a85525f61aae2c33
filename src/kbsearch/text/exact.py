"""What a document is called exactly, and what a query asks for by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kbsearch.text.identifiers import Identifier, IdentifierKind, identifiers

MOST_ASKED = 1000
"""So many identifiers of one query are looked up; a page of hits has no room for more."""

_WORDS_PER_IDENTIFIER = 12
_WORD = re.compile(r"\S+")
_IN_NAMES = re.compile(r"[\d:#_]")
_AROUND = "\"'`()[]{}<>,;!?.\u201c\u201d\u2018\u2019\u00ab\u00bb"


class Asked(NamedTuple):
    """
    One identifier of a query.

    `key` finds the documents that mention it, `own` the document whose id it is;
    either is empty if nothing could be found by it. `name` tells it from the
    query's others; `is_sure` says that it is an identifier whether anything is found
    by it or not.
    """

    name: str
    key: str
    own: str
    is_sure: bool = False


class Question(NamedTuple):
    """What a query of so many words asks for by name."""

    asked: tuple[Asked, ...]
    n_words: int

    def is_about(self, found: Collection[str]) -> bool:
        """
        Whether the query has an identifier for each dozen of its words.

        In a question of a few words it is what is asked; in a long text one detail.
        What may be none (`owner/shop#12`) counts if its name is among those that
        were found.
        """
        n_identifiers = sum(one.is_sure or one.name in found for one in self.asked)
        return n_identifiers * _WORDS_PER_IDENTIFIER >= self.n_words


class Named(NamedTuple):
    """An identifier where it stands in a text: its kind, key and half-open offsets."""

    kind: IdentifierKind
    key: str
    start: int
    end: int


def key_of(one: Identifier) -> str:
    """
    Equal keys mean the same thing, whatever kind its surroundings suggest.

    `F0251` is an error behind "error" and a part number elsewhere, so kinds are no
    part of the key; bare numbers mean nothing without theirs. `2.3.0` is `2.3`.
    Nothing else is taken for the same: no folder of a path, no neighbouring
    release, no code that differs in one digit.
    """
    if one.kind is IdentifierKind.VERSION:
        return f"version {_without_zeros(one.value)}"
    if one.kind is IdentifierKind.ERROR_CODE and one.value.isdecimal():
        return f"error {one.value}"
    if one.kind is IdentifierKind.TICKET_KEY and one.value.startswith("#"):
        return f"ticket {one.value[1:]}"
    return one.value


def named_in(text: str) -> list[Named]:
    """Every identifier of a text, those within others too: a host in a path, a path in a trace."""
    return [
        Named(one.kind, key_of(one), one.start, one.end) for one in identifiers(text, nested=True)
    ]


def document_keys(texts: Iterable[str], document_id: str, *, is_ticket: bool) -> set[str]:
    """
    All that finds a document exactly.

    Its id does whole, and without the source before it unless it is then a word
    like others: `jira:INC-42` by `INC-42`, `docs:printer` not by "printer".

    Args:
        texts: Its title, its cleaned text, its product, its tags.
        document_id: `source:external_id`.
        is_ticket: A ticket is also called by its number, as `#4711`.
    """
    keys = {named.key for text in texts for named in named_in(text)}
    external = document_id.partition(":")[2]
    keys.add(_own(document_id))
    if external.isdecimal() or "#" in external or _key_in_capitals(external):
        keys.add(_own(external))
    if external.isdecimal() and is_ticket:
        keys.add(_own(f"#{external}"))
    return keys


def asked_in(query: str) -> Question:
    """
    What a query asks for by name, each once.

    The longest reading counts: a path, not the host within it. Other words may be
    ids of documents, in any case, and what would be an identifier in capitals:
    `inc-42` is hurried for `INC-42`. A bare number is an id only as the whole query.
    """
    found: dict[str, Asked] = {}
    names_at: dict[tuple[int, int], str] = {}
    is_read = bytearray(len(query))
    for one in identifiers(query):
        key = key_of(one)
        own = _own(one.value) if one.kind is IdentifierKind.TICKET_KEY else ""
        found.setdefault(key, Asked(key, key, own, is_sure=True))
        names_at[one.start, one.end] = key
        is_read[one.start : one.end] = b"\1" * (one.end - one.start)
    n_words = len(query.split())
    for start, word in _names(query, is_alone=n_words == 1):
        if len(found) >= MOST_ASKED:
            break
        own, end = _own(word), start + len(word)
        if (start, end) in names_at:
            name = names_at[start, end]
            found[name] = found[name]._replace(own=found[name].own or own)
        else:
            key = _key_in_capitals(word) if is_read.find(1, start, end) < 0 else ""
            found.setdefault(key or own, Asked(key or own, key, own))
    return Question(tuple(found.values())[:MOST_ASKED], n_words)


def _own(name: str) -> str:
    return f"id {name.casefold()}"


def _names(query: str, *, is_alone: bool) -> Iterator[tuple[int, str]]:
    """Words that could name something, without the punctuation around them, and their offsets."""
    for match in _WORD.finditer(query):
        inner = match[0].lstrip(_AROUND)
        word = inner.rstrip(_AROUND)
        if _IN_NAMES.search(word) and (is_alone or not word.isdecimal()):
            yield match.end() - len(inner), word


def _key_in_capitals(word: str) -> str:
    """Its key if the whole word is an identifier in capitals; else empty."""
    capitals = word.upper() if not word.isdecimal() else ""
    whole = [one for one in identifiers(capitals) if one.end - one.start == len(capitals)]
    return key_of(whole[0]) if whole else ""


def _without_zeros(version: str) -> str:
    """Without each `.0` behind the second number."""
    numbers, dash, rest = version.partition("-")
    parts = numbers.split(".")
    while len(parts) > 2 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts) + dash + rest
