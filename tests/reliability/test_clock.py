"""Clocks jump, and copies lose their files' times: order is by number alone."""

from __future__ import annotations

import ast
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from tests.builders import article
from tests.disk import bytes_of, flip_a_bit
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids
from tests.source_rules import Module, modules_of_the_package

_NOW = datetime(2026, 5, 1, tzinfo=UTC)
_TEN_YEARS = timedelta(days=3653)
_QUERY = "vpn drops after sleep"
_CLOCK_READERS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
_FILE_TIMES = {"st_mtime", "st_ctime", "st_atime", "st_mtime_ns", "st_ctime_ns", "getmtime"}


def clock_faults(module: Module) -> list[str]:
    """Where a module asks what time it is, or when a file was written."""
    faults = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in _CLOCK_READERS and owner in {"datetime", "date", "time"}:
                faults.append(f"{module.name} calls {owner}.{node.func.attr}")
        elif isinstance(node, ast.Attribute) and node.attr in _FILE_TIMES:
            faults.append(f"{module.name} reads {node.attr}")
    return faults


def test_only_one_module_knows_what_time_it_is() -> None:
    """So a clock that is given is the only clock; no order is by a file's time."""
    others = [m for m in modules_of_the_package() if m.name != "kbsearch.clock"]

    assert [fault for module in others for fault in clock_faults(module)] == []


@pytest.mark.parametrize(
    "source", ["datetime.now(UTC)", "time.time()", "path.stat().st_mtime", "os.path.getmtime(path)"]
)
def test_another_clock_would_be_reported(source: str) -> None:
    """Control: each way to ask is seen."""
    assert len(clock_faults(Module("kbsearch.files", source))) == 1


class TestAClockThatJumps:
    """Ten years back or on, at any moment."""

    @pytest.mark.parametrize("jump", [-_TEN_YEARS, _TEN_YEARS])
    def test_changes_no_hit_of_documents_without_dates(
        self, desk: KnowledgeBase, jump: timedelta
    ) -> None:
        """To the last bit of a score, through an upsert and a rebuild after the jump."""
        clock = iter([_NOW] * 2 + [_NOW + jump] * 100)
        desk.upsert(LIBRARY)
        desk.rebuild()
        searcher = desk.searcher(EXTERNAL, clock=lambda: next(clock))
        expected = [searcher.search(_QUERY), searcher.search("new phone")]

        desk.upsert(LIBRARY)
        desk.rebuild()

        assert [searcher.search(_QUERY), searcher.search("new phone")] == expected
        assert next(clock) == _NOW + jump

    def test_decides_only_what_has_expired(self, desk: KnowledgeBase) -> None:
        """Control: the searcher does look at the clock that it was given."""
        desk.upsert([article("1", "VPN of last year", EXTERNAL, valid_until=_NOW)])

        earlier = desk.searcher(EXTERNAL, clock=lambda: _NOW - _TEN_YEARS)
        later = desk.searcher(EXTERNAL, clock=lambda: _NOW + _TEN_YEARS)

        assert (ids(earlier.search("vpn")), ids(later.search("vpn"))) == (["kb:1"], [])

    def test_leaves_no_trace_in_the_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The same documents give the same bytes at any time, but for when the trail says."""
        found, told = [], []
        for name, jump in (("then", -_TEN_YEARS), ("later", _TEN_YEARS)):
            monkeypatch.setattr("kbsearch.clock.utc_now", lambda jump=jump: _NOW + jump)
            clock = itertools.repeat(_NOW + jump).__next__
            with KnowledgeBase.create(
                tmp_path / name, embedder=HashingEmbedder(64), clock=clock
            ) as kb:
                kb.upsert(LIBRARY)
                kb.rebuild()
            content = {n: b for n, b in bytes_of(kb.path).items() if not n.endswith("LOCK")}
            del content["internal/records.sqlite"]
            found.append((content, _rows_but_the_trails(kb.path / "internal/records.sqlite")))
            told.append([entry.at for entry in kb.audit()])

        assert found[0] == found[1]
        assert told == [[_NOW + jump] * 3 for jump in (-_TEN_YEARS, _TEN_YEARS)]


def _rows_but_the_trails(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [line for line in connection.iterdump() if "audit" not in line]
    finally:
        connection.close()


def set_times(root: Path, times: Callable[[list[Path]], Iterator[float]]) -> None:
    """Of all files and directories below, in the order of their names."""
    paths = sorted(root.rglob("*"))
    for path, seconds in zip(paths, times(paths), strict=False):
        os.utime(path, (seconds, seconds))


TIMES: dict[str, Callable[[list[Path]], Iterator[float]]] = {
    "all equal": lambda paths: iter([1e9] * len(paths)),
    "reversed": lambda paths: iter(1e9 - 1000 * n for n in range(len(paths))),
    "before 1970": lambda paths: iter([-1e8] * len(paths)),
    "far in the future": lambda paths: iter([4e9 + n for n in range(len(paths))]),
}


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("n_damaged", [0, 1])
def test_snapshots_are_ordered_by_number_whatever_their_files_times(
    desk: KnowledgeBase, times: str, n_damaged: int
) -> None:
    """The live one, the one to fall back to, and the number of the next."""
    desk.upsert(LIBRARY[:3])
    desk.rebuild()
    desk.upsert(LIBRARY)
    desk.rebuild()
    if n_damaged:
        flip_a_bit(desk.path / "external" / "snapshot-0000000002" / "manifest.json")
    expected = ids(desk.searcher(EXTERNAL).search(_QUERY))

    set_times(desk.path, TIMES[times])

    with KnowledgeBase.open(desk.path, embedder=desk.embedder) as kb:
        assert ids(kb.searcher(EXTERNAL).search(_QUERY)) == expected
        assert kb.stats(EXTERNAL)[0].snapshot == 2 - n_damaged
        kb.upsert([article("new", "VPN for guests", EXTERNAL)])
        kb.rebuild()
        assert kb.stats(EXTERNAL)[0].snapshot == 3
        assert kb.check(INTERNAL).findings == ()
