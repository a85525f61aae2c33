"""Texts that do not fit in memory: kept in order, and nothing of them stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kbsearch.store.spool import Spool

_LARGE = "x" * 1000


def test_texts_come_back_under_their_keys_in_order_once() -> None:
    """A key is any text: a lone surrogate and NUL too."""
    spool = Spool()
    for key, text in [("a", "1"), ("\ud800", "2"), ("a", "3"), ("", "4"), ("a\0", "5")]:
        spool.add(key, text)

    assert spool.take("a") == ["1", "3"]
    assert spool.take("a") == []
    assert (spool.take("\ud800"), spool.take("a\0"), spool.take("b")) == (["2"], ["5"], [])
    assert list(spool.remaining()) == ["4"]
    spool.close()


def test_more_may_come_after_some_were_taken() -> None:
    """Taking sorts what is there; what follows is found as well."""
    spool = Spool()
    spool.add("a", "1")

    assert spool.take("a") == ["1"]
    spool.add("a", "2")
    assert spool.take("a") == ["2"]
    spool.close()


def test_what_remains_keeps_its_order_over_gaps() -> None:
    """So that problems are told in the order of the export."""
    spool = Spool()
    for number in range(100):
        spool.add(str(number % 10), str(number))
    for key in "13579":
        spool.take(key)

    assert list(spool.remaining()) == [str(number) for number in range(0, 100, 2)]
    spool.close()


def test_an_empty_spool_has_nothing() -> None:
    """And may be closed twice."""
    spool = Spool()

    assert spool.take("a") == []
    assert list(spool.remaining()) == []
    spool.close()
    spool.close()


def _files_without_a_name() -> list[os.stat_result]:
    """What this process has open that stands in no folder."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            is_nameless = descriptor.readlink().name.endswith(" (deleted)")
        except FileNotFoundError:  # the one that lists the folder
            continue
        if is_nameless:
            found.append(descriptor.stat())
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
def test_what_exceeds_memory_is_in_a_file_without_a_name_that_its_owner_alone_may_read() -> None:
    """Tickets are personal data: nothing may be left for others, or for later."""
    before = len(_files_without_a_name())
    spool = Spool()
    for number in range(20_000):
        spool.add(str(number), _LARGE)

    files = _files_without_a_name()[before:]

    assert [oct(file.st_mode & 0o777) for file in files] == ["0o600"]
    assert files[0].st_size > 8_000_000
    assert files[0].st_nlink == 0
    assert spool.take("19999") == [_LARGE]
    spool.close()
    assert len(_files_without_a_name()) == before


_FILL = """
import os, signal, sys
from kbsearch.store.spool import Spool
spool = Spool()
for number in range(20_000):
    spool.add(str(number), "x" * 1000)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_is_left_when_the_process_is_killed(tmp_path: Path) -> None:
    """No clean-up runs then."""
    environment = {**os.environ, "SQLITE_TMPDIR": str(tmp_path)}

    killed = subprocess.run([sys.executable, "-c", _FILL], env=environment, timeout=60, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


_FILL_A_SMALL_DISK = """
import resource, signal
from kbsearch.errors import StoreUnavailableError
from kbsearch.store.spool import Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
spool = Spool()
try:
    for number in range(100_000):
        spool.add(str(number), "x" * 1000)
except StoreUnavailableError as error:
    print(error)
"""


def test_a_full_disk_is_a_typed_error_that_names_the_temporary_folder() -> None:
    """Rows that could not be kept must not be missing in silence."""
    printed = subprocess.run(
        [sys.executable, "-c", _FILL_A_SMALL_DISK],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout

    assert "temporary folder, see TMPDIR" in printed
    assert "Check free space" in printed


def test_a_text_with_a_lone_surrogate_is_refused() -> None:
    """It could not be given back as it was; who writes JSON escapes it."""
    spool = Spool()

    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        spool.add("a", "\ud800")
    spool.close()
