"""New values in a kbsearch.toml that somebody has written by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from pydantic import ValidationError

from kbsearch import files
from kbsearch.config import Settings
from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.layout import DeskLayout
from kbsearch.models.parsing import describe_validation


def write_changes(layout: DeskLayout, section: str, changes: Mapping[str, float]) -> Settings:
    """
    Change some values of the desk's settings, and keep the file as it was beside it.

    Comments, order and all other lines stay. The file has either its old or its new
    content, whatever interrupts this.

    Args:
        layout: Of the desk.
        section: Of the file, as `ranking`.
        changes: New values by name.

    Returns:
        The settings as they stand now.

    Raises:
        ConfigError: If the file cannot be read as settings.
        MissingExtraError: If tomlkit is not installed.
        StoreUnavailableError: If it cannot be written.
    """
    before = files.read_bytes(layout.settings)
    after = _changed(before, section, changes, layout)
    settings = _validated(after, layout)
    old, new = layout.settings_before_tune, layout.settings_draft
    files.write_durably(new, before)
    files.replace(new, old)
    files.write_durably(new, after.encode())
    files.replace(new, layout.settings)
    files.sync_directory(layout.root)
    return settings


def _validated(content: str, layout: DeskLayout) -> Settings:
    try:
        return Settings.model_validate(tomllib.loads(content))
    except ValidationError as error:
        reason = describe_validation(error)
    raise ConfigError(
        f"With the new values the settings in {str(layout.settings)!r} could not be used: "
        f"{reason} Nothing was changed; correct the file."
    )


def _changed(content: bytes, section: str, changes: Mapping[str, float], layout: DeskLayout) -> str:
    try:
        import tomlkit
        from tomlkit.exceptions import TOMLKitError
    except ImportError:
        raise MissingExtraError("Writing settings", "tomlkit", "tuning") from None
    try:
        document = tomlkit.parse(content.decode("utf-8-sig"))
        table = document.setdefault(section, tomlkit.table())
        for name, value in changes.items():
            table[name] = value
        return tomlkit.dumps(document)
    except (TOMLKitError, UnicodeDecodeError) as error:
        reason = str(error)
    raise ConfigError(
        f"The settings in {str(layout.settings)!r} cannot be changed: {reason}. Correct the file."
    )
