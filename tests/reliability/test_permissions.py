"""Whose a desk is, and what happens to those who may not write, or not read."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import KbSearchError, StoreReadOnlyError
from tests.builders import article
from tests.library import EXTERNAL, LIBRARY, ids
from tests.reliability.children import in_a_forked_child

_NOBODY = 65534
_IS_ROOT = os.geteuid() == 0
_QUERY = "vpn drops after sleep"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_desk_is_its_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    """Directories 0700, files 0600, of records, lock, snapshots, settings and CURRENT."""
    before = os.umask(umask)
    try:
        with KnowledgeBase.create(tmp_path / "desk.kb", embedder=HashingEmbedder(64)) as kb:
            kb.upsert(LIBRARY)
            kb.rebuild()
            kb.upsert(LIBRARY[:2])
            kb.searcher(EXTERNAL).search(_QUERY)
    finally:
        os.umask(before)

    everything = [kb.path, *kb.path.rglob("*")]
    modes = {path.is_dir(): set[int]() for path in everything}
    for path in everything:
        modes[path.is_dir()].add(stat.S_IMODE(path.stat().st_mode))
    assert modes == {True: {0o700}, False: {0o600}}


@pytest.fixture
def desk_of_nobody() -> Iterator[Path]:
    """A desk with a snapshot and a delta, where another user can reach it."""
    base = Path(tempfile.mkdtemp(prefix="kbsearch-"))
    path = base / "desk.kb"
    with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
        kb.upsert(LIBRARY[:3])
        kb.rebuild()
        kb.upsert(LIBRARY)
        kb.searcher(EXTERNAL).search(_QUERY)  # loads in the parent what a child may not read
    for each in (base, path, *path.rglob("*")):
        os.chown(each, _NOBODY, _NOBODY)
    yield path
    for each in (path, *path.rglob("*")):
        each.chmod(0o700)
    shutil.rmtree(base)


def take_away(path: Path, *, bits: int) -> None:
    """Rights to every file and directory of a desk."""
    for each in (*path.rglob("*"), path):
        each.chmod(stat.S_IMODE(each.stat().st_mode) & ~bits)


def search(path: Path) -> list[str]:
    """What customers find."""
    with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
        return ids(kb.searcher(EXTERNAL).search(_QUERY))


def outcome_of(call: Callable[[KnowledgeBase], object], path: Path) -> str:
    """The kind of error that a call on the desk ends with."""
    try:
        with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
            call(kb)
    except KbSearchError as error:
        return type(error).__name__
    return "done"


WRITES: dict[str, Callable[[KnowledgeBase], object]] = {
    "upsert": lambda kb: kb.upsert([article("new", "VPN for guests", EXTERNAL)]),
    "delete": lambda kb: kb.delete(["kb:vpn"]),
    "withdraw": lambda kb: kb.withdraw(["kb:vpn"]),
    "rebuild": lambda kb: kb.rebuild(),
}


@pytest.mark.skipif(not _IS_ROOT, reason="only root can become another user")
class TestAReadOnlyDesk:
    """Of a user without root's rights, whom no mode keeps out."""

    def test_serves_searches(self, desk_of_nobody: Path) -> None:
        """A web host that was given a copy to read."""
        expected = search(desk_of_nobody)
        take_away(desk_of_nobody, bits=0o222)

        child = in_a_forked_child(lambda: search(desk_of_nobody), user_id=_NOBODY, timeout_s=60)

        assert child.answer == expected
        assert "kb:vpn" in expected

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_writes_with_one_error(self, desk_of_nobody: Path, write: str) -> None:
        """And goes on serving what it served."""
        expected = search(desk_of_nobody)
        take_away(desk_of_nobody, bits=0o222)

        def work() -> tuple[str, list[str]]:
            return outcome_of(WRITES[write], desk_of_nobody), search(desk_of_nobody)

        child = in_a_forked_child(work, user_id=_NOBODY, timeout_s=60)

        assert child.answer == (StoreReadOnlyError.__name__, expected)

    def test_lets_root_write(self, desk_of_nobody: Path) -> None:
        """Control: without dropping root the tests above would show nothing."""
        take_away(desk_of_nobody, bits=0o222)

        assert outcome_of(WRITES["upsert"], desk_of_nobody) == "done"

    @pytest.mark.parametrize("name", ["", "external", "external/records.sqlite", "kbsearch.toml"])
    def test_that_may_not_be_read_is_an_error_of_the_library(
        self, desk_of_nobody: Path, name: str
    ) -> None:
        """Not a PermissionError from three layers below."""
        (desk_of_nobody / name).chmod(0)

        child = in_a_forked_child(
            lambda: outcome_of(lambda kb: kb.searcher(EXTERNAL).search(_QUERY), desk_of_nobody),
            user_id=_NOBODY,
            timeout_s=60,
        )

        assert child.answer not in (None, "done")
