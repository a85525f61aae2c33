"""
Damage by chance, thousands of times: found before a parser sees it, and never an answer.

`test_snapshot_damage`, `test_damage` and `test_store_on_disk` have each kind of
damage by hand; this is the campaign. It runs in a forked child with little room
for memory: a parser that trusts a wrong length dies there.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DamagedSnapshotError, KbSearchError
from kbsearch.layout import ShelfLayout
from kbsearch.models import AuditAction, AuditEntry
from kbsearch.snapshots import Manifest, find_damages, load_snapshot, read_current, reading
from kbsearch.store import AuditFilter, AuditWriter, RecordReader
from tests.builders import article, resolved_ticket
from tests.library import EXTERNAL, LIBRARY
from tests.records import SHELF, contents, new_writer, put
from tests.reliability.children import Child, in_a_forked_child
from tests.reliability.damages import damaged
from tests.snapshot_shelf import content, new_layout, publish

_HEADROOM_BYTES = 512 << 20
_MOST_EXTRA_BYTES = 64 << 20
_MANY = pytest.param(10_000, marks=pytest.mark.nightly)
_QUERY = "vpn drops after sleep"


def require_harmless(child: Child) -> None:
    """No signal ended it, and no length that was read made it take memory."""
    assert child.exit_code == 0
    assert child.extra_bytes <= _MOST_EXTRA_BYTES


def a_file(root: Path, chance: random.Random) -> Path:
    """Any below a directory."""
    return chance.choice(sorted(path for path in root.rglob("*") if path.is_file()))


class ParserReachedError(Exception):
    """Bytes that had been damaged were handed to a parser."""


class TestSnapshotFiles:
    """Every byte is hashed before NumPy or FAISS sees one."""

    @pytest.fixture
    def shelf(self, tmp_path: Path) -> ShelfLayout:
        """Two snapshots, the live one of some pages; beside it a shelf of another audience."""
        layout = new_layout(tmp_path / "internal")
        publish(layout, content(1, n_documents=150))
        publish(layout, content(2, n_documents=150))
        for number in (1, 2):
            made_of = content(number, n_documents=151)
            publish(new_layout(tmp_path / "external"), made_of, shelf="external")
        return layout

    def campaign(self, shelf: ShelfLayout, n: int) -> Counter[str]:
        """Damage a file of the live snapshot, load it, mend it; n times."""
        live = read_current(shelf)
        assert live is not None
        directory, chance = shelf.snapshot(live.snapshot), random.Random(7)
        elsewhere = (shelf.snapshot(1), shelf.root.with_name("external") / directory.name)
        outcomes: Counter[str] = Counter()
        for _ in range(n):
            file = a_file(directory, chance)
            whole = file.read_bytes()
            others = [(other / file.name).read_bytes() for other in elsewhere]
            file.write_bytes(damaged(whole, chance, others=others))
            try:
                load_snapshot(shelf, live, SHELF)
            except DamagedSnapshotError:
                outcomes["found"] += 1
            except ParserReachedError:
                outcomes["parsed"] += 1
            else:
                outcomes["accepted"] += 1
            file.write_bytes(whole)
        return outcomes

    @pytest.mark.parametrize("n", [400, _MANY])
    def test_no_damage_reaches_a_parser(
        self, shelf: ShelfLayout, monkeypatch: pytest.MonkeyPatch, n: int
    ) -> None:
        """Bits, pages, cut and longer files, files of other snapshots and of other shelves."""

        def parse(*_: object) -> NoReturn:
            raise ParserReachedError

        monkeypatch.setattr(reading, "_parse", parse)

        child = in_a_forked_child(lambda: self.campaign(shelf, n), headroom_bytes=_HEADROOM_BYTES)

        require_harmless(child)
        assert child.answer == {"found": n}

    def test_the_campaign_sees_what_gets_through_without_hashes(
        self, shelf: ShelfLayout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Control: FAISS accepts other vectors, and most of what else is damaged is parsed."""

        def unverified(layout: ShelfLayout, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
            directory = layout.snapshot(manifest.number)
            for file in manifest.files:
                yield file, (directory / file).read_bytes()

        monkeypatch.setattr(reading, "_verified_files", unverified)

        child = in_a_forked_child(lambda: self.campaign(shelf, 100))

        assert child.answer["accepted"] > 20


class TestRecords:
    """Each row that is read is the one that was written, or an error."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """Articles and tickets on enough pages for inner nodes."""
        writer = new_writer(tmp_path)
        pages = [
            article(str(n), f"printer {n} jams\n\n" + f"tray {n} " * 90, EXTERNAL) for n in range(9)
        ]
        put(writer, *pages, *(resolved_ticket(str(n), f"scanner {n}", "cable") for n in range(9)))
        with writer.writing():
            AuditWriter(writer).append(map(_entry, range(60)))
        writer.close()
        return tmp_path / "records.sqlite"

    def campaign(
        self, path: Path, n: int, refusal: type[Exception] = KbSearchError
    ) -> Counter[str]:
        """Damage a copy and read all of it; n times."""
        chance, whole = random.Random(8), path.read_bytes()
        genuine, copy = rows_of(path), path.with_name("copy.sqlite")
        outcomes: Counter[str] = Counter()
        for _ in range(n):
            copy.write_bytes(damaged(whole, chance))
            try:
                found = rows_of(copy)
            except refusal:
                outcomes["refused"] += 1
                continue
            is_right = all(genuine[table].items() >= rows.items() for table, rows in found.items())
            outcomes["right" if is_right else "wrong"] += 1
        return outcomes

    @pytest.mark.parametrize("n", [300, _MANY])
    def test_no_damage_changes_a_row_that_is_served(self, path: Path, n: int) -> None:
        """Space that nothing uses may be damaged unseen."""
        child = in_a_forked_child(lambda: self.campaign(path, n), headroom_bytes=_HEADROOM_BYTES)

        require_harmless(child)
        assert child.answer["wrong"] == 0
        assert child.answer["refused"] > n / 2

    def test_the_campaign_sees_a_wrong_row_without_checksums(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Control: SQLite itself hands out most of them."""
        monkeypatch.setattr("kbsearch.store.schema.checksum", lambda *_: AlwaysEqual())
        monkeypatch.setattr("kbsearch.store.schema.next_chain", lambda *_: AlwaysEqual())

        child = in_a_forked_child(lambda: self.campaign(path, 600, Exception))

        assert child.answer["wrong"] > 10


class AlwaysEqual:
    """A checksum that fits every row."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def _entry(n: int) -> AuditEntry:
    return AuditEntry(
        number=0,
        at=datetime(2026, 5, 1, tzinfo=UTC),
        action=AuditAction.PUBLISHED,
        document_id=f"kb:{n}",
        shelf="external",
        by="Mira Okafor",
        how="upsert",
        note=None,
    )


def rows_of(path: Path) -> dict[str, dict[Any, Any]]:
    """All that a shelf holds, each table by its key."""
    reader = RecordReader(path, SHELF)
    try:
        found = contents(reader)
        trail = reader.audit(AuditFilter(), 1000)
    finally:
        reader.close()
    return {
        "audit": {entry.number: entry for entry in trail},
        "attributes": {row.document_key: row for row in found["attributes"]},
        "documents": found["documents"],
        "cleaned": found["cleaned"],
        "passages": {row.passage_key: row for row in found["passages"]},
        "vectors": found["vectors"],
        "changes": {row.sequence: row for row in found["changes"]},
    }


class TestAWholeDesk:
    """A search after damage gives what stands on the desk, or an error that says what to do."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """Two snapshots and a change that is in neither."""
        path = tmp_path / "desk.kb"
        with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
            kb.upsert(LIBRARY[:3])
            kb.rebuild()
            kb.upsert(LIBRARY)
            kb.rebuild()
            kb.upsert([article("new", "VPN for guests drops at noon", EXTERNAL)])
        return path

    def campaign(self, path: Path, n: int) -> Counter[str]:
        """Damage any file of the external shelf, search and check, mend it; n times."""
        chance, shelf = random.Random(9), path / "external"
        genuine, sound = search_and_check(path)
        assert genuine is not None
        assert sound
        outcomes: Counter[str] = Counter()
        for _ in range(n):
            file = a_file(shelf, chance)
            whole, before = file.read_bytes(), shutil.copytree(shelf, path / "kept")
            others = [p.read_bytes() for p in (path / "internal").rglob(file.name) if p.is_file()]
            file.write_bytes(damaged(whole, chance, others=others))
            found, is_sound = search_and_check(path)
            if found is None:
                outcomes["refused" if not is_sound else "refused and not reported"] += 1
            elif set(found.items()) <= set(genuine.items()) and (found == genuine or not is_sound):
                outcomes["right" if is_sound else "right and reported"] += 1
            else:
                outcomes["wrong"] += 1
            shutil.rmtree(shelf)
            before.rename(shelf)
        return outcomes

    @pytest.mark.parametrize("n", [60, pytest.param(2_000, marks=pytest.mark.nightly)])
    def test_is_searched_rightly_or_refused_and_a_check_says_so(self, path: Path, n: int) -> None:
        """What a check does not report has changed no hit."""
        child = in_a_forked_child(lambda: self.campaign(path, n), headroom_bytes=_HEADROOM_BYTES)

        require_harmless(child)
        assert child.answer["wrong"] + child.answer["refused and not reported"] == 0
        assert child.answer["right and reported"] > n / 4


def search_and_check(path: Path) -> tuple[dict[str, str] | None, bool]:
    """The texts that a customer gets by id, None for an error; and whether all is sound."""
    with KnowledgeBase.open(path, embedder=HashingEmbedder(64)) as kb:
        is_sound = kb.check(EXTERNAL).is_sound
        try:
            found = kb.searcher(EXTERNAL).search(_QUERY)
        except KbSearchError:
            return None, is_sound
        return {hit.id: f"{hit.title}\n{hit.passage.text}" for hit in found}, is_sound


def test_files_that_change_places_between_audiences_are_found(tmp_path: Path) -> None:
    """A whole snapshot, with a CURRENT that vouches for it, under the other shelf's name."""
    with KnowledgeBase.create(tmp_path / "desk.kb", embedder=HashingEmbedder(64)) as kb:
        kb.upsert(LIBRARY)
        kb.rebuild()
    external, internal = (ShelfLayout(kb.path / name) for name in ("external", "internal"))
    shutil.rmtree(external.snapshot(1))
    shutil.copytree(internal.snapshot(1), external.snapshot(1))
    shutil.copy(internal.current, external.current)

    damages = find_damages(external, "external", chain_at=None)

    assert ["it is of shelf 'internal'" in damage.reason for damage in damages] == [True]
