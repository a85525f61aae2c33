"""Reading the synonyms that a desk writes by hand; what is wrong is told with its line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kbsearch import files
from kbsearch.errors import ConfigError
from kbsearch.lexical.synonyms import Rule, Synonyms, words_of
from kbsearch.text import Analyzer

_WHAT = "synonyms"
MAX_SYNONYMS_BYTES = 1_000_000
_MAX_WORDS = 8
_MAX_OTHERS = 100
"""Each is looked up for each of the others: two thousand in one line took half a minute."""
_TABLES = ("synonyms", "one_way", "abbreviations")


def read_synonyms(path: Path) -> bytes:
    """
    The content of a synonyms.toml; nothing if there is none.

    Raises:
        ConfigError: If it is a link or no plain file, too large, or cannot be read: a
            link could lead from customers' words to staff's.
    """
    return files.read_handwritten(path, _WHAT, max_bytes=MAX_SYNONYMS_BYTES) or b""


def parse_synonyms(content: bytes, path: Path) -> list[Rule]:
    """
    The rules of a synonyms.toml.

    Tables: `[synonyms]`, each of whose words finds all others of its line; `[one_way]`,
    where the word before the sign finds those behind it; `[abbreviations]`, found only
    where they stand alone, and found by who writes them out.

    Args:
        content: Of the file.
        path: For errors.

    Raises:
        ConfigError: If it cannot be read as that; the line is told.
    """
    try:
        text = content.decode("utf-8")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unusable(path, f"line {line} is not UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unusable(path, f"{error}.") from None
    rules: list[Rule] = []
    for table, entries in tables.items():
        if table not in _TABLES or not isinstance(entries, dict):
            known = ", ".join(f"[{name}]" for name in _TABLES)
            reason = f"{table!r} is no table of it; write one of {known}."
            raise _unusable(path, f"line {_line_of(text, table)}: {reason}")
        for word, others in entries.items():
            if fault := _fault_of(word, others):
                raise _unusable(path, f"line {_line_of(text, word, table)}: {fault}")
            rules += _rules(table, word, [others] if isinstance(others, str) else others)
    return rules


def synonyms_to_give_away(content: bytes, path: Path) -> bytes:
    """
    A synonyms.toml with the same rules, and without comments: they are for colleagues.

    Raises:
        ConfigError: As `parse_synonyms`.
    """
    parse_synonyms(content, path)
    lines = []
    for table, entries in tomllib.loads(content.decode("utf-8")).items():
        lines.append(f"[{table}]")
        lines += [f"{_quoted(word)} = {_quoted(others)}" for word, others in entries.items()]
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(value: str | list[str]) -> str:
    """As TOML: JSON's but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _fault_of(word: str, others: Any) -> str | None:
    """What is wrong with an entry, or None."""
    listed = [others] if isinstance(others, str) else others
    if not isinstance(listed, list) or not listed:
        return f'{word!r} has no words behind it; write {word!r} = ["other words"].'
    if len(listed) > _MAX_OTHERS:
        return f"{word!r} has {len(listed)} others; at most {_MAX_OTHERS} are looked for."
    for phrase in (word, *listed):
        if not isinstance(phrase, str):
            return f"{word!r} has something else than text behind it; put it in quotes."
        n_words = len(words_of(phrase))
        if not 1 <= n_words <= _MAX_WORDS:
            return f"{phrase!r} has {n_words} words; 1 to {_MAX_WORDS} are looked for."
    if len({word, *listed}) <= len(listed):
        return f"{word!r} has the same words twice; leave one of them out."
    return None


def _rules(table: str, word: str, others: list[str]) -> Iterator[Rule]:
    if table == "synonyms":
        group = (word, *others)
        for each in group:
            yield Rule(each, tuple(other for other in group if other != each))
        return
    is_abbreviation = table == "abbreviations"
    yield Rule(word, tuple(others), is_abbreviation)
    if is_abbreviation:
        for written_out in others:
            yield Rule(written_out, (word,))


def _line_of(text: str, name: str, table: str | None = None) -> int:
    """The first line that begins with a name, in a table of that name; TOML tells no lines."""
    is_in_table = table is None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("["):
            header = line.strip().strip("[]").strip().strip("\"'")
            if table is None and header == name:
                return number
            is_in_table = table is None or header == table
        elif is_in_table and line.split("=")[0].strip().strip("\"'") == name:
            return number
    return 1


def _unusable(path: Path, reason: str) -> ConfigError:
    return files.unusable(path, _WHAT, reason)


class SynonymFiles:
    """
    The synonyms of a desk as they stand now: a change counts from the next search on.

    Files are read each time and parsed when their bytes are others: a clock that
    jumps, or an editor that keeps the time of a file, hides no change.

    Args:
        paths: Of those that an audience may have; none need be there.
        analyzer: Of the shelves.
    """

    def __init__(self, paths: Iterable[Path], analyzer: Analyzer) -> None:
        self._paths, self._analyzer = tuple(paths), analyzer
        self._made: tuple[list[bytes], Synonyms] | None = None

    def current(self) -> Synonyms:
        """
        The synonyms of all files.

        Raises:
            ConfigError: If one cannot be used.
        """
        contents = [read_synonyms(path) for path in self._paths]
        made = self._made
        if made is None or made[0] != contents:
            pairs = zip(contents, self._paths, strict=True)
            rules = [rule for content, path in pairs for rule in parse_synonyms(content, path)]
            self._made = made = contents, Synonyms(rules, self._analyzer)
        return made[1]
