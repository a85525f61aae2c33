"""The writer's lock: one at a time, across threads, processes and forks, and free after any end."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbsearch.errors import LockedError, StoreError, StoreUnavailableError
from kbsearch.store import is_writer_at_work, writer_lock

_HOLD = """
import sys
from pathlib import Path
from kbsearch.store import writer_lock
with writer_lock(Path(sys.argv[1]), "internal"):
    print("held", flush=True)
    sys.stdin.readline()
"""

_TAKE = """
import sys
from pathlib import Path
from kbsearch.store import writer_lock
with writer_lock(Path(sys.argv[1]), "internal"):
    print("free")
"""

_FORK_WHILE_HELD = """
import os, subprocess, sys
from pathlib import Path
from kbsearch.errors import LockedError
from kbsearch.store import writer_lock
lock = Path(sys.argv[1])
with writer_lock(lock, "internal"):
    if (child := os.fork()) == 0:
        try:
            with writer_lock(lock, "internal"):
                os._exit(1)  # the child must not write beside its parent
        except LockedError as error:
            os._exit(0 if error.holder_pid == os.getppid() else 2)
    assert os.waitpid(child, 0)[1] == 0
    heir, finish = os.pipe()
    if (child := os.fork()) == 0:
        os.close(finish)
        os.read(heir, 1)  # lives until the parent has seen that it keeps nothing
        os._exit(0)
command = [sys.executable, "-c", sys.argv[2], str(lock)]
print(subprocess.run(command, capture_output=True, text=True).stdout)
os.close(finish)
os.waitpid(child, 0)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A LOCK file that does not exist yet."""
    return tmp_path / "LOCK"


@contextmanager
def held_by_another_process(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the lock and keeps it until told to end."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def take(lock: Path, *, timeout_s: float = 0.0) -> None:
    """Take the lock and give it back."""
    with writer_lock(lock, "internal", timeout_s=timeout_s):
        pass


def test_it_can_be_taken_again_and_again(lock: Path) -> None:
    """The file stays; the lock is not the file."""
    take(lock)
    take(lock)

    assert lock.exists()


def test_it_is_free_after_an_error_inside(lock: Path) -> None:
    """A failed write must not keep the next one out."""
    with pytest.raises(ValueError, match="a bug"), writer_lock(lock, "internal"):
        raise ValueError("a bug")

    take(lock)


def test_a_second_thread_is_told_at_once_who_holds_it(lock: Path) -> None:
    """`lockf` does not part threads of one process."""
    errors: list[LockedError] = []

    def second() -> None:
        try:
            take(lock)
        except LockedError as error:
            errors.append(error)

    with writer_lock(lock, "internal"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=30)

    assert not thread.is_alive()
    assert [(e.shelf, e.holder_pid) for e in errors] == [("internal", os.getpid())]
    take(lock)


def test_the_same_thread_is_refused_too(lock: Path) -> None:
    """A progress callback that writes would otherwise wait for itself for ever."""
    with writer_lock(lock, "internal"), pytest.raises(LockedError, match="is being written by"):
        take(lock)


def test_it_is_seen_to_be_held_without_taking_it(lock: Path) -> None:
    """A look from the holder's own process must not release the lock, as closing its file would."""
    command = [sys.executable, "-c", _TAKE, str(lock)]

    before = is_writer_at_work(lock)
    with writer_lock(lock, "internal"):
        here = is_writer_at_work(lock)
        other = subprocess.run(command, capture_output=True, text=True, check=False)
    with held_by_another_process(lock):
        elsewhere = is_writer_at_work(lock)
    content = lock.read_bytes()

    assert (before, here, elsewhere, is_writer_at_work(lock)) == (False, True, True, False)
    assert "is being written by" in other.stderr
    assert lock.read_bytes() == content


def test_a_look_at_it_makes_no_file(lock: Path) -> None:
    """Who may only read looks, too."""
    assert not is_writer_at_work(lock)
    assert not lock.exists()


def test_a_thread_that_waits_gets_it_when_it_is_free(lock: Path) -> None:
    """For an application whose threads take turns."""
    done: list[bool] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        take(lock, timeout_s=30)
        done.append(True)

    with writer_lock(lock, "internal"):
        thread = threading.Thread(target=second)
        thread.start()
        started.wait(timeout=30)
        assert done == []
    thread.join(timeout=30)

    assert done == [True]


def test_a_name_that_leads_to_the_same_file_is_the_same_lock(lock: Path, tmp_path: Path) -> None:
    """A desk that is reached through a link has the same one writer."""
    (tmp_path / "link").symlink_to(tmp_path)

    with writer_lock(lock, "internal"), pytest.raises(LockedError, match="is being written by"):
        take(tmp_path / "link" / "LOCK")


def test_two_shelves_are_written_side_by_side(lock: Path, tmp_path: Path) -> None:
    """Each has its own lock."""
    with writer_lock(lock, "internal"):
        take(tmp_path / "OTHER")


def test_a_second_process_is_told_who_holds_it(lock: Path) -> None:
    """The error names the process to look for."""
    with held_by_another_process(lock) as holder:
        with pytest.raises(LockedError, match=f"is being written by process {holder.pid}") as held:
            take(lock)

        assert (held.value.shelf, held.value.holder_pid) == ("internal", holder.pid)
        assert lock.read_text() == f"{holder.pid}\n"


def test_it_is_free_when_its_holder_is_killed(lock: Path) -> None:
    """kill -9 leaves no lock behind that someone would have to delete."""
    with held_by_another_process(lock) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=30)

        take(lock)

    assert lock.read_text() == f"{os.getpid()}\n"


def test_a_forked_child_neither_has_it_nor_keeps_it(lock: Path) -> None:
    """The child is refused with its parent's number, and its life does not prolong the lock."""
    run = subprocess.run(
        [sys.executable, "-c", _FORK_WHILE_HELD, str(lock), _TAKE],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "free", "")


@pytest.mark.parametrize("content", ["", "not a number\n", "\xff", "1\n"])
def test_a_holder_that_left_no_number_is_known_to_the_kernel(lock: Path, content: str) -> None:
    """Between taking the lock and writing its number a process has written none, or an old one."""
    with held_by_another_process(lock) as holder:
        lock.write_bytes(content.encode("latin-1"))

        with pytest.raises(LockedError, match="is being written by process") as held:
            take(lock)

    assert held.value.holder_pid == holder.pid


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_file_is_its_owners_alone(lock: Path, umask: int) -> None:
    """Whatever the umask."""
    before = os.umask(umask)
    try:
        take(lock)
    finally:
        os.umask(before)

    assert stat.S_IMODE(lock.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOLCK, StoreUnavailableError),
        (errno.EIO, StoreUnavailableError),
        (errno.EACCES, LockedError),
        (errno.EAGAIN, LockedError),
    ],
)
def test_only_a_lock_that_is_held_is_said_to_be_held(
    lock: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: type[StoreError]
) -> None:
    """A file system without locks is nobody's writing."""

    def fail(descriptor: int, command: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "lockf", fail)
    with pytest.raises(expected, match=r"LOCK|is being written"):
        take(lock)
    monkeypatch.undo()

    take(lock)


def test_a_directory_that_is_not_there_is_an_error_of_the_store(tmp_path: Path) -> None:
    """Not a FileNotFoundError from three layers below; and the mutex is free again."""
    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match="No such file or directory"):
            take(tmp_path / "missing" / "LOCK")
