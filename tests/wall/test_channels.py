"""No channel is without somebody who looks, and no way to read without a channel."""

from __future__ import annotations

import ast
import inspect
from functools import cache

import pytest
from typer.main import get_command

from kbsearch import Hit, KnowledgeBase, Searcher, SearchResult
from kbsearch.cli.app import app
from kbsearch.models import HitPassage, ScoreParts, Stage
from tests.source_rules import REPOSITORY
from tests.wall.channels import (
    CHANNELS,
    COMMANDS,
    COMMANDS_FOR_STAFF,
    FOR_STAFF,
    NO_READS,
    READS_OF_A_DESK,
    READS_OF_A_SEARCHER,
    Channel,
)
from tests.wall.looks import LOOKS, Watched
from tests.wall.test_default_deny import _doors
from tests.wall.walls import CUSTOMERS
from tests.wall.watching import _commands

_ALWAYS = {
    *("touched", "rebuilt", "files", "files_after_all_that", "file_sizes_and_modes"),
    *("log_lines", "warnings", "temporary_files"),
}
"""What a view holds beside the looks."""


@cache
def _functions_of(path: str) -> frozenset[str]:
    """Names of a module's functions, those in classes as `Class::function`."""
    tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{f.name}" for f in node.body if isinstance(f, ast.FunctionDef)}
    return frozenset(found)


def faults_of(channel: Channel) -> list[str]:
    """Looks and tests of a channel that are not there; or that it has none."""
    faults = [f"no look {look}" for look in channel.looks if look not in LOOKS.keys() | _ALWAYS]
    for test in channel.tests:
        path, _, name = test.partition("::")
        if not (REPOSITORY / path).is_file() or name not in _functions_of(path):
            faults.append(f"no test {test}")
    return faults or ([] if channel.looks or channel.tests else ["nobody looks"])


@pytest.mark.parametrize("name", CHANNELS)
def test_somebody_looks_at_every_channel(name: str) -> None:
    """What the table names must be there to be run."""
    assert faults_of(CHANNELS[name]) == []


@pytest.mark.parametrize(
    "channel",
    [
        Channel(),
        Channel(looks=("serch",)),
        Channel(tests=("tests/wall/test_gone.py::test_it",)),
        Channel(tests=("tests/wall/test_existence.py::test_gone",)),
    ],
    ids=["nothing", "no such look", "no such file", "no such test"],
)
def test_a_channel_that_nobody_looks_at_is_reported(channel: Channel) -> None:
    """Control."""
    assert len(faults_of(channel)) == 1


def test_every_look_belongs_to_a_channel() -> None:
    """A look without a channel looks for nothing."""
    assert {
        look for channel in CHANNELS.values() for look in channel.looks
    } >= LOOKS.keys() | _ALWAYS


def test_every_method_of_a_desk_that_takes_an_audience_is_watched() -> None:
    """Whoever adds one says here by which look it is compared, or why staff alone may ask it."""
    doors = {method for method, _ in _doors()}

    assert doors - FOR_STAFF.keys() - NO_READS == READS_OF_A_DESK.keys()
    assert {look for looks in READS_OF_A_DESK.values() for look in looks} <= LOOKS.keys()


def test_every_method_of_a_desk_has_its_place() -> None:
    """One place, and only one: also what takes no audience could tell of the other side."""
    methods = {
        name for name, _ in inspect.getmembers(KnowledgeBase, callable) if not name.startswith("_")
    }
    places = [*READS_OF_A_DESK, *FOR_STAFF, *NO_READS]

    assert sorted(places) == sorted(methods)


def test_every_method_of_a_searcher_is_watched() -> None:
    """Likewise."""
    methods = {
        name
        for name, _ in inspect.getmembers(Searcher, inspect.isfunction)
        if not name.startswith("_")
    }

    assert methods == set(READS_OF_A_SEARCHER)
    assert methods <= LOOKS.keys()


def test_every_command_that_takes_an_audience_is_run(desk: KnowledgeBase) -> None:
    """Likewise, for people and with --json."""
    group = get_command(app)
    with_audience = {
        name
        for name, command in group.commands.items()  # type: ignore[attr-defined]
        if any("--audience" in parameter.opts for parameter in command.params)
    }

    assert with_audience == COMMANDS | COMMANDS_FOR_STAFF
    assert {command[0] for command in _commands(Watched(desk, CUSTOMERS, ["vpn"]))} == COMMANDS


def test_a_result_has_no_other_fields_than_are_watched() -> None:
    """No facets, suggestions, cursors or totals; a new field is in every comparison at once."""
    assert set(SearchResult.model_fields) == {
        *("query", "k", "hits", "fixes", "unseen_query_tokens", "note", "rewordings"),
        *("best_probability", "needed_probability"),
    }
    assert set(ScoreParts.model_fields) == {"cosine", "bm25_score", "coverage", "shares"}
    assert set(Stage) == {
        *("passages", "titles", "bm25", "coverage", "title_words"),
        *("prior", "reranker", "exact"),
    }
    for name in ("facet", "suggest", "cursor", "total", "metric"):
        assert not any(name in field for field in (*Hit.model_fields, *HitPassage.model_fields))
