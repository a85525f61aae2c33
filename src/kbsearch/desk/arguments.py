"""What is passed to a desk's methods, read before anything is done: wrong types are told apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kbsearch.errors import ConfigError
from kbsearch.models import Kind, TextFormat, clean_characters, in_one_line


def parse_ids(ids: Iterable[str], method: str) -> list[str]:
    """
    Ids as documents have them.

    Raises:
        ConfigError: If this is no list of them.
    """
    return [clean_characters(each) for each in parse_texts(ids, method, "ids")]


def parse_texts(texts: Iterable[str], method: str, what: str) -> list[str]:
    """
    A list of str.

    Raises:
        ConfigError: If it is one str, or holds anything else.
    """
    if isinstance(texts, str):
        raise ConfigError(f"{method}() takes a list of {what}, not one str: put it into a list.")
    if not isinstance(texts, Iterable):
        raise ConfigError(f"{method}() takes a list of {what}, and this is {texts!r:.80}.")
    listed = list(texts)
    for each in listed:
        if not isinstance(each, str):
            raise ConfigError(f"{method}() takes {what} as str, and one is {each!r:.80}.")
    return listed


def parse_time(moment: datetime | None) -> datetime | None:
    """
    A moment that can be compared with others.

    Raises:
        ConfigError: If it is no datetime, or has no offset.
    """
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        raise ConfigError(f"{moment!r:.80} is no time. Give a datetime with its offset.")
    if moment.tzinfo is None:
        raise ConfigError(f"The time {moment} has no offset. Give one, as +00:00.")
    return moment


def parse_name(said: str | None, name: str) -> str | None:
    """
    A name or an id to look for, as it is kept.

    Raises:
        ConfigError: If nothing is left of it: it would restrict nothing.
    """
    line = in_one_line(said)
    if said is not None and line is None:
        raise ConfigError(f"{name} = {said!r:.80} is blank. Leave it out to ask for all.")
    return line


def parse_number(number: int, name: str, most: int) -> int:
    """
    A number from 1 to `most`.

    Raises:
        ConfigError: For anything else.
    """
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
        raise ConfigError(f"{name} = {number!r:.80}. Use 1 to {most:,}.")
    return number


def parse_kind(kind: Kind | str | None) -> Kind | None:
    """
    Articles or tickets; None for both.

    Raises:
        ConfigError: For anything else.
    """
    try:
        return None if kind is None else Kind(kind)
    except ValueError:
        known = ", ".join(Kind)
        raise ConfigError(f"Kind {kind!r:.80} is not known; give one of: {known}.") from None


def parse_format(name: TextFormat | str) -> TextFormat:
    """
    How a text is marked up.

    Raises:
        ConfigError: For an unknown one.
    """
    try:
        return TextFormat(name)
    except ValueError:
        known = ", ".join(TextFormat)
        raise ConfigError(f"Format {name!r:.80} is not known; give one of: {known}.") from None
