"""Answers of any application as bytes: equal ones give equal bytes, nothing shown is left out."""

from __future__ import annotations

import dataclasses
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Set
from enum import Enum

import numpy as np
from pydantic import BaseModel

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_MOST_LEVELS = 30
_BODIES = ("content", "body", "data")


def rendering(answer: object) -> bytes:
    """
    An answer with all that its readers can get at.

    Text and bytes as they are; models, dataclasses and other objects with their public
    fields and their `repr`; mappings, sequences and generators item by item, in order; of
    an HTTP response its status, headers and body; of an exception its type and message and
    those of its causes. Addresses in memory are left out.
    """
    return b"\n".join(_parts(answer, ()))


def all_said_by(error: BaseException) -> str:
    """Everything of an exception that may reach a page, a log or a report."""
    parts = traceback.format_exception(error)
    for each in chain_of(error):
        parts += [str(each), repr(each), repr(vars(each))]
    return "\n".join(parts)


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it was raised from, and what it was raised during."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]
            waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()


def _parts(value: object, within: tuple[int, ...]) -> Iterator[bytes]:
    yield type(value).__qualname__.encode()
    if isinstance(value, str) and not isinstance(value, Enum):
        yield _encoded(value)
    elif isinstance(value, bytes | bytearray | memoryview):
        yield bytes(value)
    elif value is None or isinstance(value, bool | int | float | complex | Enum):
        yield repr(value).encode()
    elif isinstance(value, np.ndarray | np.generic):
        yield f"{value.dtype} {value.shape}".encode()
        yield value.tobytes()
    elif isinstance(value, BaseException):
        for each in chain_of(value):
            yield _encoded(f"{type(each).__qualname__}: {each}")
    elif id(value) in within or len(within) == _MOST_LEVELS:
        yield _without_address(value)
    else:
        yield from _inner_parts(value, (*within, id(value)))


def _inner_parts(value: object, within: tuple[int, ...]) -> Iterator[bytes]:
    if _is_response(value):
        yield from _response_parts(value, within)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (*_parts(key, within), *_parts(inner, within))
    elif isinstance(value, Set):  # sets have no order
        yield from sorted(b"\n".join(_parts(inner, within)) for inner in value)
    elif isinstance(value, Iterable) and not isinstance(value, BaseModel):
        for inner in value:
            yield from _parts(inner, within)
    else:
        yield _without_address(value)
        for name, inner in _public_fields(value):
            yield name.encode()
            yield from _parts(inner, within)


def _is_response(value: object) -> bool:
    return hasattr(value, "status_code") and any(hasattr(value, name) for name in _BODIES)


def _response_parts(response: object, within: tuple[int, ...]) -> Iterator[bytes]:
    """What goes over the wire, of requests, httpx, Starlette, Django and Flask alike."""
    yield repr(getattr(response, "status_code", None)).encode()
    headers = getattr(response, "headers", {})
    for key, value in headers.items():
        yield f"{key}: {value}".encode()
    body = next(getattr(response, name) for name in _BODIES if hasattr(response, name))
    yield from _parts(body, within)


def _public_fields(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, BaseModel):
        names = [*type(value).model_fields, *type(value).model_computed_fields]
        yield from ((name, getattr(value, name)) for name in names)
        yield from (value.model_extra or {}).items()
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name, getattr(value, field.name)
    else:
        for name, inner in getattr(value, "__dict__", {}).items():
            if not name.startswith("_"):
                yield name, inner


def _without_address(value: object) -> bytes:
    return _encoded(_ADDRESS.sub("", f"{value!r} {value}"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
