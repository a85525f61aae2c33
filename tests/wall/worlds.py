"""
Two worlds that differ only in what insiders know, and the story that is told in both.

The story is everything that is done to documents that watchers may see; the
insiders' own work goes on between its steps, another in each world.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from kbsearch import Audience, KnowledgeBase, Settings
from kbsearch.config import EmbedderSettings, SnapshotSettings
from kbsearch.embed import Embedder
from kbsearch.indexing.foreign_questions import FOREIGN_QUESTIONS
from kbsearch.layout import DeskLayout
from kbsearch.models import RebuildReport
from tests.wall.walls import NO_SECRET, Secret, Seen, Wall

_FEW_QUESTIONS = FOREIGN_QUESTIONS[::50]
_MEMORY = Path("/dev/shm")  # there a sync costs nothing
SMALL = Settings(
    embedder=EmbedderSettings(kind="hashing", dim=64),
    snapshots=SnapshotSettings(fold_at_passages=3),
)


class Step(NamedTuple):
    """One thing that is done to documents that watchers may see, and to which of them."""

    action: str
    seen: Seen = Seen(0, "")


class World(NamedTuple):
    """What only insiders know; empty for a desk that has nothing beyond the wall at all."""

    secrets: tuple[Secret, ...] = ()

    def secret(self, n: int) -> Secret:
        """One of them, or none."""
        return self.secrets[n % len(self.secrets)] if self.secrets else NO_SECRET

    def knowing(self, text: str) -> World:
        """The same, and the first secret holds this text too."""
        if not self.secrets:
            return self
        first = self.secrets[0]
        return World((first._replace(text=f"{first.text} {text}"), *self.secrets[1:]))


class Place(NamedTuple):
    """Where a world is played: its desk, and the only folder for temporary files."""

    desk: Path
    temporary: Path


class Played(NamedTuple):
    """
    A desk after the story.

    `touched` names what insiders' own work changed before the wall, `rebuilt` is
    what rebuilding said of the watcher's shelves.
    """

    kb: KnowledgeBase
    place: Place
    touched: list[str]
    rebuilt: list[RebuildReport]


@contextmanager
def stage() -> Iterator[Place]:
    """One place for a world, of the same name each time: paths stand in errors."""
    root = _MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir())
    folder = root / f"kbsearch-wall-{os.getpid()}"
    folder.mkdir()
    try:
        place = Place(folder / "support.kb", folder / "temporary")
        place.temporary.mkdir()
        with (
            patch.dict(os.environ, TMPDIR=str(place.temporary)),
            patch.object(tempfile, "tempdir", str(place.temporary)),
        ):
            yield place
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@contextmanager
def small_calibrations() -> Iterator[None]:
    """Shelves of a handful of documents are calibrated, as large ones are."""
    with (
        patch("kbsearch.indexing.calibrating.FEWEST_DOCUMENTS", 2),
        patch("kbsearch.indexing.rebuilding.FEWEST_DOCUMENTS", 2),
        patch("kbsearch.indexing.shelf_writer.FOREIGN_QUESTIONS", _FEW_QUESTIONS),
    ):
        yield


@contextmanager
def played(wall: Wall, story: Sequence[Step], world: World, embedder: Embedder) -> Iterator[Played]:
    """Make a desk, tell the story on it, and open it as a server would that does both."""
    with stage() as place:
        kb = KnowledgeBase.create(place.desk, settings=SMALL, embedder=embedder)
        told = Played(kb, place, [], [])
        with (
            kb,
            patch("kbsearch.indexing.shelf_writer.DOCUMENTS_PER_COMMIT", 2),
            small_calibrations(),
            patch("kbsearch.desk.opening.make_embedder", lambda settings: embedder),
        ):
            if wall.of_the_desk:
                kb.upsert([])  # makes the desk's lock
            for n, step in enumerate(story):
                _work_of_insiders(told, wall, n, world.secret(n))
                _tell(told, wall, n, step, world.secret(n))
            _work_of_insiders(told, wall, len(story), world.secret(len(story)))
            yield told


def _work_of_insiders(told: Played, wall: Wall, n: int, secret: Secret) -> None:
    """Write, change, vote, withdraw, delete and forget beyond the wall alone."""
    if not secret.text:
        return
    before = standing_before(wall, told.place.desk)
    if Audience.INTERNAL.value in wall.beyond:
        _write_synonyms(told.place.desk, secret)
    ids = wall.place_secret(told.kb, n, secret)
    wall.place_secret(told.kb, n, secret._replace(text=f"{secret.text} anew"))
    for document_id in ids:
        told.kb.feedback(f"{secret.text} vote", document_id, by="insider", **wall.insider)
    told.kb.delete([f"kb:h{n - 1}", "kb:none"])
    told.kb.withdraw(ids[:1])
    if wall.forgets and secret.variety % 6 == 0:
        told.kb.forget(ids[-1:], by="privacy desk")
    after = standing_before(wall, told.place.desk)
    told.touched.extend(
        f"{name} at step {n}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _write_synonyms(desk: Path, secret: Secret) -> None:
    """Staff's own words for what customers ask about."""
    own = " ".join([*secret.text.split()[:3], "staff"])  # KEY-44 counts as two
    rules = f'[one_way]\nvpn = ["{own}"]\n[abbreviations]\nprinter = "{own}"\n'
    DeskLayout(desk).shelf(Audience.INTERNAL).synonyms.write_text(rules)


def standing_before(wall: Wall, desk: Path) -> dict[str, tuple[int, ...]]:
    """Every file and directory that the watcher may read: inode, mode, size and times."""
    roots = [desk / shelf for shelf in wall.shelves]
    found: dict[str, tuple[int, ...]] = {}
    for path in (path for root in roots for path in [root, *root.rglob("*")]):
        if path.exists() and (name := str(path.relative_to(desk))) not in wall.of_the_desk:
            stat = path.stat()
            times = (stat.st_mtime_ns, stat.st_ctime_ns)
            found[name] = (stat.st_ino, stat.st_mode, stat.st_size, *times)
    return found


def _tell(told: Played, wall: Wall, n: int, step: Step, secret: Secret) -> None:
    """One step of the story; in one call with what only insiders know, where there is any."""
    kb, seen, hidden_ids = told.kb, step.seen, [f"kb:h{n}"] if secret.text else []
    if step.action == "rebuild":
        told.rebuilt.extend(each for each in kb.rebuild() if each.shelf in wall.shelves)
    elif step.action == "delete" or (step.action == "forget" and not wall.forgets):
        kb.delete([seen.id, *hidden_ids])
    elif step.action == "withdraw":
        kb.withdraw([*hidden_ids, seen.id])
    elif step.action == "conceal":
        kb.upsert([wall.concealed(seen, secret)])
    elif step.action == "forget":
        kb.forget([seen.id])
    else:
        between = wall.hidden(100 + n, secret)
        second = seen._replace(number=seen.number + 1, text=f"{seen.text} again")
        both = [wall.seen(each, secret) for each in (seen, second)]
        kb.upsert([*between[:1], both[0], *between[1:], both[1]])
