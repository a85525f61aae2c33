"""Trying ids tells nothing: what stands beyond the wall is as if it had never been."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable

import pytest

from kbsearch import KnowledgeBase, Searcher
from kbsearch.errors import KbSearchError
from tests.cli_runner import run
from tests.wall.walls import WALLS, Secret, Wall

pytestmark = pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.name)

_NEVER = ("kb:never", "desk:never", "zendesk:4711")
_ORACLES = ("get", "similar", "removed")


def told_by(ask: Callable[[str], object], document_id: str) -> tuple[object, ...]:
    """All that an error gives away, but for the id that was asked for."""
    with pytest.raises(KbSearchError, match="There is no document") as raised:
        ask(document_id)
    error = raised.value
    told = (str(error), repr(error), repr(vars(error)), repr(pickle.loads(pickle.dumps(error))))
    lines = "".join(traceback.format_exception(error))
    causes = (error.__cause__, error.__context__)
    return type(error), *(text.replace(document_id, "ID") for text in (*told, lines)), causes


@pytest.mark.parametrize("oracle", _ORACLES)
def test_a_hidden_id_and_one_that_never_was_are_told_apart_by_nothing(
    desk: KnowledgeBase, wall: Wall, oracle: str
) -> None:
    """Type, text, attributes, pickle, traceback and causes of the error."""
    hidden = wall.place_secret(desk, 0, Secret("root password", 2))
    desk.rebuild()
    ask = getattr(wall.open_watcher(desk), oracle)

    told = {told_by(ask, document_id) for document_id in (*hidden, *_NEVER)}

    assert len(hidden) >= 2
    assert len(told) == 1


@pytest.mark.parametrize("command", ["show", "similar"])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["human", "json"])
def test_nor_does_the_command_line_tell_them_apart(
    desk: KnowledgeBase, wall: Wall, command: str, form: tuple[str, ...]
) -> None:
    """Exit code, stdout and stderr."""
    (*_, hidden_id) = wall.place_secret(desk, 0, Secret("root password", 2))
    told = set()
    for document_id in (hidden_id, "kb:never"):
        done = run(command, document_id, "--desk", desk.path, *wall.cli, *form)
        told.add(
            (done.exit_code, *(s.replace(document_id, "ID") for s in (done.stdout, done.stderr)))
        )

    ((code, *_),) = told
    assert code != 0


@pytest.mark.parametrize("oracle", _ORACLES)
def test_insiders_are_answered(desk: KnowledgeBase, wall: Wall, oracle: str) -> None:
    """Control: the id is there to be found."""
    hidden = wall.place_secret(desk, 0, Secret("root password", 2))
    ticket_id = next(document_id for document_id in hidden if document_id.startswith("desk:"))
    insider: Searcher = wall.open_insider(desk)

    getattr(insider, oracle)(ticket_id)

    assert insider.get(ticket_id).id == ticket_id
