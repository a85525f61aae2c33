"""Changing a desk's settings, one process at a time."""

from __future__ import annotations

from collections.abc import Mapping

from kbsearch.config import Settings
from kbsearch.desk.opening import OpenDesk
from kbsearch.settings_file import SettingsFile, Value
from kbsearch.store import writer_lock


class DeskSettings(OpenDesk):
    """What `tune` and `use_model` write with."""

    def _require_changeable(self, extra: str) -> None:
        SettingsFile(self._layout, extra).require_changeable()

    def _write_settings(
        self, extra: str, section: str, changes: Mapping[str, Value], *, keep: bool
    ) -> Settings:
        file, wait_s = SettingsFile(self._layout, extra), self.settings.store.lock_wait_s
        with writer_lock(self._layout.settings_lock, self.path.name, timeout_s=wait_s):
            return file.write(section, changes, keep=keep)
