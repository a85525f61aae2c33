"""YAML as far as front matter and mapping files need it: every value as it was written."""

from __future__ import annotations

from typing import Any

from kbsearch.errors import MissingExtraError

YamlValue = str | list["YamlValue"] | dict[str, "YamlValue"] | None

MAX_CHARACTERS = 65_536
MAX_DEPTH = 20
_NULLS = ("", "~", "null", "Null", "NULL")


class YamlTextError(ValueError):
    """A text that is not YAML, or more of it than is read; its message repeats nothing of it."""


def read_yaml(text: str) -> YamlValue:
    """
    Read one YAML document without guessing types.

    A scalar stays a text: "no" is not false, 3.10 is not 3.1 and a date is what its
    author wrote; an empty one or an unquoted null is None. Aliases are refused,
    because ten lines of them can stand for gigabytes, and so is a key given twice,
    because one of its values would be passed over.

    Raises:
        YamlTextError: If it cannot be read, or is longer or deeper than is sensible.
        MissingExtraError: If PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("Reading YAML", "PyYAML", "importers") from None
    if len(text) > MAX_CHARACTERS:
        raise YamlTextError(f"it is longer than {MAX_CHARACTERS} characters")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise YamlTextError("it holds aliases, which are not read")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise YamlTextError(f"it is nested deeper than {MAX_DEPTH} levels")
        return _value_of(yaml.compose(text, Loader=loader))
    except yaml.YAMLError:
        raise YamlTextError("it is not YAML") from None


def _value_of(node: Any) -> YamlValue:
    """The value of a `yaml.Node`, as deep as it goes."""
    if node is None or (node.id == "scalar" and not node.style and node.value in _NULLS):
        return None
    if node.id == "scalar":
        return str(node.value)
    if node.id == "sequence":
        return [_value_of(each) for each in node.value]
    values: dict[str, YamlValue] = {}
    for key_node, value_node in node.value:
        if key_node.id != "scalar":
            raise YamlTextError("one of its keys is not a text")
        if key_node.value in values:
            raise YamlTextError("one of its keys is given twice")
        values[key_node.value] = _value_of(value_node)
    return values
