"""The keys at the top of a markdown file: YAML between `---`, TOML between `+++`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from kbsearch.importers.shared.yaml_text import MAX_CHARACTERS, YamlTextError, read_yaml

_OPENING = re.compile(r"\s*+(---|\+\+\+)[ \t]*+\n")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*+(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*+(?:\n|\Z)", re.MULTILINE),
}
_MAX_DOTS = 100  # tomllib is quadratic in the parts of a dotted key


class FrontMatter(NamedTuple):
    """
    A markdown file in two: the keys that it begins with, and the text below them.

    Keys are lower-case. Where `fault` says why the block was not understood,
    there are none, and nothing may be opened: one of them could have closed it.
    """

    keys: dict[str, Any]
    body: str
    fault: str = ""


def split_front_matter(text: str) -> FrontMatter:
    """
    Part a file into its front matter, if it has one, and its body.

    Blank lines above the block are passed over: its author meant it all the
    same. A block that does not end, or holds no keys, stays in the body, where
    at least it is found; one that cannot be read is left out.

    Args:
        text: The whole file, its line ends newlines.

    Raises:
        MissingExtraError: If it is YAML and PyYAML is not installed.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter({}, text)
    closing = _CLOSING[opening[1]].search(text, opening.end())
    if closing is None:
        return FrontMatter({}, text, "its front matter does not end")
    block, body = text[opening.end() : closing.start()], text[closing.end() :]
    try:
        keys = _toml(block) if opening[1] == "+++" else _yaml(block)
    except YamlTextError as error:
        return FrontMatter({}, body, f"its front matter was left out: {error}")
    if keys is None:
        return FrontMatter({}, text, "its front matter holds no keys")
    return FrontMatter(keys, body)


def _yaml(block: str) -> dict[str, Any] | None:
    """Its keys, none for an empty block; None for a block that is something else."""
    value = read_yaml(block)
    return _lowered(value) if isinstance(value, dict) else ({} if value is None else None)


def _toml(block: str) -> dict[str, Any]:
    if len(block) > MAX_CHARACTERS:
        raise YamlTextError(f"it is longer than {MAX_CHARACTERS} characters")
    if any(line.count(".") > _MAX_DOTS for line in block.splitlines()):
        raise YamlTextError("one of its lines holds too many dots")
    try:
        keys = {key: _as_written(value) for key, value in tomllib.loads(block).items()}
    except (ValueError, RecursionError):  # also for a number of more than 4,300 digits
        raise YamlTextError("it is not TOML") from None
    return _lowered(keys)


def _as_written(value: Any) -> Any:
    """A value as YAML would give it: all but lists and tables as text."""
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, dict) else str(value)


def _lowered(keys: Mapping[str, Any]) -> dict[str, Any]:
    lowered = {key.strip().lower(): value for key, value in keys.items()}
    if len(lowered) < len(keys):
        raise YamlTextError("one of its keys is given twice")
    return lowered
