"""Fifty processes want to write at once: one does, the others are told at once which."""

from __future__ import annotations

import fcntl
import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import pytest

from kbsearch.errors import LockedError
from kbsearch.store import writer_lock

_N_PROCESSES = 50
_TIMEOUT_S = 60.0


class Taker(NamedTuple):
    """A way to become the one writer of a desk at `path`; what it gives holds until its end."""

    name: str
    take: Callable[[Path], AbstractContextManager[None]]


TAKERS = [Taker("the shelf's lock", lambda path: writer_lock(path / "LOCK", "internal"))]
"""Whatever else makes a process the writer belongs here, too."""


@pytest.fixture(params=TAKERS, ids=lambda taker: taker.name)
def taker(request: pytest.FixtureRequest) -> Taker:
    """Each of them."""
    found: Taker = request.param
    return found


@pytest.fixture
def children() -> Iterator[list[int]]:
    """Process ids; what still lives at the end of a test is killed."""
    started: list[int] = []
    yield started
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue


def fork(work: Callable[[], None], children: list[int]) -> int:
    """A child that does this work and nothing else."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    children.append(pid)
    return pid


def test_one_of_fifty_runs_and_the_others_learn_its_number_within_a_second(
    taker: Taker, tmp_path: Path, children: list[int]
) -> None:
    """They start at the same moment; the one goes on until all others have been refused."""
    begin, go = os.pipe()
    answers, answer = os.pipe()
    end, finish = os.pipe()

    def compete() -> None:
        os.close(go)
        os.close(finish)
        os.read(begin, 1)  # returns in all of them when the parent closes its end
        started = time.monotonic()
        try:
            with taker.take(tmp_path):
                os.write(answer, f"{os.getpid()} {os.getpid()} 0\n".encode())
                os.read(end, 1)
        except LockedError as error:
            elapsed = time.monotonic() - started
            os.write(answer, f"{os.getpid()} {error.holder_pid} {elapsed}\n".encode())

    for _ in range(_N_PROCESSES):
        fork(compete, children)
    os.close(answer)
    os.close(go)
    with os.fdopen(answers) as lines:
        told = [next(lines).split() for _ in children]
        os.close(finish)

    (holder,) = [own for own, held_by, _ in told if own == held_by]
    assert {held_by for _, held_by, _ in told} == {holder}
    assert {own for own, _, _ in told} == {str(pid) for pid in children}
    assert max(float(elapsed) for _, _, elapsed in told) <= 1.0


def seconds_until_free(taker: Taker, path: Path, children: list[int], *, limit_s: float) -> float:
    """From the kill of a holder whose own child lives on, until another process has the lock."""
    held, holds = os.pipe()

    def hold() -> None:
        with taker.take(path):
            if os.fork() == 0:
                os.write(holds, f"{os.getpid()}\n".encode())
                time.sleep(_TIMEOUT_S)
                os._exit(0)
            time.sleep(_TIMEOUT_S)

    holder = fork(hold, children)
    heir = int(os.read(held, 20))
    try:
        started = time.monotonic()
        os.kill(holder, signal.SIGKILL)
        while (elapsed := time.monotonic() - started) < limit_s:
            try:
                with taker.take(path):
                    return time.monotonic() - started
            except LockedError:
                continue
        return elapsed
    finally:
        os.kill(heir, signal.SIGKILL)
        os.close(held)
        os.close(holds)


def test_the_lock_is_free_a_tenth_of_a_second_after_its_holder_was_killed(
    taker: Taker, tmp_path: Path, children: list[int]
) -> None:
    """Though a child that the holder forked lives on; the median of nine kills."""
    waits = [seconds_until_free(taker, tmp_path, children, limit_s=30) for _ in range(9)]

    assert statistics.median(waits) <= 0.1


def test_a_lock_that_forked_children_inherit_would_stay_held(
    tmp_path: Path, children: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: `flock` belongs to the open file, which the surviving child has, too."""
    monkeypatch.setattr(fcntl, "lockf", fcntl.flock)

    assert seconds_until_free(TAKERS[0], tmp_path, children, limit_s=0.5) >= 0.5
