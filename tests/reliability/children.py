"""Work in a process of its own, so that what kills it is a result and not the end of the run."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

Answer = TypeVar("Answer")
_KIB = 1024
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Child(NamedTuple):
    """
    How a forked child ended.

    Attributes:
        answer: What its work returned; None if it did not return.
        exit_code: 0; 1 after an error; minus the number of the signal that killed it.
        extra_bytes: How much its memory grew over that of its start, at most.
    """

    answer: Any
    exit_code: int
    extra_bytes: int


def in_a_forked_child(
    work: Callable[[], Answer],
    *,
    timeout_s: float = 600.0,
    headroom_bytes: int | None = None,
    user_id: int | None = None,
) -> Child:
    """
    Fork, work there, and say how it ended.

    Args:
        work: Returns something that pickles.
        timeout_s: Kill the child after so long; it fails the caller's test then.
        headroom_bytes: Address space that the child may take beyond what it is given.
        user_id: Become this user, with no rights of root.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(work, sender, headroom_bytes, user_id))
    child.start()
    sender.close()
    try:
        has_answered = receiver.poll(timeout_s)
        answer, extra = receiver.recv() if has_answered else (None, 0)
        assert has_answered, "the child hangs"
    except EOFError:  # an error or a signal ended it
        answer, extra = None, 0
    finally:
        child.join(5 if has_answered else 0)
        child.kill()
        child.join()
    return Child(answer, child.exitcode or 0, extra)


def address_space_bytes() -> int:
    """Of this process, now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE_BYTES


def resident_bytes() -> int:
    """Memory of this process that is not only reserved, now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES


def _run(
    work: Callable[[], object],
    sender: Connection,
    headroom_bytes: int | None,
    user_id: int | None,
) -> None:
    if user_id is not None:
        os.setgroups([])
        os.setgid(user_id)
        os.setuid(user_id)
    if headroom_bytes is not None:
        limit = address_space_bytes() + headroom_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    logging.disable()  # pytest keeps each record, and with it the errors and their frames
    before = _peak_bytes()
    answer = work()
    sender.send((answer, _peak_bytes() - before))
    sender.close()


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
