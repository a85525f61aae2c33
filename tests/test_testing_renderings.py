"""Answers as bytes: whatever readers can get at is in them, and nothing that chance decides."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict, Field, computed_field

from kbsearch.testing.recording import recorded
from kbsearch.testing.renderings import all_said_by, rendering


class Page(BaseModel):
    """A model with everything that a dump, a template or a debugger would show."""

    model_config = ConfigDict(extra="allow")
    title: str = Field("sealed-title", repr=False, exclude=True)

    @computed_field
    def slug(self) -> str:
        """Made when it is asked for."""
        return "sealed-slug"


@dataclass
class Row:
    """Its `repr` does not show what it holds."""

    text: str = field(default="sealed-row", repr=False)


class Plain:
    """Neither a model nor a dataclass."""

    def __init__(self, text: str) -> None:
        self.text = text


class Response(NamedTuple):
    """As web frameworks have it."""

    status_code: int
    headers: dict[str, str]
    content: bytes


def with_a_ring() -> list[Any]:
    ring: list[Any] = ["sealed-ring"]
    ring += [ring, ring]  # followed round and round it would never end
    return ring


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("sealed-text", "sealed-text"),
        (b"sealed-\xff", "sealed-"),
        (Page(), "sealed-title"),
        (Page(), "sealed-slug"),
        (Page.model_validate({"more": "sealed-more"}), "sealed-more"),
        ([{"a": (Row(),)}], "sealed-row"),
        (Plain("sealed-plain"), "sealed-plain"),
        ({"sealed-key": 1}, "sealed-key"),
        ({"sealed-member"}, "sealed-member"),
        ((each for each in ["sealed-piece"]), "sealed-piece"),
        (Response(200, {"X-Next": "sealed-header"}, b""), "sealed-header"),
        (Response(200, {}, b"sealed-body"), "sealed-body"),
        (LookupError("sealed-error"), "sealed-error"),
        (with_a_ring(), "sealed-ring"),
        ("\ud800 sealed-surrogate", "sealed-surrogate"),
    ],
)
def test_holds_what_can_be_got_at(answer: object, shown: str) -> None:
    """Left out of a `repr`, of a dump, deep inside, in a key, in a header: it is there."""
    assert shown.encode() in rendering(answer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1 + 0.2, 0.3),
        (["a", "b"], ["b", "a"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, True),
        ("1", 1),
        (np.zeros(2000), np.zeros(2001)),
        (np.float32(1), np.nextafter(np.float32(1), np.float32(2))),
        (Response(200, {}, b""), Response(404, {}, b"")),
        (KeyError("a"), LookupError("a")),
        (Plain("a"), Plain("b")),
    ],
)
def test_differs_where_readers_could_tell(one: object, other: object) -> None:
    """The last bit of a score, the order of hits and of keys, a type, a status."""
    assert rendering(one) != rendering(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a", "b", "c"}, {"c", "b", "a"}),
        (object(), object()),
        (Plain("a"), Plain("a")),
        ([LookupError("a")], [LookupError("a")]),
        (iter("ab"), iter("ab")),
    ],
)
def test_is_the_same_where_chance_decides(one: object, other: object) -> None:
    """Sets have no order, and an address in memory tells nothing."""
    assert rendering(one) == rendering(other)


def test_an_error_says_what_its_causes_notes_and_fields_say() -> None:
    """A traceback is what operators and error pages show."""
    error = ValueError("cannot be answered")
    error.__cause__ = KeyError("sealed-cause")
    error.__cause__.__context__ = ExceptionGroup("several", [OSError("sealed-member")])
    error.add_note("sealed-note")
    vars(error)["hits"] = ["sealed-field"]

    said = all_said_by(error)

    for word in ("cause", "member", "note", "field"):
        assert f"sealed-{word}" in said


def test_records_of_every_level_and_logger_are_heard() -> None:
    """Disabled, silenced, cut off from its parents, born while we listen: all of them."""
    disabled, silent, apart = (logging.getLogger(f"heard.{name}") for name in ("a", "b", "c"))
    disabled.disabled, apart.propagate = True, False
    silent.setLevel(logging.CRITICAL)
    logging.disable(logging.ERROR)
    try:
        with recorded() as said:
            disabled.debug("one")
            silent.debug("two")
            apart.debug("three")
            logging.getLogger("heard.new").debug("%s", "four", extra={"hits": "five"})
        assert (disabled.disabled, silent.level, apart.handlers) == (True, logging.CRITICAL, [])
        assert logging.root.manager.disable == logging.ERROR
    finally:
        logging.disable(logging.NOTSET)

    assert [each.channel for each in said] == ["log record"] * 4
    for word, each in zip(("one", "two", "three", "four"), said, strict=True):
        assert word in each.text
    assert "five" in said[-1].text
