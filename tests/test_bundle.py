"""A bundle: what is in it, where it may stand, and what is not exported."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase, Settings
from kbsearch.config import EmbedderSettings, StoreSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import (
    AudienceError,
    ConfigError,
    EmbedderMismatchError,
    UnsoundShelfError,
)
from kbsearch.files import sha256_of_file
from kbsearch.indexing.content import snapshot_content
from kbsearch.sharing.bundles import records as bundle_records
from kbsearch.snapshots import SnapshotContent
from kbsearch.store import is_writer_at_work
from tests.builders import article
from tests.bundles import QUERY, filled, opened
from tests.disk import bytes_of, flip_a_bit
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids
from tests.spies import SpyEmbedder

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_HEADER = 100  # bytes of SQLite's own, which count writes


@pytest.fixture
def library(desk: KnowledgeBase) -> KnowledgeBase:
    """A desk with a few documents of both audiences."""
    return filled(desk)


class TestWhatIsInIt:
    """The documents that customers read, and what searching them needs."""

    def test_a_bundle_answers_customers_as_its_desk_does(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """Hits, scores, snippets and counts, of articles and of tickets' public faces."""
        library.export_shelf("external", tmp_path / "public.kb")
        library.rebuild()  # the bundle is folded

        with opened(tmp_path / "public.kb") as bundle:
            theirs, ours = bundle.searcher(EXTERNAL), library.searcher(EXTERNAL)
            assert ids(theirs.search(QUERY)) == ["kb:vpn", "desk:2", "desk:p", "kb:mfa"]
            assert theirs.search(QUERY) == ours.search(QUERY)
            assert theirs.get("desk:p") == ours.get("desk:p")
            assert theirs.count() == 4

    def test_the_report_says_what_was_written(self, library: KnowledgeBase, tmp_path: Path) -> None:
        """Two articles with a title each, two tickets; five passages of text; nothing left out."""
        report = library.export_shelf(EXTERNAL, tmp_path / "public.kb")

        files = [path for path in (tmp_path / "public.kb").rglob("*") if path.is_file()]
        assert (report.n_articles, report.n_tickets, report.n_passages) == (2, 2, 7)
        assert (report.n_pending, report.n_expired, report.n_embedded) == (0, 0, 0)
        assert report.n_files == len(files)
        assert report.size_bytes == sum(path.stat().st_size for path in files)
        assert report.sha256 == sha256_of_file(tmp_path / "public.kb" / "BUNDLE")
        assert not report.is_replacement
        assert report.local_model is None

    def test_its_list_names_every_other_file(self, library: KnowledgeBase, tmp_path: Path) -> None:
        """With size and hash, and nothing of when, where or from what."""
        library.export_shelf("external", tmp_path / "public.kb")

        contents = bytes_of(tmp_path / "public.kb")
        listed = json.loads(contents.pop("BUNDLE"))
        assert {n: e["size_bytes"] for n, e in listed.pop("files").items()} == {
            name: len(content) for name, content in contents.items()
        }
        assert listed == {
            "format": 1,
            "shelf": "external",
            "kbsearch": "0.1.0",
            "snapshot": 1,
            "n_documents": 4,
            "n_passages": 7,
            "includes_pending": False,
        }

    def test_it_has_the_settings_that_serving_needs_and_no_others(
        self, tmp_path: Path, hashing_embedder: HashingEmbedder
    ) -> None:
        """How long staff's writers wait, or a comment of theirs, is nobody's business."""
        own = Settings(
            embedder=EmbedderSettings(kind="hashing", model="/models/zqplace"),
            store=StoreSettings(lock_wait_s=77.0),
        )
        with KnowledgeBase.create(
            tmp_path / "support.kb", settings=own, embedder=hashing_embedder
        ) as kb:
            report = kb.export_shelf("external", tmp_path / "public.kb")

        written = (tmp_path / "public.kb" / "kbsearch.toml").read_text()
        sections = [line for line in written.splitlines() if line.startswith("[")]
        assert sections == [
            *("[embedder]", "[passages]", "[words]", "[cleaning]", "[redaction]", "[ranking]"),
            "[reranker]",
        ]
        assert "77" not in written
        assert report.local_model == "/models/zqplace"

    def test_nothing_is_embedded(self, tmp_path: Path) -> None:
        """Vectors are copied: an hour of a model's work is not done again."""
        spy = SpyEmbedder()
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=spy) as kb:
            kb.upsert(LIBRARY)
            n_before = len(spy.calls)
            kb.export_shelf("external", tmp_path / "public.kb")

        assert len(spy.calls) == n_before

    def test_an_empty_shelf_gives_a_bundle_that_finds_nothing(
        self, desk: KnowledgeBase, tmp_path: Path
    ) -> None:
        """A desk that has published nothing yet."""
        desk.upsert([article("i", "the root password", INTERNAL)])
        desk.export_shelf("external", tmp_path / "public.kb")

        with opened(tmp_path / "public.kb") as bundle:
            result = bundle.searcher(EXTERNAL).search("the root password")
            assert (len(result), result.note) == (0, "Nothing is indexed for this audience yet.")
            assert bundle.check(EXTERNAL).is_sound

    def test_two_thousand_documents(self, desk: KnowledgeBase, tmp_path: Path) -> None:
        """More than one piece, more than one page of every table."""
        desk.upsert([article(f"n{n}", f"answer number {n} of many", EXTERNAL) for n in range(2000)])
        report = desk.export_shelf("external", tmp_path / "public.kb")

        with opened(tmp_path / "public.kb") as bundle:
            assert bundle.searcher(EXTERNAL).search("1234", k=1).hits[0].id == "kb:n1234"
            assert bundle.check(EXTERNAL).is_sound
        assert report.n_articles == 2000

    def test_its_database_has_no_byte_that_is_in_use_no_more(
        self, desk: KnowledgeBase, tmp_path: Path
    ) -> None:
        """Pages that SQLite has split keep what moved; written anew, the file has none."""
        desk.upsert([article(f"n{n}", f"answer number {n} of many", EXTERNAL) for n in range(300)])
        desk.export_shelf("external", tmp_path / "public.kb")
        file = tmp_path / "public.kb" / "external" / "records.sqlite"
        before = file.read_bytes()

        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")

        assert file.read_bytes()[_HEADER:] == before[_HEADER:]


class TestDates:
    """Whoever has the files can read what no search shows yet."""

    @pytest.fixture
    def dated(self, desk: KnowledgeBase) -> KnowledgeBase:
        """Before, during and after its time."""
        desk.upsert(
            [
                article("soon", "launch of the zqsoon", EXTERNAL, valid_from=NOON + _HOUR),
                article("now", "valid", EXTERNAL, valid_from=NOON, valid_until=NOON + _HOUR),
                article("over", "end of the zqover", EXTERNAL, valid_until=NOON),
            ]
        )
        return desk

    def test_what_customers_must_not_read_now_is_left_out(
        self, dated: KnowledgeBase, tmp_path: Path
    ) -> None:
        """And counted, for staff alone."""
        report = dated.export_shelf("external", tmp_path / "public.kb", clock=lambda: NOON)

        whole = b"".join(bytes_of(tmp_path / "public.kb").values())
        assert (report.n_articles, report.n_pending, report.n_expired) == (1, 1, 1)
        assert b"zqsoon" not in whole
        assert b"zqover" not in whole

    def test_pending_articles_go_along_if_that_is_wanted(
        self, dated: KnowledgeBase, tmp_path: Path
    ) -> None:
        """They are found from their date on without another export; expired ones never."""
        report = dated.export_shelf(
            "external", tmp_path / "public.kb", include_pending=True, clock=lambda: NOON
        )

        assert (report.n_articles, report.n_pending, report.n_expired) == (2, 0, 1)
        with opened(tmp_path / "public.kb") as bundle:
            before = bundle.searcher(EXTERNAL, clock=lambda: NOON).search("launch")
            after = bundle.searcher(EXTERNAL, clock=lambda: NOON + _HOUR).search("launch")
        assert ids(before) == []
        assert ids(after) == ["kb:soon"]


class TestWhereItMayStand:
    """Nothing that stands somewhere is lost."""

    def test_an_empty_directory_is_filled(self, library: KnowledgeBase, tmp_path: Path) -> None:
        """And a folder above that is not there is made."""
        (tmp_path / "empty").mkdir()

        library.export_shelf("external", tmp_path / "empty")
        library.export_shelf("external", tmp_path / "new" / "public.kb")

        assert bytes_of(tmp_path / "empty") == bytes_of(tmp_path / "new" / "public.kb")

    @pytest.mark.parametrize("name", ["file", "folder"])
    @pytest.mark.parametrize("replace", [False, True])
    def test_what_is_no_bundle_is_never_replaced(
        self, library: KnowledgeBase, tmp_path: Path, name: str, replace: bool
    ) -> None:
        """A slip of the hand would lose a home directory."""
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "letter").write_text("mine")
        (tmp_path / "file").write_text("mine")

        with pytest.raises(ConfigError, match="is no bundle; nothing in it was changed"):
            library.export_shelf("external", tmp_path / name, replace=replace)

        assert (tmp_path / "folder" / "letter").read_text() == "mine"
        assert (tmp_path / "file").read_text() == "mine"

    def test_an_older_bundle_is_replaced_only_if_that_is_said(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """The word is --replace, and the error says so."""
        library.export_shelf("external", tmp_path / "public.kb")

        with pytest.raises(ConfigError, match="repeat with `--replace`"):
            library.export_shelf("external", tmp_path / "public.kb")

    @pytest.mark.parametrize("place", ["support.kb/public", "support.kb/external/x", ".", "link"])
    def test_a_place_on_the_desk_is_refused(
        self, library: KnowledgeBase, tmp_path: Path, place: str
    ) -> None:
        """It would become a part of what is exported, or take its place; by a link, too."""
        (tmp_path / "link").symlink_to(library.path / "internal")

        with pytest.raises(ConfigError, match="is on the desk that is to be exported"):
            library.export_shelf("external", tmp_path / place, replace=True)

    @pytest.mark.parametrize("umask", [0o000, 0o077])
    def test_it_is_its_owners_alone(
        self, library: KnowledgeBase, tmp_path: Path, umask: int
    ) -> None:
        """Who may read it is for whoever copies it to say."""
        before = os.umask(umask)
        try:
            library.export_shelf("external", tmp_path / "public.kb")
        finally:
            os.umask(before)

        made = [tmp_path / "public.kb", *(tmp_path / "public.kb").rglob("*")]
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in made}
        assert modes == {(True, 0o700), (False, 0o600)}

    def test_nothing_is_left_beside_it(self, library: KnowledgeBase, tmp_path: Path) -> None:
        """No draft and no older bundle."""
        library.export_shelf("external", tmp_path / "out" / "public.kb")
        library.export_shelf("external", tmp_path / "out" / "public.kb", replace=True)

        assert [path.name for path in (tmp_path / "out").iterdir()] == ["public.kb"]

    def test_what_a_killed_export_left_goes_with_the_next_one(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """It is a copy of customers' documents that nobody looks after."""
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        left = tmp_path / "out" / f".public.kb.new-{gone.pid}"
        (left / "external").mkdir(parents=True)
        (left / "external" / "records.sqlite").write_bytes(b"whole documents")

        library.export_shelf("external", tmp_path / "out" / "public.kb")

        assert [path.name for path in (tmp_path / "out").iterdir()] == ["public.kb"]

    def test_what_is_being_written_or_is_another_ones_stays(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """A living process, also of another user, a bundle of another name, and no number."""
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        names = [
            *(f".public.kb.new-{pid}" for pid in (os.getppid(), 1)),
            *(f".other.kb.new-{gone.pid}", f"public.kb.new-{gone.pid}"),
            *(f".public.kb.new-{odd}" for odd in ("", "0", "-1", "x", f"{gone.pid}.old", "9" * 40)),
        ]
        for name in names:
            (tmp_path / "out" / name).mkdir(parents=True)

        library.export_shelf("external", tmp_path / "out" / "public.kb")

        there = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert there == sorted(["public.kb", *names])


class TestWhatIsNotExported:
    """Fail closed."""

    def test_the_shelf_of_staff(self, library: KnowledgeBase, tmp_path: Path) -> None:
        """There is no reading of that word which gives it away."""
        with pytest.raises(ConfigError, match="'internal' is not exported"):
            library.export_shelf("internal", tmp_path / "public.kb")

    @pytest.mark.parametrize("shelf", ["", "External", "external ", "both"])
    def test_a_shelf_that_is_not_named_exactly(
        self, library: KnowledgeBase, tmp_path: Path, shelf: str
    ) -> None:
        """Nothing is guessed."""
        with pytest.raises(AudienceError, match="Name the readers"):
            library.export_shelf(shelf, tmp_path / "public.kb")

    @pytest.mark.parametrize(("name", "at"), [("records.sqlite", b"kb:vpn"), ("CURRENT", None)])
    def test_a_damaged_shelf(
        self, library: KnowledgeBase, tmp_path: Path, name: str, at: bytes | None
    ) -> None:
        """What it would hold is not what was written."""
        flip_a_bit(library.path / "external" / name, at)

        with pytest.raises(UnsoundShelfError, match="Run `kbsearch check --audience external`"):
            library.export_shelf("external", tmp_path / "public.kb")

        assert not (tmp_path / "public.kb").exists()

    def test_a_desk_that_has_not_finished_forgetting(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """What is to be forgotten everywhere must not get to another host meanwhile."""
        (library.path / "internal" / "FORGETTING").write_text("{}")

        with pytest.raises(UnsoundShelfError, match="is to be forgotten and is not yet"):
            library.export_shelf("external", tmp_path / "public.kb")

    @pytest.mark.parametrize("n_changes", [1, 4])
    def test_a_document_that_is_withdrawn_while_it_is_copied(
        self,
        library: KnowledgeBase,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        n_changes: int,
    ) -> None:
        """The copy is begun again: a bundle is of one state, and not of one that is over."""
        leaving = [["kb:vpn"], ["kb:mfa"], ["desk:2"], ["desk:p"]][:n_changes]

        def and_then_withdraw(*arguments: Any, **named: Any) -> SnapshotContent:
            content = snapshot_content(*arguments, **named)
            if leaving and not is_locked():
                with KnowledgeBase.open(library.path, embedder=HashingEmbedder()) as other:
                    other.withdraw(leaving.pop())
            return content

        def is_locked() -> bool:
            return is_writer_at_work(library.path / "external" / "LOCK")

        monkeypatch.setattr(bundle_records, "snapshot_content", and_then_withdraw)
        library.export_shelf("external", tmp_path / "public.kb")
        found = library.check_bundle(tmp_path / "public.kb")

        assert len(leaving) == max(0, n_changes - 3)  # the fourth copy keeps others waiting
        assert found.is_current

    def test_a_shelf_of_another_embedder_than_the_settings_name(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """The bundle's own settings could not search it."""
        with (
            KnowledgeBase.open(library.path, embedder=HashingEmbedder(8)) as other,
            pytest.raises(EmbedderMismatchError, match="run `kbsearch rebuild`"),
        ):
            other.export_shelf("external", tmp_path / "public.kb")
