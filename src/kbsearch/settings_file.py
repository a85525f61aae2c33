"""New values in a kbsearch.toml that somebody keeps by hand; the one place that changes it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from kbsearch import files
from kbsearch.config import Settings
from kbsearch.errors import ConfigError, MissingExtraError, StoreReadOnlyError
from kbsearch.layout import DeskLayout
from kbsearch.models.parsing import describe_validation

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Value = str | float
"""What a setting can be set to."""


class SettingsFile(NamedTuple):
    """
    The settings of a desk, to be changed.

    Attributes:
        layout: Of the desk.
        extra: The extra that brings tomlkit, for who does not have it.
    """

    layout: DeskLayout
    extra: str

    def require_changeable(self) -> None:
        """
        Refuse before minutes are spent on what could not be written then.

        Raises:
            ConfigError: If the file is a link, or cannot be read as settings.
            MissingExtraError: If tomlkit is not installed.
            StoreError: If it cannot be read, or the desk may not be written.
        """
        self._parsed(files.read_bytes(self.layout.settings))
        if not os.access(self.layout.root, os.W_OK | os.X_OK):
            raise StoreReadOnlyError(self.layout.root, "it may not be written")

    def write(self, section: str, changes: Mapping[str, Value], *, keep: bool) -> Settings:
        """
        Change some values; comments, order and all other lines stay.

        The file has either its old or its new content, whatever interrupts this. One
        process at a time: the caller holds the lock of the settings.

        Args:
            section: As `ranking`.
            changes: New values by name.
            keep: Keep the file as it was beside it.

        Returns:
            The settings as they stand now.

        Raises:
            ConfigError: If the file is a link, cannot be read as settings, or could not be
                read any more; nothing is changed then.
            MissingExtraError: If tomlkit is not installed.
            StoreError: If it cannot be read or written.
        """
        before = files.read_bytes(self.layout.settings)
        after = self._changed(before, section, changes)
        settings = self._understood(after, section, changes)
        draft = self.layout.settings_draft
        if keep:
            files.write_durably(draft, before)
            files.replace(draft, self.layout.settings_before_tune)
        files.write_durably(draft, after.encode())
        files.replace(draft, self.layout.settings)
        files.sync_directory(self.layout.root)
        return settings

    def _changed(self, before: bytes, section: str, changes: Mapping[str, Value]) -> str:
        document = self._parsed(before)
        from tomlkit import dumps, table

        own = document.setdefault(section, table())
        for name, value in changes.items():
            own[name] = value
        text: str = dumps(document)
        n_ends = before.count(b"\n")
        if n_ends and before.count(b"\r\n") == n_ends:
            return text.replace("\r\n", "\n").replace("\n", "\r\n")
        return text

    def _parsed(self, content: bytes) -> TOMLDocument:
        try:
            from tomlkit import parse
            from tomlkit.exceptions import TOMLKitError
        except ImportError:
            raise MissingExtraError("Writing settings", "tomlkit", self.extra) from None
        if self.layout.settings.is_symlink():
            raise self._unchangeable("it is a link; change the file that it leads to yourself")
        try:
            return parse(content.decode("utf-8-sig"))
        except (TOMLKitError, UnicodeDecodeError) as error:
            reason = str(error)
        raise self._unchangeable(reason)

    def _understood(self, after: str, section: str, changes: Mapping[str, Value]) -> Settings:
        """What was written, read as a desk reads it."""
        try:
            read = tomllib.loads(after)
            settings = Settings.model_validate(read)
        except ValidationError as error:
            raise self._unchangeable(describe_validation(error).rstrip(".")) from None
        except tomllib.TOMLDecodeError as error:
            raise self._unchangeable(str(error)) from None
        if any(read[section].get(name) != value for name, value in changes.items()):
            raise self._unchangeable(f"section {section!r} has a form that is not understood")
        return settings

    def _unchangeable(self, reason: str) -> ConfigError:
        return ConfigError(
            f"The settings in {str(self.layout.settings)!r} cannot be changed: {reason}. Nothing "
            "was changed. Correct the file."
        )
