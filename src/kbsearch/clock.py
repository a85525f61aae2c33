"""What time it is, where no caller says so."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The moment, with its time zone."""
    return datetime.now(UTC)
