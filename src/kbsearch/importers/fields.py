"""Typed access to the fields of one record: an export may hold anything anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from kbsearch.importers.places import Place, RecordError
from kbsearch.visibility import Marker, Verdict, marker_from

_MAX_EPOCH_S = 32_503_680_000  # the year 3000; larger numbers are milliseconds
_NEVER = ("0000-00-00", "0001-01-01", "1900-01-01")


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
        return self._found(names)[1]

    def text(self, *names: str) -> str:
        """A text; a number or bool is written out; nothing is ""."""
        value = self.raw(*names)
        return "" if value is None else self._written(names, value)

    def identifier(self, *names: str) -> str:
        """
        A text that must be there, without blanks around it.

        12.0 is "12": a column of whole numbers with a gap in it is often written so.
        """
        value = self.raw(*names)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        found = "" if value is None else self._written(names, value).strip()
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
        return self.marker(level, name, _OPENS_IF[public], missing=missing)

    def number(self, *names: str) -> int | None:
        """A whole number, also one written as text; None for nothing."""
        value = self.raw(*names)
        if isinstance(value, str):
            value = value.strip()
            if _WHOLE_NUMBER.fullmatch(value):
                return int(value.partition(".")[0])
        if value in (None, ""):
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        raise self._wrong(names, value, "a whole number")

    def time(self, *names: str) -> datetime | None:
        """
        A moment; None for nothing, and for what databases write for "never".

        ISO 8601, also with blanks before the time and the offset or with " UTC"
        behind; or seconds or milliseconds since 1970, as a number or as text. A
        time without an offset is UTC, which is what exports write. A moment
        before 1970 is an error: no desk is that old.
        """
        value = self.raw(*names)
        if isinstance(value, str):
            value = value.strip()
        if value in (None, "") or (isinstance(value, str) and value.startswith(_NEVER)):
            return None
        try:
            moment = _moment(value)
            _ = moment.astimezone(UTC)  # which the last hours of the year 9999 can lack
        except (ValueError, OverflowError, OSError):
            raise self._wrong(names, value, "a time") from None
        if moment < _EPOCH:
            raise RecordError(self.place, f"{_named(names)} is a time before 1970")
        return moment if moment > _EPOCH else None

    def texts(self, *names: str) -> tuple[str, ...]:
        """Several texts: a list of them, or one text parted by commas; blank ones left out."""
        value = self.raw(*names)
        parts = value.split(",") if isinstance(value, str) else value
        if parts is None:
            return ()
        if not isinstance(parts, list):
            raise self._wrong(names, value, "a list of texts")
        shown = (self._written(names, part).strip() for part in parts if part is not None)
        return tuple(dict.fromkeys(part for part in shown if part))

    def child(self, *names: str) -> Fields:
        """A record within this one; an empty one if it is not there, or as PHP writes it: []."""
        name, value = self._found(names)
        if value is None or value == []:
            return Fields(self._step(f".{name}"), {})
        if not isinstance(value, Mapping):
            raise self._wrong(names, value, "an object")
        return Fields(self._step(f".{name}"), value)

    def children(self, *names: str) -> Iterator[Fields]:
        """The records of a list within this one."""
        name, value = self._found(names)
        if value is None:
            return
        if not isinstance(value, list):
            raise self._wrong(names, value, "a list")
        for index, item in enumerate(value):
            place = self._step(f".{name}[{index}]")
            if not isinstance(item, Mapping):
                raise RecordError(place, f"it is {_kind_of(item)}, not an object")
            yield Fields(place, item)

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def _found(self, names: tuple[str, ...]) -> tuple[str, Any]:
        """The first name that holds something, and what; the first name and None if none does."""
        for name in names:
            value = self.values.get(name)
            if value is not None and value != "":
                return name, value
        return names[0], None

    def _written(self, names: tuple[str, ...], value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float):
            return str(value)
        raise self._wrong(names, value, "text")

    def _step(self, step: str) -> Place:
        file, line, position, steps = self.place
        return Place(file, line, position, steps + step)

    def _wrong(self, names: tuple[str, ...], value: object, wanted: str) -> RecordError:
        return RecordError(self.place, f"{_named(names)} is {_kind_of(value)}, not {wanted}")


_TRUE = ("true", "t", "1")
_FALSE = ("false", "f", "0")
_OPENS_IF = {
    is_true: dict.fromkeys(_TRUE if is_true else _FALSE, Verdict.PUBLIC)
    | dict.fromkeys(_FALSE if is_true else _TRUE, Verdict.INTERNAL)
    for is_true in (True, False)
}
_FLAGS: dict[object, bool] = {
    **dict.fromkeys((1, *_TRUE), True),
    **dict.fromkeys((0, *_FALSE), False),
}
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.0)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_TEXT = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,9})?")
_CALENDAR = re.compile(r"([0-9]{8})([0-9]{6})?")  # 20240102 and 20240102030405 are no seconds
_BLANK_BEFORE_OFFSET = re.compile(r" (?=[+-][0-9:]{4,8}$)")
_LONGEST_TIME = 64


def _moment(value: object) -> datetime:
    """Read a number, text or datetime; ValueError, OverflowError or OSError if it is no time."""
    if isinstance(value, str):
        if len(value) > _LONGEST_TIME:
            raise ValueError
        calendar = _CALENDAR.fullmatch(value)
        if calendar is None and _EPOCH_TEXT.fullmatch(value):
            return _moment(float(value))
        text = value.removesuffix(" UTC").removesuffix(" GMT")
        if calendar is not None and calendar[2]:
            text = f"{calendar[1]}T{calendar[2]}"
        return _moment(datetime.fromisoformat(_BLANK_BEFORE_OFFSET.sub("", text)))
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > _MAX_EPOCH_S else value
        return datetime.fromtimestamp(seconds, UTC)
    raise ValueError


def _named(names: tuple[str, ...]) -> str:
    return " or ".join(repr(name) for name in names)


def _kind_of(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return kinds.get(
        type(value), "a number" if isinstance(value, int | float) else "something else"
    )
