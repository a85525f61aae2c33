"""
Kills a process that writes to a desk, again and again, and looks what it left.

A program of its own, `python -m tests.crash.kills N SEED as-it-is`: it forks, and a
forked pytest would copy locks that its threads hold. One child after another goes
on with the same desk, says over a pipe what it begins and what is done, and is
killed after a random delay or at a random step of `kbsearch.files`. What was said to
be done must then be there. Prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kbsearch import Article, Audience, KnowledgeBase, files
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DocumentNotFoundError, KbSearchError
from kbsearch.layout import DeskLayout
from kbsearch.snapshots import open_newest
from kbsearch.store import RecordReader
from tests.builders import article
from tests.crash.disks import WatchedDisk
from tests.crash.places import memory_directory

_IDS = tuple(f"{audience.value}-{n}" for audience in Audience for n in range(3))
_FORGOTTEN = "forgotten"
_ROUNDS_PER_DESK = 100
_MAX_DELAY_S = 0.1
_MAX_DISK_STEPS = 250
_NEVER = 10**9
_LEFTOVERS = ("is left of an interrupted rebuild", "lacks its cleaned text, a passage or a vector")

Versions = dict[str, int | None]
"""What each document says, by its number; None for one that is not there."""


class Step(NamedTuple):
    """One thing a child does: its name, and what the documents are to say afterwards."""

    name: str
    wanted: Versions


def _upsert(kb: KnowledgeBase, wanted: Versions) -> None:
    kb.upsert(_document(name, version) for name, version in wanted.items() if version)


def _delete(kb: KnowledgeBase, wanted: Versions) -> None:
    kb.delete(f"kb:{name}" for name in wanted)


def _rebuild(kb: KnowledgeBase, wanted: Versions) -> None:
    kb.rebuild()


def _forget(kb: KnowledgeBase, wanted: Versions) -> None:
    for name in wanted:
        kb.upsert([article(name, f"a {_word_of(name)} that nobody else names", Audience.INTERNAL)])
    kb.forget(f"kb:{name}" for name in wanted)


def _word_of(name: str) -> str:
    """A word that stands in this document alone."""
    return f"zirkonium{name.rpartition('-')[2]}x"


DOING: dict[str, Callable[[KnowledgeBase, Versions], None]] = {
    "upsert": _upsert,
    "delete": _delete,
    "rebuild": _rebuild,  # with what it removes: the desk keeps two snapshots
    "forget": _forget,
}


def _choose(rng: random.Random, version: int) -> Step:
    name = rng.choice(("upsert", "upsert", "delete", "rebuild", "rebuild", "forget"))
    if name == "rebuild":
        return Step(name, {})
    if name == "forget":
        return Step(name, {f"{_FORGOTTEN}-{version}": None})
    ids = rng.sample(_IDS, rng.randint(1, 3))
    return Step(name, dict.fromkeys(ids, version if name == "upsert" else None))


def _document(name: str, version: int) -> Article:
    audience = Audience(name.partition("-")[0])
    return article(name, f"printer {name} says {version}", audience, title=f"version {version}")


class KillingDisk(WatchedDisk):
    """Kills its process at one step; in the middle of it, if it is a write."""

    def __init__(self, kill_at: int) -> None:
        super().__init__()
        self._kill_at = kill_at

    def before_step(self, name: str, path: Path | None) -> None:
        super().before_step(name, path)
        if len(self.names) > self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, descriptor: int, content: memoryview) -> int:
        if len(self.names) == self._kill_at:
            os.write(descriptor, content[: len(content) // 2])
        return super().write(descriptor, content)


class InPlaceDisk(KillingDisk):
    """Control: copies over a file that is in use; the first such copy is killed half-way."""

    def rename(self, source: Path, target: Path) -> None:
        if source.is_dir():
            super().rename(source, target)
            return
        content = source.read_bytes()
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, content[: len(content) // 2])
        if self._kill_at < _NEVER:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(descriptor, content[len(content) // 2 :])
        os.close(descriptor)
        self.remove_file(source)


class Outcome(NamedTuple):
    """What is found when all are dead."""

    n_kills: int
    n_acknowledged: int
    killed_in: Counter[str]
    faults: list[str]


class Killer:
    """
    Rounds of killing on one desk after another.

    Args:
        place: An empty directory.
        rng: Chooses everything.
        make_disk: What children write through, given the step at which it kills.
    """

    def __init__(
        self, place: Path, rng: random.Random, make_disk: Callable[[int], KillingDisk]
    ) -> None:
        self._rng, self._make_disk = rng, make_disk
        self._embedder = HashingEmbedder(16)
        self._template, self._desk = place / "template", place / "support.kb"
        self._there: Versions = {}
        self._numbers: dict[str, int] = {}
        self._version = 1
        self.n_acknowledged = 0
        self.killed_in: Counter[str] = Counter()
        self._make_template()

    def round(self, number: int) -> list[str]:
        """Let one child work and die; what is wrong with the desk then."""
        if number % _ROUNDS_PER_DESK == 0:
            self._begin_anew()
        kill_at = self._rng.randrange(_MAX_DISK_STEPS) if number % 2 else _NEVER
        seed = self._rng.randrange(2**32)
        lines, status = self._killed_child(kill_at, seed)
        has_failed = any("error" in line for line in lines)  # and was killed right after, perhaps
        if has_failed or not os.WIFSIGNALED(status):
            return [f"the child was not killed: {lines[-1:]}"]
        begun = self._believe(lines)
        try:
            return self._look(begun, is_cured=number % 10 == 9)
        except KbSearchError as error:
            return [f"{type(error).__name__}: {error}"]
        finally:
            self._version += 1000

    def _make_template(self) -> None:
        with KnowledgeBase.create(self._template, embedder=self._embedder) as kb:
            _upsert(kb, dict.fromkeys(_IDS, 1))
            kb.rebuild()

    def _begin_anew(self) -> None:
        shutil.rmtree(self._desk, ignore_errors=True)
        shutil.copytree(self._template, self._desk)
        self._there, self._numbers = dict.fromkeys(_IDS, 1), {}

    def _killed_child(self, kill_at: int, seed: int) -> tuple[list[dict[str, Any]], int]:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            files.disk = self._make_disk(kill_at)
            self._work(writing, random.Random(seed))
        os.close(writing)
        if kill_at == _NEVER:
            time.sleep(self._rng.uniform(0, _MAX_DELAY_S))
            os.kill(child, signal.SIGKILL)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            lines = [json.loads(line) for line in pipe if line.endswith("\n")]
        return lines, os.waitpid(child, 0)[1]

    def _work(self, pipe: int, rng: random.Random) -> None:
        """What a child does until it is killed; never returns."""

        def say(**fields: object) -> None:
            os.write(pipe, (json.dumps(fields) + "\n").encode())

        try:
            with KnowledgeBase.open(self._desk, embedder=self._embedder) as kb:
                for version in range(self._version + 1, self._version + 1000):
                    step = _choose(rng, version)
                    say(begin=step.name, wanted=step.wanted)
                    DOING[step.name](kb, step.wanted)
                    numbers = {s.shelf: s.snapshot for s in kb.stats(Audience.INTERNAL)}
                    say(done=step.name, wanted=step.wanted, snapshots=numbers)
        except BaseException as error:  # noqa: BLE001 - a forked child must not go on as its parent
            say(error=repr(error))
        os._exit(1)

    def _believe(self, lines: Sequence[dict[str, Any]]) -> Versions:
        """Note what was done; returns what was begun and may be done or not."""
        begun: Versions = {}
        doing = "opening"
        for line in lines:
            wanted: Versions = line["wanted"]
            if "done" in line:
                self._there |= wanted
                self._numbers |= line["snapshots"]
                self.n_acknowledged += 1
                begun, doing = {}, "between"
            else:
                begun, doing = wanted, str(line["begin"])
        self.killed_in[doing] += 1
        return begun

    def _look(self, begun: Versions, *, is_cured: bool) -> list[str]:
        """What is wrong; a document that was begun says the old or the new, and is then known."""
        faults = self._snapshot_faults()
        with KnowledgeBase.open(self._desk, embedder=self._embedder) as kb:
            for name in _IDS:
                found = _version_of(kb, name)
                if found != self._there[name] and not (name in begun and found == begun[name]):
                    faults.append(f"{name} says {found}, promised was {self._there[name]}")
                self._there[name] = found
            faults += self._traces()
            findings = [finding.what for finding in kb.check(Audience.INTERNAL).findings]
            faults += [what for what in findings if not any(left in what for left in _LEFTOVERS)]
            if is_cured:
                kb.rebuild()
                faults += [f"after a rebuild: {f}" for f in kb.check(Audience.INTERNAL).findings]
                hits = {hit.id for hit in kb.searcher(Audience.INTERNAL).search("printer", k=50)}
                there = {f"kb:{name}" for name in _IDS if self._there[name]}
                faults += [f"{missing} is not found" for missing in sorted(there - hits)]
        return faults

    def _traces(self) -> list[str]:
        """What was said to be forgotten and is still in a file."""
        forgotten = [name for name in self._there if name.startswith(_FORGOTTEN)]
        contents = [p.read_bytes() for p in self._desk.rglob("*") if p.is_file()]
        return [
            f"{name} is still there"
            for name in forgotten
            if any(_word_of(name).encode() in content for content in contents)
        ]

    def _snapshot_faults(self) -> list[str]:
        faults = []
        for audience in Audience:
            layout = DeskLayout(self._desk).shelf(audience)
            records = RecordReader(layout.records, audience.value)
            snapshot, damages = open_newest(layout, audience.value, chain_at=records.chain_at)
            records.close()
            faults += [str(damage) for damage in damages]
            promised = self._numbers.get(audience.value) or 1
            if snapshot is None or snapshot.manifest.number < promised:
                faults.append(f"{audience.value}: not even snapshot {promised} is served")
        return faults


def _version_of(kb: KnowledgeBase, name: str) -> int | None:
    try:
        found = kb.searcher(Audience.INTERNAL).get(f"kb:{name}")
    except DocumentNotFoundError:
        return None
    return int(found.model_dump()["title"].split()[1])


def kill_often(n_rounds: int, seed: int, make_disk: Callable[[int], KillingDisk]) -> Outcome:
    """So many kills; every choice but the moment of a delayed kill follows from the seed."""
    with memory_directory() as place:
        killer = Killer(place, random.Random(seed), make_disk)
        faults = [
            f"round {number}: {fault}"
            for number in range(n_rounds)
            for fault in killer.round(number)
        ]
        return Outcome(n_rounds, killer.n_acknowledged, killer.killed_in, faults)


if __name__ == "__main__":
    disks = {"as-it-is": KillingDisk, "in-place": InPlaceDisk}
    outcome = kill_often(int(sys.argv[1]), int(sys.argv[2]), disks[sys.argv[3]])
    json.dump(outcome._asdict(), sys.stdout)
