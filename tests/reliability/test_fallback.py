"""What lies beside or in place of a snapshot never keeps a desk from opening and being mended."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from tests.builders import article
from tests.cli_runner import make_desk, run
from tests.disk import flip_a_bit
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids


def _directory(path: Path) -> None:
    path.mkdir()
    (path / "left").write_bytes(b"x")


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def _link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


def _link_to_a_directory_of_others(path: Path) -> None:
    others = path.parents[2] / "others"
    others.mkdir(exist_ok=True)
    path.symlink_to(others)


def _unreadable_file(path: Path) -> None:
    path.write_bytes(b"\x00" * 100)
    path.chmod(0)


KINDS: dict[str, Callable[[Path], object]] = {
    "a file": lambda path: path.write_bytes(b"x"),
    "a directory": _directory,
    "a link to itself": _link_to_itself,
    "a link to nothing": _link_to_nothing,
    "a link to a directory of others": _link_to_a_directory_of_others,
    "an unreadable file": _unreadable_file,
    "a pipe": os.mkfifo,
}
NAMES = [
    "CURRENT.new",
    "CURRENT~",
    "building-0000000003",
    "building-0000000003.tmp",
    "snapshot-0000000003",
    "snapshot-9999999998",
    "snapshot-" + "\u0660" * 9 + "\u0667",
    "snapshot-0000000001\n",
    "snapshot-0000000001 (copy)",
    "lost+found",
    "\udcff\udcfe",
    "-rf",
    "n" * 255,
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A desk with two snapshots."""
    path = tmp_path / "desk.kb"
    with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
        kb.upsert(LIBRARY[:3])
        kb.rebuild()
        kb.upsert(LIBRARY)
        kb.rebuild()
    return path


def found_by_customers(kb: KnowledgeBase) -> list[str]:
    return ids(kb.searcher(EXTERNAL).search("vpn drops after sleep"))


class TestLeftovers:
    """Of backups, of crashes, of other programs: Qdrant's issue 2231 is one of them."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_never_block_opening_searching_writing_or_a_rebuild(
        self, path: Path, kind: str
    ) -> None:
        """And what a check says of them a rebuild cures, or they are passed over."""
        with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
            expected = found_by_customers(kb)
        for name in NAMES:
            KINDS[kind](path / "external" / name)

        with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
            assert found_by_customers(kb) == expected
            kb.check(EXTERNAL)
            kb.stats(EXTERNAL)
            kb.upsert([article("new", "VPN for guests", EXTERNAL)])
            kb.rebuild()
            findings = [finding.what for finding in kb.check(INTERNAL).findings]
            assert [what for what in findings if "is no file of this desk" not in what] == []
            assert kb.stats(EXTERNAL)[0].n_changes_since_snapshot == 0

        with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
            assert sorted(found_by_customers(kb)) == sorted([*expected, "kb:new"])

    def test_a_half_snapshot_beside_the_live_one_is_passed_over(self, path: Path) -> None:
        """It has a name and no CURRENT: a crash came between the two."""
        live = path / "external" / "snapshot-0000000002"
        half = path / "external" / "snapshot-0000000003"
        half.mkdir()
        for file in sorted(live.iterdir())[:4]:
            (half / file.name).write_bytes(file.read_bytes())

        with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
            assert kb.stats(EXTERNAL)[0].snapshot == 2
            assert "kb:vpn" in found_by_customers(kb)
            kb.rebuild()
            assert kb.check(INTERNAL).findings == ()


def test_a_damaged_newest_snapshot_is_a_warning_and_an_exit_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log of a search says so, and `kbsearch check` fails in a cron job."""
    path = make_desk(tmp_path / "desk.kb", LIBRARY[0])
    run("rebuild", "--desk", path)
    run("add", "-", "--into", path, stdin=LIBRARY[1].model_dump_json().encode())
    run("rebuild", "--desk", path)
    sound = run("check", "-d", path, "-a", "external")
    flip_a_bit(path / "external" / "snapshot-0000000002" / "vectors.faiss")

    with caplog.at_level(logging.WARNING):
        searched = run("search", "vpn drops", "-d", path, "-a", "external")
    checked = run("check", "-d", path, "-a", "external")
    with KnowledgeBase.open(path) as kb:
        serving = kb.stats(EXTERNAL)[0].snapshot

    assert (sound.exit_code, searched.exit_code, checked.exit_code) == (0, 0, 1)
    assert "snapshot-0000000002/vectors.faiss is damaged" in caplog.text
    assert "VPN" in searched.stdout
    assert serving == 2
