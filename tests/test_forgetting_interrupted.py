"""Forgetting that was interrupted is finished by whoever opens the desk next."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import StillThereError, StoreDamagedError
from kbsearch.forgetting import erasing
from kbsearch.indexing import shelf_writer
from kbsearch.store import writer_lock
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL, LIBRARY, ids

STEPS = (
    *("_remove", "_rewrite", "drop_explanations", "_derive_missing", "snapshot_content"),
    *("publish_snapshot", "words_of_an_empty_desk", "find_traces", "_note", "fulfil"),
)


class _KilledError(BaseException):
    """The process ended here."""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    with KnowledgeBase.create(tmp_path / "support.kb", embedder=HashingEmbedder()) as kb:
        kb.upsert(
            [
                *LIBRARY,
                article("lamp", "The zirkonleuchte flickers near the quarzheizer", EXTERNAL),
                ticket("7002", "It is as in kb:lamp, more or less"),
            ]
        )
        kb.rebuild()
    return tmp_path / "support.kb"


def files_with(root: Path, needle: bytes) -> list[str]:
    paths = (path for path in root.rglob("*") if path.is_file())
    return [path.name for path in paths if needle in path.read_bytes().lower()]


def kill_at(monkeypatch: pytest.MonkeyPatch, step: str, call: int, *, is_after: bool) -> None:
    """End before or after the call of that number of a step."""
    module = erasing if hasattr(erasing, step) else shelf_writer
    original: Callable[..., Any] = getattr(module, step)
    n_calls = 0

    def killed(*args: Any, **options: Any) -> Any:
        nonlocal n_calls
        n_calls += 1
        if n_calls == call and not is_after:
            raise _KilledError
        result = original(*args, **options)
        if n_calls == call:
            raise _KilledError
        return result

    monkeypatch.setattr(module, step, killed)


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_at_any_step_it_is_finished_when_the_desk_is_opened(
    built: Path, monkeypatch: pytest.MonkeyPatch, step: str, is_after: bool
) -> None:
    """Nothing of it is left then, and nobody has to repeat the request."""
    for call in (1, 2):
        with monkeypatch.context() as patch, KnowledgeBase.open(built) as kb:
            kb._given_embedder = HashingEmbedder()
            kill_at(patch, step, call, is_after=is_after)
            with suppress(_KilledError):
                kb.forget(["kb:lamp"])

        with KnowledgeBase.open(built, embedder=HashingEmbedder()) as kb:
            assert not (built / "internal" / "FORGETTING").exists()
            for needle in (b"zirkonleuchte", b"kb:lamp"):
                assert files_with(built, needle) == []
            assert ids(kb.searcher(EXTERNAL).search("vpn drops", k=1)) == ["kb:vpn"]
            assert ids(kb.searcher(INTERNAL).search("more or less", k=1)) == ["desk:7002"]
            assert kb.check(INTERNAL).findings == ()
            assert kb.upsert([article("lamp", "It flickers", EXTERNAL)]).added == ()


def test_it_waits_for_who_is_writing(
    built: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A search is served meanwhile; the next one who opens the desk finishes it."""
    with monkeypatch.context() as patch, KnowledgeBase.open(built) as kb:
        kb._given_embedder = HashingEmbedder()
        kill_at(patch, "_remove", 1, is_after=False)
        with pytest.raises(_KilledError):
            kb.forget(["kb:lamp"])
    toml = built / "kbsearch.toml"
    toml.write_text(toml.read_text().replace("lock_wait_s = 10.0", "lock_wait_s = 0"))

    with writer_lock(built / "internal" / "LOCK", "internal"):
        meanwhile = KnowledgeBase.open(built, embedder=HashingEmbedder())
        found = ids(meanwhile.searcher(EXTERNAL).search("vpn drops", k=1))

    assert found == ["kb:vpn"]
    assert f"is being written by process {os.getpid()}" in caplog.text
    KnowledgeBase.open(built, embedder=HashingEmbedder())
    assert files_with(built, b"zirkonleuchte") == []


def test_a_trace_that_is_left_is_an_error_and_keeps_the_request_open(built: Path) -> None:
    """Somebody copied the database beside itself: a receipt would be a lie."""
    copy = built / "external" / "records.sqlite.bak"
    copy.write_bytes((built / "external" / "records.sqlite").read_bytes())
    kb = KnowledgeBase.open(built, embedder=HashingEmbedder())

    with pytest.raises(StillThereError, match=r"text in external/records\.sqlite\.bak") as raised:
        kb.forget(["kb:lamp"])

    assert "zirkon" not in str(raised.value)
    assert (built / "internal" / "FORGETTING").exists()
    copy.unlink()
    KnowledgeBase.open(built, embedder=HashingEmbedder())
    assert not (built / "internal" / "FORGETTING").exists()


def test_a_request_that_cannot_be_read_is_reported(
    built: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is written in one step, so this is damage; `check` must not be silent either."""
    (built / "internal" / "FORGETTING").write_bytes(b"{")

    kb = KnowledgeBase.open(built, embedder=HashingEmbedder())

    assert "is no request to forget" in caplog.text
    assert any("FORGETTING" in finding.what for finding in kb.check(INTERNAL).findings)
    with pytest.raises(StoreDamagedError, match="no request to forget"):
        kb.forget(["kb:lamp"])
