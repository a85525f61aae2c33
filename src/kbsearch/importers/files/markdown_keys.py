"""The keys of front matter: what they say of readers, and what they say of the article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import RecordError
from kbsearch.importers.shared.languages import language_code
from kbsearch.models import ArticleStatus, Confidence
from kbsearch.visibility import Marker, Verdict

AUDIENCES = {"external": Verdict.PUBLIC, "internal": Verdict.INTERNAL}

_Value = TypeVar("_Value")
_LEVEL = "article"
_HIDING: dict[str, dict[str, Verdict]] = {  # as Hugo, Jekyll and kbsearch write them
    "draft": {"true": Verdict.HIDDEN, "false": Verdict.PUBLIC},
    "published": {"true": Verdict.PUBLIC, "false": Verdict.HIDDEN},
    "status": {
        "published": Verdict.PUBLIC,
        "draft": Verdict.HIDDEN,
        "archived": Verdict.HIDDEN,
    },
}
_TIME_GAP = re.compile(r" (?=[+-]\d\d:?\d\d$)")  # as Jekyll writes it: 2024-05-01 08:00:00 +0200


def key_markers(keys: Fields, above: Sequence[Marker]) -> tuple[Marker, ...]:
    """
    What the keys say of who may read.

    Args:
        keys: Of one file.
        above: The markers of its folders and its tree: only where there are none
            is a missing audience a marker of its own.
    """
    markers = []
    if "audience" in keys or not above:
        markers.append(keys.marker(_LEVEL, "audience", AUDIENCES))
    markers += [keys.marker(_LEVEL, key, says) for key, says in _HIDING.items() if key in keys]
    if keys.raw("superseded_by") is not None:
        markers.append(_marker("superseded_by", "given", Verdict.HIDDEN))
    for key in ("valid_from", "valid_until"):
        try:
            _time(keys, key)
        except RecordError:
            markers.append(_marker(key, "not a date", Verdict.UNKNOWN))
    return tuple(markers)


def unreadable_marker() -> Marker:
    """Of front matter that is not understood: it might have closed the article."""
    return _marker("front matter", "not readable", Verdict.UNKNOWN)


def _marker(field: str, value: str, verdict: Verdict) -> Marker:
    return Marker(level=_LEVEL, field=field, value=value, verdict=verdict)


class KeyReader:
    """
    The keys of one file as fields of an article.

    A key that holds something else than it should costs nobody the article: it
    is left out, and `warnings` says so.
    """

    def __init__(self, keys: Fields) -> None:
        self._keys = keys
        self.warnings: list[str] = []

    def text(self, *names: str) -> str:
        """A text without blanks around it, "" if there is none."""
        return (self._usable(lambda: self._keys.text(*names)) or "").strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one text parted by commas."""
        return self._usable(lambda: self._keys.texts(name)) or ()

    def time(self, *names: str) -> datetime | None:
        """A moment; one without an offset is in UTC, one without an hour begins the day."""
        return self._usable(lambda: _time(self._keys, *names))

    def fields(self) -> dict[str, Any]:
        """All fields of `Article` that front matter can give, but ids, title and body."""
        language = self.text("locale", "language", "lang")
        return {
            "status": self._status(),
            "confidence": self._confidence(),
            "product": self.text("product") or None,
            "tags": tuple(tag[:200] for tag in self.texts("tags")),
            "language": language_code(language),
            "valid_from": self.time("valid_from"),
            "valid_until": self.time("valid_until"),
            "created_at": self.time("created"),
            "updated_at": self.time("updated", "lastmod", "date"),
        }

    def _status(self) -> ArticleStatus:
        """Archived and draft weigh more than published; so does what is not known."""
        status = self.text("status")
        is_over = self._keys.raw("superseded_by") is not None
        if is_over or status == ArticleStatus.ARCHIVED:
            return ArticleStatus.ARCHIVED
        is_out = (
            status in ("", ArticleStatus.PUBLISHED)
            and self.text("draft") in ("", "false")
            and self.text("published") in ("", "true")
        )
        return ArticleStatus.PUBLISHED if is_out else ArticleStatus.DRAFT

    def _confidence(self) -> Confidence:
        given = self.text("confidence") or Confidence.NOT_VALIDATED.value
        try:
            return Confidence(given)
        except ValueError:
            self.warnings.append("left out: 'confidence' has a value that is not known")
            return Confidence.NOT_VALIDATED

    def _usable(self, get: Callable[[], _Value]) -> _Value | None:
        try:
            return get()
        except RecordError as error:
            self.warnings.append(f"left out: {error.reason}")
            return None


def _time(keys: Fields, *names: str) -> datetime | None:
    """Only ISO 8601: a bare number in front matter is a year or a day, never seconds."""
    written = keys.text(*names).strip()
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(_TIME_GAP.sub("", written))
    except ValueError:
        raise RecordError(keys.place, f"{names[0]!r} is not a date such as 2024-05-31") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
