"""Files of the derived indexes: owner only, durable, and failures in the library's own words."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kbsearch import files
from kbsearch.errors import StoreFullError, StoreReadOnlyError, StoreUnavailableError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The most careless setting a service can run under."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_only_the_owner_may_enter_or_read(tmp_path: Path) -> None:
    """Whatever the umask; a directory made by someone else before is closed too."""
    (tmp_path / "loose").mkdir(mode=0o777)

    files.make_directory(tmp_path / "new")
    files.make_directory(tmp_path / "loose")
    files.write_durably(tmp_path / "new" / "a", b"x")

    assert mode(tmp_path / "new") == 0o700
    assert mode(tmp_path / "loose") == 0o700
    assert mode(tmp_path / "new" / "a") == 0o600


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 5000, memoryview(b"view")])
def test_what_is_written_is_read(tmp_path: Path, content: bytes | memoryview) -> None:
    """Whole, also over a longer leftover of an earlier attempt."""
    path = tmp_path / "a"
    path.write_bytes(b"leftover" * 10_000)

    files.write_durably(path, content)

    assert files.read_bytes(path) == bytes(content)


def test_a_file_is_synced_before_it_is_closed_and_a_directory_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a power cut leaves a published name with nothing in it."""
    synced: list[str] = []

    def spy(descriptor: int) -> None:
        status = os.fstat(descriptor)
        is_directory = stat.S_ISDIR(status.st_mode)
        synced.append("directory" if is_directory else f"{status.st_size} bytes")

    monkeypatch.setattr(os, "fsync", spy)
    files.write_durably(tmp_path / "a", b"four")
    files.sync_directory(tmp_path)

    assert synced == ["4 bytes", "directory"]


def test_a_rename_replaces_in_one_step(tmp_path: Path) -> None:
    """A reader sees the old content or the new one."""
    (tmp_path / "CURRENT").write_bytes(b"old")
    (tmp_path / "CURRENT.new").write_bytes(b"new")

    files.replace(tmp_path / "CURRENT.new", tmp_path / "CURRENT")

    assert (tmp_path / "CURRENT").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (lambda root: files.make_directory(root / "absent" / "a"), "No such file or directory"),
        (lambda root: files.make_directory(root / "file"), "File exists"),
        (lambda root: files.write_durably(root, b"x"), "Is a directory"),
        (lambda root: files.replace(root / "absent", root / "file"), "No such file or directory"),
        (lambda root: files.sync_directory(root / "absent"), "No such file or directory"),
        (lambda root: files.sync_directory(root / "file"), "Not a directory"),
        (lambda root: files.read_bytes(root / "absent"), "No such file or directory"),
        (files.sha256_of_file, "Is a directory"),
        (lambda root: files.remove_tree(root / "file" / "below"), "Not a directory"),
    ],
)
def test_a_failure_is_one_error_with_its_cause(
    tmp_path: Path, operation: Callable[[Path], object], reason: str
) -> None:
    """Which path, what the system said, and what to check."""
    (tmp_path / "file").write_bytes(b"x")

    with pytest.raises(StoreUnavailableError, match=reason) as caught:
        operation(tmp_path)

    assert caught.value.path.startswith(str(tmp_path))
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StoreFullError),
        (errno.EDQUOT, StoreFullError),
        (errno.EFBIG, StoreFullError),
        (errno.EROFS, StoreReadOnlyError),
        (errno.EACCES, StoreReadOnlyError),
        (errno.EPERM, StoreReadOnlyError),
        (errno.EIO, StoreUnavailableError),
        (errno.EMFILE, StoreUnavailableError),
    ],
)
def test_each_failure_says_what_can_be_done_about_it(
    tmp_path: Path, number: int, kind: type[StoreUnavailableError]
) -> None:
    """Make room, give rights, or have the disk looked at: three decisions, three classes."""
    with (
        pytest.raises(StoreUnavailableError, match=re.escape(os.strerror(number))) as caught,
        files.reporting(tmp_path),
    ):
        raise OSError(number, os.strerror(number))

    assert type(caught.value) is kind


class TestShortWrites:
    """The system may take fewer bytes than it was given, and says so in a number alone."""

    def test_the_rest_is_written_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Seven bytes at a time."""
        write = os.write
        monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:7]))

        files.write_durably(tmp_path / "a", bytes(range(100)))

        assert (tmp_path / "a").read_bytes() == bytes(range(100))

    def test_a_disk_that_takes_nothing_is_full(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else the rest would be tried for ever."""
        monkeypatch.setattr(os, "write", lambda file, content: 0)

        with pytest.raises(StoreFullError, match="No space left"):
            files.write_durably(tmp_path / "a", b"x")


class TestParents:
    """Directories above a desk."""

    @pytest.mark.usefixtures("open_umask")
    def test_all_that_are_missing_are_made_as_the_umask_has_it(self, tmp_path: Path) -> None:
        """They are not ours to close."""
        files.make_parents(tmp_path / "a" / "b" / "desk")

        assert [mode(path) for path in (tmp_path / "a", tmp_path / "a" / "b")] == [0o777, 0o777]
        assert not (tmp_path / "a" / "b" / "desk").exists()

    def test_what_is_there_stays_as_it_is(self, tmp_path: Path) -> None:
        """Also its rights."""
        (tmp_path / "a").mkdir(mode=0o750)

        files.make_parents(tmp_path / "a" / "desk")

        assert mode(tmp_path / "a") == 0o750


def test_a_full_disk_is_an_error_and_not_a_short_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows at the latest when the file is synced."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(StoreFullError, match=r"No space left.*Check free space"):
        files.write_durably(tmp_path / "a", b"x")


class TestRemoving:
    """Old snapshots go; nothing beside them does."""

    def test_files_and_trees_are_removed(self, tmp_path: Path) -> None:
        """With everything in them."""
        (tmp_path / "tree" / "deep").mkdir(parents=True)
        (tmp_path / "tree" / "deep" / "a").write_bytes(b"x")
        (tmp_path / "file").write_bytes(b"x")

        files.remove_tree(tmp_path / "tree")
        files.remove_tree(tmp_path / "file")

        assert list(tmp_path.iterdir()) == []

    def test_what_is_absent_is_fine(self, tmp_path: Path) -> None:
        """Two rebuilds may clean up after the same one."""
        files.remove_tree(tmp_path / "absent")

        assert list(tmp_path.iterdir()) == []

    def test_a_link_is_removed_and_what_it_points_to_stays(self, tmp_path: Path) -> None:
        """A link named like a snapshot must not empty another directory."""
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "a").write_bytes(b"x")
        (tmp_path / "link").symlink_to(tmp_path / "outside")

        files.remove_tree(tmp_path / "link")

        assert (tmp_path / "outside" / "a").read_bytes() == b"x"
        assert not (tmp_path / "link").is_symlink()


def test_sizes_are_summed_over_all_files_below(tmp_path: Path) -> None:
    """Directories themselves count nothing; an absent one is empty."""
    (tmp_path / "a").write_bytes(b"123")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b").write_bytes(b"4567")

    assert files.size_bytes(tmp_path) == 7
    assert files.size_bytes(tmp_path / "absent") == 0


def test_a_directory_that_vanishes_in_the_middle_of_a_walk_is_passed_over(tmp_path: Path) -> None:
    """Snapshots are removed beside readers who count."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"123")
    (tmp_path / "file").write_bytes(b"12")

    walk = files.files_below(tmp_path)
    first = next(walk)
    files.remove_tree(tmp_path / "b")

    assert [first, *walk] == [tmp_path / "file", tmp_path / "a" / "file"]


def test_a_hash_is_that_of_the_bytes_however_they_are_read(tmp_path: Path) -> None:
    """FIPS 180-2 gives the hash of `abc`; the larger file is read in pieces."""
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    large = bytes(range(256)) * 10_000
    (tmp_path / "abc").write_bytes(b"abc")
    (tmp_path / "large").write_bytes(large)

    assert files.sha256_of(b"abc") == files.sha256_of_file(tmp_path / "abc") == abc
    assert files.sha256_of(memoryview(b"abc")) == abc
    assert files.sha256_of_file(tmp_path / "large") == hashlib.sha256(large).hexdigest()
