"""Golden queries: what must be found, whatever is rebuilt; a file written by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from kbsearch import files
from kbsearch.errors import ConfigError

MAX_GOLDEN_BYTES = 1_000_000
_WHAT = "golden queries"
_TABLE = "golden"


def read_golden(path: Path) -> dict[str, tuple[str, ...]]:
    """
    By query, the ids of documents of which one must be found; nothing if there is no file.

    A table `[golden]`, a line each: `"how do I reset my password" = ["kb:password"]`.

    Raises:
        ConfigError: If it is a link or no plain file, too large, or cannot be read as that.
    """
    content = files.read_handwritten(path, _WHAT, max_bytes=MAX_GOLDEN_BYTES)
    if content is None:
        return {}
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _unusable(path, "it is not UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unusable(path, f"{error}.") from None
    queries = tables.pop(_TABLE, {})
    if tables or not isinstance(queries, dict):
        raise _unusable(path, f"its one table is [{_TABLE}].")
    return {query: _ids(path, query, named) for query, named in queries.items()}


def _ids(path: Path, query: str, named: Any) -> tuple[str, ...]:
    listed = [named] if isinstance(named, str) else named
    if not query.strip() or not isinstance(listed, list) or not listed:
        raise _unusable(path, f'{query!r} has no documents behind it; write "query" = ["kb:1"].')
    if not all(isinstance(each, str) and each for each in listed):
        raise _unusable(path, f"{query!r} has something else than ids of documents behind it.")
    return tuple(dict.fromkeys(listed))


def _unusable(path: Path, reason: str) -> ConfigError:
    return files.unusable(path, _WHAT, reason)
