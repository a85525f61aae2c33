"""Typed access to the fields of one record: an export may hold anything anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from kbsearch.importers.places import Place, RecordError
from kbsearch.visibility import Marker, Verdict, marker_from

_MAX_EPOCH_S = 32_503_680_000  # the year 3000; larger numbers are milliseconds
_NO_TIME = ("0000-00-00", "0001-01-01")  # what databases write for "never"


class Fields:
    """
    One record of an export, or a part of one, and where it stood.

    Every getter takes alternatives: the first name that holds something wins.
    A missing field, null and an empty text are the same: nothing.

    Raises:
        RecordError: From any getter, if a field holds something of another shape.
    """

    def __init__(self, place: Place, values: Mapping[str, Any]) -> None:
        self.place, self.values = place, values

    def raw(self, *names: str) -> Any:
        """The first field that holds something, as it came; None if none does."""
        return next((v for n in names if (v := self.values.get(n)) not in (None, "")), None)

    def text(self, *names: str) -> str:
        """A text; a number or bool is written out; nothing is ""."""
        value = self.raw(*names)
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float):
            return str(value)
        raise self._wrong(names, value, "text")

    def identifier(self, *names: str) -> str:
        """A text that must be there, without blanks around it."""
        found = self.text(*names).strip()
        if not found:
            raise RecordError(self.place, f"it has no {_named(names)}")
        return found

    def flag(self, *names: str) -> bool | None:
        """True or False where the field says just that (also as 1, "1" or "t"), else None."""
        value = self.raw(*names)
        if isinstance(value, bool):
            return value
        if isinstance(value, int | str):
            return _FLAGS.get(value)
        return None

    def marker(
        self,
        level: str,
        name: str,
        says: Mapping[str, Verdict],
        *,
        missing: Verdict = Verdict.UNKNOWN,
    ) -> Marker:
        """What a field says about who may read; see `kbsearch.visibility.marker_from`."""
        return marker_from(level, name, self.values.get(name), says=says, missing=missing)

    def flag_marker(
        self, level: str, name: str, *, public: bool, missing: Verdict = Verdict.UNKNOWN
    ) -> Marker:
        """The same for a field that is true or false; `public` is the value that opens."""
        opens, closes = (_TRUE, _FALSE) if public else (_FALSE, _TRUE)
        says = dict.fromkeys(opens, Verdict.PUBLIC) | dict.fromkeys(closes, Verdict.INTERNAL)
        return self.marker(level, name, says, missing=missing)

    def number(self, *names: str) -> int | None:
        """A whole number, also one written as text; None for nothing."""
        value = self.raw(*names)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, str) and len(value) <= 20:
            text = value.strip().removesuffix(".0")
            if text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal():
                return int(text)
        raise self._wrong(names, value, "a whole number")

    def time(self, *names: str) -> datetime | None:
        """
        A moment: ISO 8601 or seconds (or milliseconds) since 1970; None for nothing.

        A time without an offset is read as UTC, which is what exports write.
        """
        value = self.raw(*names)
        if value is None or (isinstance(value, str) and value.startswith(_NO_TIME)):
            return None
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        try:
            return _moment(value)
        except (ValueError, OverflowError, OSError):
            raise self._wrong(names, value, "a time") from None

    def texts(self, *names: str) -> tuple[str, ...]:
        """Several texts: a list of them, or one text parted by commas; blank ones left out."""
        value = self.raw(*names)
        parts = value.split(",") if isinstance(value, str) else value
        if parts is None:
            return ()
        if not isinstance(parts, list) or any(isinstance(p, list | dict) for p in parts):
            raise self._wrong(names, value, "a list of texts")
        shown = (str(part).strip() for part in parts if part is not None)
        return tuple(dict.fromkeys(part for part in shown if part))

    def child(self, *names: str) -> Fields:
        """A record within this one; an empty one if it is not there."""
        value = self.raw(*names)
        place = self._step(f".{names[0]}")
        if value is None:
            return Fields(place, {})
        if not isinstance(value, Mapping):
            raise self._wrong(names, value, "an object")
        return Fields(place, value)

    def children(self, *names: str) -> Iterator[Fields]:
        """The records of a list within this one."""
        value = self.raw(*names)
        if value is None:
            return
        if not isinstance(value, list):
            raise self._wrong(names, value, "a list")
        for index, item in enumerate(value):
            place = self._step(f".{names[0]}[{index}]")
            if not isinstance(item, Mapping):
                raise RecordError(place, f"it is {_kind_of(item)}, not an object")
            yield Fields(place, item)

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def _step(self, step: str) -> Place:
        return self.place._replace(steps=self.place.steps + step)

    def _wrong(self, names: tuple[str, ...], value: object, wanted: str) -> RecordError:
        return RecordError(self.place, f"{_named(names)} is {_kind_of(value)}, not {wanted}")


_TRUE = ("true", "t", "1")
_FALSE = ("false", "f", "0")
_FLAGS: dict[object, bool] = {
    **dict.fromkeys((1, *_TRUE), True),
    **dict.fromkeys((0, *_FALSE), False),
}


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        text = value.strip()
        if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdecimal():
            return _moment(float(text))
        text = text.removesuffix(" UTC")
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        seconds = value / 1000 if value > _MAX_EPOCH_S else value
        return datetime.fromtimestamp(seconds, UTC)
    raise ValueError


def _named(names: tuple[str, ...]) -> str:
    return " or ".join(repr(name) for name in names)


def _kind_of(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return kinds.get(
        type(value), "a number" if isinstance(value, int | float) else "something else"
    )
