"""Archives: read like folders; links, names that lead out and damage are typed errors."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import random
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbsearch.errors import SourceError
from kbsearch.importers.places import Skipped
from kbsearch.importers.reading.source import open_source
from tests.importers.hostile import (
    ROW,
    ZipEntry,
    raw_zip,
    tar_of,
    write,
    zip_of,
)
from tests.importers.reading import rows_of

FILES = {
    "export/users.csv": b"id,name\n7,Ann\n",
    "export/tickets-2.json": b'[{"id": 2}]',
    "export/tickets-1.jsonl": b'{"id": 1}\n',
    "export/.hidden/tickets.json": b'[{"id": 666}]',
    "__MACOSX/export/._tickets.json": b"\x00\x05\x16\x07",
    "export/.DS_Store": b"\x00\x00\x00\x01Bud1",
}
PACKERS: dict[str, Callable[..., Path]] = {
    "x.zip": zip_of,
    "x.ZIP": zip_of,
    "x.tar": tar_of,
    "x.tar.gz": tar_of,
    "x.tgz": tar_of,
    "x.tar.bz2": tar_of,
}


def refusal_of(path: Path) -> str:
    """Why an export is refused when its tickets are read."""
    with pytest.raises(SourceError) as caught:
        rows_of(path, "tickets", main=True)
    return caught.value.reason


class TestAnArchive:
    """It is a folder for those who read it."""

    @pytest.mark.parametrize("name", PACKERS)
    def test_is_read_like_a_folder(self, tmp_path: Path, name: str) -> None:
        """Files by name, whatever their order in the archive; litter is passed over."""
        path = PACKERS[name](tmp_path / name, FILES)

        with open_source(path) as source:
            names = [file.name for file in source.files()]
            left_out = source.left_out

        assert names == ["export/tickets-1.jsonl", "export/tickets-2.json", "export/users.csv"]
        assert rows_of(path, "tickets") == [{"id": 1}, {"id": 2}]
        assert rows_of(path, "users") == [{"id": "7", "name": "Ann"}]
        assert left_out == ()

    @pytest.mark.parametrize("kind", ["PAX_FORMAT", "GNU_FORMAT", "USTAR_FORMAT"])
    def test_of_every_kind_of_tar_is_read(self, tmp_path: Path, kind: str) -> None:
        """Long names and letters of any script are written in three ways."""
        long = "a" * 90 + "/" + "b" * 70 + "/tickets.json"
        entries = {long: b'[{"id": 1}]', "größe/tickets.json": b'[{"id": 2}]', "empty.csv": b""}
        path = tar_of(tmp_path / "x.tar", entries, kind=getattr(tarfile, kind))

        with open_source(path) as source:
            names = [file.name for file in source.files()]

        assert names == [long, "empty.csv", "größe/tickets.json"]
        assert rows_of(path, "tickets") == [{"id": 1}, {"id": 2}]

    def test_may_be_packed_by_windows(self, tmp_path: Path) -> None:
        """Some tools part folders with backslashes."""
        path = raw_zip(tmp_path / "x.zip", ZipEntry(name="export\\tickets.json"))

        with open_source(path) as source:
            assert [file.name for file in source.files()] == ["export/tickets.json"]

    @pytest.mark.parametrize("name", PACKERS)
    def test_may_be_read_at_several_places_at_once(self, tmp_path: Path, name: str) -> None:
        """Comments are read while the tickets are."""
        tickets = b"\n".join(b'{"id": %d}' % n for n in range(5000))
        path = PACKERS[name](tmp_path / name, {"a.jsonl": tickets, "b.jsonl": tickets})

        with open_source(path) as source:
            pairs = list(zip(source.table("a"), source.table("b"), strict=True))

        assert len(pairs) == 5000
        assert all(one.values == other.values for one, other in pairs)  # type: ignore[union-attr]

    def test_within_an_export_is_not_opened(self, tmp_path: Path) -> None:
        """Nobody knows what would come out, how deep it goes, or whose it is."""
        inner = zip_of(tmp_path / "in.zip", {"tickets.json": b'[{"id": 666}]'}).read_bytes()
        entries = {"in.zip": inner, "in.tar.gz": b"x", "in.7z": b"x", "tickets.json": b"[]"}
        path = zip_of(tmp_path / "x.zip", entries)

        with open_source(path) as source:
            left_out = source.left_out

        assert rows_of(path, "tickets") == []
        assert [str(each.place) for each in left_out] == ["in.7z", "in.tar.gz", "in.zip"]
        assert all(isinstance(each, Skipped) for each in left_out)

    def test_that_holds_a_file_twice_gives_the_later_one(self, tmp_path: Path) -> None:
        """As unpacking it would; that there were two is told."""
        path = tmp_path / "x.tar"
        with tarfile.open(path, "w") as archive:
            for content in (b'[{"id": 1}]', b'[{"id": 2}]'):
                entry = tarfile.TarInfo("tickets.json")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))

        with open_source(path) as source:
            assert [str(each.place) for each in source.left_out] == ["tickets.json"]
        assert rows_of(path, "tickets") == [{"id": 2}]

    @pytest.mark.parametrize("name", ["x.7z", "x.rar", "x.tar.xz", "x.tar.zst"])
    def test_of_another_kind_is_refused(self, tmp_path: Path, name: str) -> None:
        """With what to do now."""
        assert "Unpack it yourself" in refusal_of(write(tmp_path / name, b"x"))


OUTSIDE = [
    "../tickets.json",
    "a/../../t.json",
    "/etc/t.json",
    "..\\t.json",
    "C:\\t.json",
    "C:t.json",
]


class TestEntriesThatAreNoFilesOfTheExport:
    """The whole archive is refused: no exporter writes such."""

    @pytest.mark.parametrize("name", OUTSIDE)
    @pytest.mark.parametrize("kind", ["zip", "tar"])
    def test_a_name_that_leads_out(self, tmp_path: Path, name: str, kind: str) -> None:
        """Nothing is written by its name, and nothing should take it for one of the export's."""
        path = tmp_path / f"x.{kind}"
        if kind == "zip":
            raw_zip(path, ZipEntry(name=name))
        else:
            tar_of(path, {name: ROW})

        assert "would lie outside of it" in refusal_of(path)

    @pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
    def test_a_link_or_a_device_in_a_zip(self, tmp_path: Path, mode: int) -> None:
        """Its content would be the path that it leads to."""
        path = raw_zip(tmp_path / "x.zip", ZipEntry(packed=b"/etc/passwd", mode=mode | 0o777))

        assert "is no file: a link, a device or a pipe" in refusal_of(path)

    @pytest.mark.parametrize(
        "kind",
        [
            tarfile.SYMTYPE,
            tarfile.LNKTYPE,
            tarfile.CHRTYPE,
            tarfile.BLKTYPE,
            tarfile.FIFOTYPE,
            tarfile.GNUTYPE_SPARSE,
            b"M",
        ],
    )
    def test_a_link_a_device_or_a_file_with_holes_in_a_tar(
        self, tmp_path: Path, kind: bytes
    ) -> None:
        """Holes are a bomb that needs no compression; of unknown kinds nothing is known."""
        entry = tarfile.TarInfo("tickets.json")
        entry.type, entry.linkname = kind, "/etc/passwd"
        path = write(tmp_path / "x.tar", entry.tobuf() + bytes(1024))

        assert "is no file: a link, a device or a pipe" in refusal_of(path)

    def test_holes_as_pax_headers_tell_them(self, tmp_path: Path) -> None:
        """The newer way to write them, in which the entry looks like any file."""
        path = tmp_path / "x.tar"
        entry = tarfile.TarInfo("tickets.json")
        entry.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": "10000000000"}
        with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
            archive.addfile(entry)

        assert "is no file" in refusal_of(path)

    def test_a_name_with_escape_codes_is_shown_without_them(self, tmp_path: Path) -> None:
        """In places and in messages: a terminal would obey them."""
        name = "\x1b[2Jtickets\u202e.json"
        shown = "\ufffd[2Jtickets\ufffd.json"
        path = zip_of(tmp_path / "x.zip", {name: b"<"})

        assert rows_of(path, "tickets", main=True) == [f"{shown}: it is not JSON"]
        assert "\x1b" not in refusal_of(raw_zip(path, ZipEntry(name=f"../{name}")))


class TestDamage:
    """A damaged archive is a typed error, never half an export that looks whole."""

    def test_an_encrypted_entry(self, tmp_path: Path) -> None:
        """No password is asked for."""
        assert "it is encrypted" in refusal_of(raw_zip(tmp_path / "x.zip", ZipEntry(flags=1)))

    @pytest.mark.parametrize(
        "entry", [ZipEntry(flags=0x20), ZipEntry(flags=0x40), ZipEntry(method=9)]
    )
    def test_an_entry_of_a_kind_that_nobody_writes(self, tmp_path: Path, entry: ZipEntry) -> None:
        """Patches, strong encryption, Deflate64: known to the format, not to Python."""
        assert refusal_of(raw_zip(tmp_path / "x.zip", entry))

    @pytest.mark.parametrize("name", [*PACKERS, "tickets.jsonl.gz", "tickets.jsonl.bz2"])
    @pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
    def test_an_archive_that_is_cut_off(self, tmp_path: Path, name: str, kept: float) -> None:
        """As an interrupted download leaves it."""
        rows = random.Random(3).randbytes(30_000).hex().encode()
        if name in PACKERS:
            path = PACKERS[name](tmp_path / name, {"a.jsonl": rows, "tickets.jsonl": rows})
        else:
            packed = gzip.compress(rows) if name.endswith("gz") else bz2.compress(rows)
            path = write(tmp_path / name, packed)
        whole = path.read_bytes()
        write(path, whole[: int(kept * len(whole))])

        assert refusal_of(path)

    @pytest.mark.parametrize("name", ["x.zip", "tickets.jsonl.gz", "tickets.jsonl.bz2"])
    def test_a_checksum_that_does_not_fit(self, tmp_path: Path, name: str) -> None:
        """The text may be another than the one that was exported."""
        if name == "x.zip":
            path = raw_zip(tmp_path / name, ZipEntry())
            write(path, path.read_bytes().replace(b"Door bell", b"Door ball"))
        else:
            pack: Any = gzip if name.endswith("gz") else bz2
            content = bytearray(pack.compress(ROW))
            content[-6] ^= 1
            path = write(tmp_path / name, bytes(content))

        assert "damaged" in refusal_of(path)

    @pytest.mark.parametrize("name", PACKERS)
    def test_a_file_that_is_no_archive(self, tmp_path: Path, name: str) -> None:
        """Renamed, empty, or an error page."""
        for content in (b"", b"<html>Not found</html>", b"\0" * 40, os.urandom(2000)):
            assert refusal_of(write(tmp_path / name, content))

    @pytest.mark.parametrize("name", ["x.zip", "x.tar"])
    def test_any_byte_may_be_wrong(self, tmp_path: Path, name: str) -> None:
        """What can be read is read, or the error is typed; nothing else comes out."""
        rng = random.Random(7)
        whole = PACKERS[name](tmp_path / name, FILES).read_bytes()
        n_refused = 0
        for _ in range(400):
            content = bytearray(whole)
            for _ in range(rng.choice([1, 1, 4])):
                content[rng.randrange(len(content))] = rng.choice([0, 0xFF, rng.randrange(256)])
            path = write(tmp_path / name, bytes(content))
            try:
                rows_of(path, "tickets", "users")
            except SourceError:
                n_refused += 1

        assert n_refused > 40

    def test_a_zip_in_a_zip_named_otherwise_is_no_table(self, tmp_path: Path) -> None:
        """Formats are told by names alone; a text file of noise gives problems."""
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("tickets.json", "[]")
        path = zip_of(tmp_path / "x.zip", {"tickets.json": inner.getvalue()})

        assert rows_of(path, "tickets") == ["tickets.json: it is not JSON"]
