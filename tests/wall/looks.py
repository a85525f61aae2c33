"""What a look at a desk is, and what each of them is given."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kbsearch import KnowledgeBase
from kbsearch.errors import KbSearchError
from tests.wall.walls import Wall

IDS = (
    *(f"kb:{name}" for name in ("e0", "e2", "e4", "h0", "h1", "h100", "unfinished0", "never")),
    *(f"desk:{name}" for name in ("e1", "e3", "h0", "h1", "h100", "never")),
)


class Watched(NamedTuple):
    """What a look is given: the desk, the wall, the watcher's queries."""

    kb: KnowledgeBase
    wall: Wall
    queries: Sequence[str]

    def asked(self, method: str, **named: Any) -> object:
        """A method of the desk, asked for the watcher."""
        return getattr(self.kb, method)(**self.wall.watcher, **named)


Look = Callable[[Watched], object]
LOOKS: dict[str, Look] = {}
"""By name; the loader of this module fills it."""


def look(method: Look) -> Look:
    """Take in a look under its name."""
    LOOKS[method.__name__.strip("_")] = method
    return method


def told(call: Callable[..., object], *arguments: object) -> object:
    """What a call returns, or all that its error gives away: its causes and its pickle too."""
    try:
        return call(*arguments)
    except KbSearchError as error:
        chain: list[BaseException] = [error]
        while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
            chain.append(cause)
        return [
            [type(each).__qualname__ for each in chain],
            [str(each) for each in chain],
            [repr(each) for each in chain],
            [repr(vars(each)) for each in chain],
            pickle.dumps(error).hex(),
            traceback.format_exception(error),
        ]
