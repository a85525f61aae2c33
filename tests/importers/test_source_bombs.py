"""Exports made to do harm: refused in seconds and little memory (RELIABILITY 29)."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kbsearch.errors import SourceError
from kbsearch.importers.reading import archives, unpacking
from tests.importers.hostile import (
    ROW,
    ZipEntry,
    bzip2_bomb,
    cost_of_reading,
    deflated,
    gzip_bomb,
    raw_zip,
    tar_of,
    write,
    zip_of,
)
from tests.importers.reading import rows_of

GIGABYTE = 1_000_000_000

BOMBS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "zip that says so": (
        "unpacks to more than 990,012,900 bytes",
        lambda at: raw_zip(at / "x.zip", entry_of(10 * GIGABYTE, says=2**32 - 2)),
    ),
    "zip that lies about it": (
        "is damaged",
        lambda at: raw_zip(at / "x.zip", entry_of(10 * GIGABYTE, says=1000)),
    ),
    "zip whose entries are one": (
        "unpacks to more than 67,108,864 bytes",
        lambda at: raw_zip(at / "x.zip", entry_of(GIGABYTE // 10), times=100),
    ),
    "small zip whose entries are one": (
        "lie over one another",
        lambda at: raw_zip(at / "x.zip", entry_of(1_000_000, says=1000), times=100),
    ),
    "zip packed by bzip2": (
        "in a way that is not read",
        lambda at: raw_zip(at / "x.zip", ZipEntry(packed=b"BZh9", method=12)),
    ),
    "gzip": (
        "unpacks to more than 99,",
        lambda at: gzip_bomb(at / "tickets.csv.gz", GIGABYTE),
    ),
    "gzip of a JSON text": (
        "unpacks to more than 99,",
        lambda at: gzip_bomb(at / "tickets.json.gz", GIGABYTE, b'{"tickets": [{"a": "'),
    ),
    "bzip2": (
        "unpacks to more than 67,108,864 bytes",
        lambda at: bzip2_bomb(at / "tickets.jsonl.bz2", 10 * GIGABYTE),
    ),
    "tar.gz": ("unpacks to more than 99,", lambda at: gzip_bomb(at / "x.tar.gz", GIGABYTE)),
    "tar.bz2": (
        "unpacks to more than 67,108,864 bytes",
        lambda at: bzip2_bomb(at / "x.tar.bz2", 10 * GIGABYTE),
    ),
    "zip of a million entries": (
        "more than 100,000 entries",
        lambda at: raw_zip(at / "x.zip", ZipEntry(), times=1_000_000),
    ),
    "tar of too many entries": (
        "more than 100,000 entries",
        lambda at: write(at / "x.tar", tarfile.TarInfo("a.csv").tobuf() * 101_000),
    ),
}


def entry_of(n_bytes: int, *, says: int | None = None) -> ZipEntry:
    """An entry that unpacks to so much, whatever it says."""
    return ZipEntry("tickets.json", deflated(n_bytes), says or n_bytes, zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_seconds_and_little_memory(tmp_path: Path, bomb: str) -> None:
    """Ten gigabytes or a million names: at most 5 s and 200 MB, and a typed error."""
    reason, build = BOMBS[bomb]

    cost = cost_of_reading(build(tmp_path))

    assert cost.outcome.startswith("SourceError")
    assert reason in cost.outcome
    assert cost.n_rows == 0
    assert cost.peak_mb < 200
    assert cost.seconds < 5


def test_as_many_entries_as_allowed_are_read_within_the_same_limits(tmp_path: Path) -> None:
    """The limit is not beyond what can be done."""
    cost = cost_of_reading(raw_zip(tmp_path / "x.zip", ZipEntry(), times=archives.MAX_ENTRIES))

    assert cost.outcome == ""
    assert cost.peak_mb < 200
    assert cost.seconds < 5


@pytest.mark.parametrize("name", ["tickets.json", "tickets.jsonl", "x.zip"])
def test_json_of_any_depth_is_reported_within_the_same_limits(tmp_path: Path, name: str) -> None:
    """100,000 levels; the row behind it is read."""
    content = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n" + ROW + b"\n"
    packed = name.endswith(".zip")
    path = zip_of(tmp_path / name, {"tickets.jsonl": content}) if packed else tmp_path / name

    cost = cost_of_reading(path if packed else write(path, content))

    assert (cost.outcome, cost.n_rows) == ("it is nested deeper than 200 levels", 1)
    assert cost.peak_mb < 200
    assert cost.seconds < 5


class TestLimitsAreOnWhatIsRead:
    """What a header says is not believed."""

    def test_of_one_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An honest export that is larger than allowed is refused too."""
        monkeypatch.setattr(unpacking, "MAX_UNPACKED_FILE_BYTES", 1000)
        monkeypatch.setattr(archives, "MAX_UNPACKED_FILE_BYTES", 1000)
        rows = b"\n".join([ROW] * 100)
        zipped = zip_of(tmp_path / "x.zip", {"tickets.jsonl": rows})
        gzipped = write(tmp_path / "tickets.jsonl.gz", gzip.compress(rows))

        for path in (zipped, gzipped):
            with pytest.raises(SourceError, match="unpacks to more than 1,000 bytes"):
                rows_of(path, "tickets")

    @pytest.mark.parametrize(("name", "pack"), [("x.zip", zip_of), ("x.tar.gz", tar_of)])
    def test_of_all_files_together(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        pack: Callable[..., Path],
    ) -> None:
        """Before the first of them is read."""
        monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1000)
        files = {f"tickets-{n}.jsonl": b"\n".join([ROW] * 20) for n in range(9)}

        with pytest.raises(SourceError, match="unpacks to more than 1,000 bytes"):
            rows_of(pack(tmp_path / name, files), "no such table")

    def test_a_small_file_may_have_any_ratio(self, tmp_path: Path) -> None:
        """A table of one value repeated is no bomb."""
        rows = b"\n".join([ROW] * 100_000)
        path = zip_of(tmp_path / "x.zip", {"tickets.jsonl": rows})

        assert path.stat().st_size < len(rows) / unpacking.MAX_RATIO
        assert len(rows_of(path, "tickets")) == 100_000
