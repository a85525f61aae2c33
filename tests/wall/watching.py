"""
All that a watcher can see of a desk, look by look, as text that can be compared.

A view maps the name of each look to what it saw. Insiders ask the same before,
in the same process: what is kept in memory for one of them must not answer the other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

from typer.main import get_command

from kbsearch import Filters, Searcher, SearchResult
from kbsearch.duplicates.bursts import BurstSettings
from kbsearch.models.base import FrozenModel
from tests.builders import article, ticket
from tests.cli_runner import run
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL
from tests.wall import looks_at_evaluation
from tests.wall.looks import IDS, LOOKS, Watched, look, told
from tests.wall.walls import NOON, Wall
from tests.wall.worlds import Played

View = dict[str, str]

MODULES_OF_LOOKS = (__name__, looks_at_evaluation.__name__)
"""Loading them fills LOOKS."""

_FILTERS = (
    Filters(),
    Filters(tags=("vpn",)),
    Filters(product=("Gateway",), resolved=True),
)


_QUESTIONS = Path(__file__).with_name("questions.txt")


def view_of(played: Played, wall: Wall, queries: Sequence[str], *, with_cli: bool = True) -> View:
    """Everything that the watcher of a wall can see after a story, in full."""
    watched = Watched(played.kb, wall, queries)
    seen: dict[str, object] = {
        "touched": played.touched,
        "rebuilt": played.rebuilt,
        "files": _files(played, wall),
        "file_sizes_and_modes": _sizes_and_modes(played, wall),
    }
    _ask_as_insider(watched)
    with _listening() as said:
        for name, look in LOOKS.items():
            if with_cli or not name.startswith("cli"):
                seen[name] = look(watched)
    seen |= said
    seen["files_after_all_that"] = _files(played, wall)
    seen["temporary_files"] = sorted(path.name for path in played.place.temporary.rglob("*"))
    return {name: _as_text(what) for name, what in seen.items()}


def differences(first: View, second: View) -> dict[str, tuple[str, str]]:
    """The looks by which two worlds can be told apart, and the first place where they differ."""
    found = {}
    for name in first.keys() | second.keys():
        a, b = first.get(name, ""), second.get(name, "")
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
            found[name] = (a[max(0, at - 80) : at + 80], b[max(0, at - 80) : at + 80])
    return found


def _as_text(what: object) -> str:
    return json.dumps(what, default=_plain, sort_keys=True, indent=0)


def _plain(what: object) -> object:
    if isinstance(what, FrozenModel):
        return what.model_dump_json()  # floats in full, in this order
    if isinstance(what, set | frozenset):
        return sorted(what)
    return list(what) if isinstance(what, Iterator) else repr(what)


def _files(played: Played, wall: Wall) -> dict[str, str]:
    return {
        f"{shelf}/{name}": hashlib.sha256(content).hexdigest()
        for shelf in wall.shelves
        for name, content in bytes_of(played.place.desk / shelf).items()
        if f"{shelf}/{name}" not in wall.of_the_desk
    }


def _sizes_and_modes(played: Played, wall: Wall) -> dict[str, tuple[int, str]]:
    roots = [played.place.desk / shelf for shelf in wall.shelves]
    return {
        str(path.relative_to(played.place.desk)): (path.stat().st_size, oct(path.stat().st_mode))
        for root in roots
        for path in [root, *root.rglob("*")]
        if path.is_file() and str(path.relative_to(played.place.desk)) not in wall.of_the_desk
    }


def _ask_as_insider(watched: Watched) -> None:
    """All that the watcher will ask, word by word."""
    insider = watched.wall.open_insider(watched.kb)
    _searches(insider, watched.queries)
    for query in watched.queries:
        insider.similar(ticket("draft", query), k=5)
    draft = ticket("draft", watched.queries[0])
    told(partial(watched.kb.duplicates, **watched.wall.insider), draft)
    watched.kb.find_duplicates(**watched.wall.insider, precision=0.01)
    for document_id in IDS:
        told(insider.get, document_id)
        told(insider.explain, watched.queries[0], document_id)
    watched.kb.labels(**watched.wall.insider, imitate=True)
    watched.kb.replay(**watched.wall.insider)
    insider.count()
    insider.boilerplate()


@contextlib.contextmanager
def _listening() -> Iterator[dict[str, object]]:
    """Log lines of every level and every logger, and warnings, while the watcher asks."""
    lines: list[str] = []
    said: dict[str, object] = {}
    handler = logging.Handler(logging.NOTSET)
    handler.emit = lambda record: lines.append(  # type: ignore[method-assign]
        f"{record.levelname} {record.name} {record.getMessage()} {record.args}"
    )
    root, ours = logging.getLogger(), logging.getLogger("kbsearch")
    levels = root.level, ours.level
    root.addHandler(handler)
    try:
        root.setLevel(logging.NOTSET)
        ours.setLevel(logging.DEBUG)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield said
    finally:
        root.removeHandler(handler)
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
    said["log_lines"] = lines
    said["warnings"] = [f"{each.category.__name__} {each.message}" for each in warned]


def _searches(searcher: Searcher, queries: Sequence[str]) -> list[SearchResult]:
    return [
        searcher.search(query, k=k, filters=filters, accept_false=rate)
        for query in queries
        for k, filters, rate in (
            *((5, _FILTERS[0], rate) for rate in (None, 0.5)),
            *((10_000, filters, None) for filters in _FILTERS),
        )
    ]


@look
def _search(watched: Watched) -> object:
    return _searches(watched.wall.open_watcher(watched.kb), watched.queries)


@look
def _rank(watched: Watched) -> object:
    searcher = watched.wall.open_watcher(watched.kb)
    return [
        (*one[:3], one.scores) for query in watched.queries for one in searcher.rank(query, k=50)
    ]


@look
def _similar(watched: Watched) -> object:
    searcher = watched.wall.open_watcher(watched.kb)
    drafts = [ticket("draft", query) for query in watched.queries]
    return [told(searcher.similar, each) for each in (*drafts, *IDS)]


@look
def _explain(watched: Watched) -> object:
    searcher = watched.wall.open_watcher(watched.kb)
    return [told(searcher.explain, query, i) for query in watched.queries for i in IDS]


@look
def _duplicates(watched: Watched) -> object:
    drafts = [ticket("draft", query) for query in watched.queries[:2]]
    ask = partial(watched.asked, "duplicates", min_probability=1e-9, clock=lambda: NOON)
    return [told(partial(ask, ticket=each)) for each in (*drafts, *IDS[-4:])]


@look
def _find_duplicates(watched: Watched) -> object:
    return [watched.asked("find_duplicates", precision=p) for p in (0.01, 0.9)]


@look
def _bursts(watched: Watched) -> object:
    """Each query three times at once: any two are told, with what was expected."""
    now = NOON + timedelta(days=2)
    settings = BurstSettings(min_tickets=2, significance=0.0, min_cosine=0.3, warm_up=timedelta(0))
    watch = watched.kb.bursts(**watched.wall.watcher, settings=settings, clock=lambda: now)
    drafts = [ticket(f"new{n}", query) for query in watched.queries[:2] for n in range(3)]
    return [watch.since(NOON - timedelta(days=9999)), *(told(watch.add, each) for each in drafts)]


@look
def _get(watched: Watched) -> object:
    searcher = watched.wall.open_watcher(watched.kb)
    return [told(searcher.get, i) for i in IDS]


@look
def _removed(watched: Watched) -> object:
    searcher = watched.wall.open_watcher(watched.kb)
    return [told(searcher.removed, i) for i in IDS]


@look
def _boilerplate(watched: Watched) -> object:
    return watched.wall.open_watcher(watched.kb).boilerplate()


@look
def _count(watched: Watched) -> object:
    return watched.wall.open_watcher(watched.kb).count()


@look
def _ids(watched: Watched) -> object:
    return watched.asked("ids")


@look
def _standing(watched: Watched) -> object:
    return watched.asked("standing", ids=IDS)


@look
def _stats(watched: Watched) -> object:
    return watched.asked("stats")


@look
def _check(watched: Watched) -> object:
    return watched.asked("check")


@look
def _repair(watched: Watched) -> object:
    return watched.asked("repair")


@look
def _for_staff(watched: Watched) -> object:
    """What staff alone may ask, asked by those who are."""
    kb, groups = watched.kb, watched.wall.watcher.get("groups")
    if groups is None:
        return "for staff alone"
    return [
        kb.check_voices(audience=INTERNAL),
        kb.twins(suggest=True),
        kb.audit(),
        kb.feedback_given(groups=groups),
        kb.document_feedback(groups=groups),
        kb.promotions(watched.queries, groups=groups),
        [kb.check_outgoing(f"{q}: see {q}", groups=groups) for q in watched.queries],
        [told(partial(kb.why_visible, groups=groups), i) for i in IDS],
        [told(kb.preview_publishing, [i]) for i in IDS],
        kb.published_labels(),
    ]


@look
def _snapshots(watched: Watched) -> object:
    return watched.asked("snapshots")


@look
def _rollback_error(watched: Watched) -> object:
    shelf = watched.wall.watcher["audience"]
    return told(lambda: watched.kb.rollback(shelf, to=999))


@look
def _preview(watched: Watched) -> object:
    """What a dry run says of documents that watchers may read."""
    fresh = [article(f"fresh{n}", query, EXTERNAL) for n, query in enumerate(watched.queries)]
    return watched.kb.upsert(fresh, dry_run=True)


@look
def _wrong_use(watched: Watched) -> object:
    searcher = watched.wall.open_watcher(watched.kb)
    calls: list[Callable[[], object]] = [
        lambda: searcher.search("vpn", k=0),
        lambda: searcher.search("x" * 1_000_001),
        lambda: searcher.similar("kb:e0"),
        lambda: watched.kb.searcher("staff"),
    ]
    return [told(call) for call in calls]


_command_of = cache(get_command)


def _commands(watched: Watched) -> Iterator[tuple[str, ...]]:
    yield ("search", watched.queries[0])
    yield ("similar", "desk:e1")
    yield ("explain", watched.queries[0], "desk:e1")
    yield ("explain", watched.queries[0], "desk:h0")
    yield ("duplicates",)
    yield ("duplicates", "desk:e1", "--precision", "0.01")  # a draft would be of now
    yield ("bursts", "--since", "2000-01-01", "--now", "2024-05-20")
    yield ("show", "desk:e1")
    yield ("show", "desk:h0")
    yield ("stats",)
    yield ("check",)
    yield ("snapshots",)
    yield ("boilerplate",)
    yield ("labels", "--imitate")
    yield ("replay",)
    yield ("judge", str(_QUESTIONS), "--by", "watcher")  # shows the first, and input ends


def _ran(watched: Watched, *more: str) -> object:
    common = ("--desk", watched.kb.path, *watched.wall.cli, *more)
    with patch("typer.testing._get_command", _command_of):  # else built anew for each run
        results = [(command, run(*command, *common)) for command in _commands(watched)]
    return [(c, each.exit_code, each.stdout, each.stderr) for c, each in results]


@look
def _cli(watched: Watched) -> object:
    """Exit code, stdout and stderr of every reading command."""
    return _ran(watched)


@look
def _cli_json(watched: Watched) -> object:
    return _ran(watched, "--json")
