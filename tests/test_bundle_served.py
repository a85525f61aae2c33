"""A bundle on the host that serves it: a user without rights, a disk that cannot be written."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import BundleError, KbSearchError
from tests.builders import article
from tests.disk import bytes_of
from tests.library import EXTERNAL, LIBRARY, ids
from tests.reliability.children import in_a_forked_child

_NOBODY = 65534
_QUERY = "vpn drops after sleep"


def open_bundle(path: Path) -> KnowledgeBase:
    """With the embedder of these tests."""
    return KnowledgeBase.open(path, embedder=HashingEmbedder(64))


@pytest.fixture
def served() -> Iterator[Path]:
    """A bundle that another user may read and nobody may write, in a place they can reach."""
    base = Path(tempfile.mkdtemp(prefix="kbsearch-"))
    with KnowledgeBase.create(base / "desk.kb", embedder=HashingEmbedder(64)) as kb:
        kb.upsert(LIBRARY)
        kb.export_shelf("external", base / "public.kb")
    base.chmod(0o555)
    for each in ((base / "public.kb"), *(base / "public.kb").rglob("*")):
        each.chmod(0o555 if each.is_dir() else 0o444)
    yield base / "public.kb"
    for each in (base, *base.rglob("*")):
        each.chmod(0o700)
    shutil.rmtree(base)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
class TestAnotherUser:
    """Without root's rights, whom no mode keeps out."""

    def test_serves_and_proves_what_may_only_be_read(self, served: Path) -> None:
        """The usual case: a web server's user, an image's read-only layer."""

        def work() -> tuple[list[str], bool, int]:
            with open_bundle(served) as bundle:
                found = ids(bundle.searcher(EXTERNAL).search(_QUERY))
                return found, bundle.check(EXTERNAL).is_sound, bundle.stats(EXTERNAL)[0].n_tickets

        before = bytes_of(served)
        child = in_a_forked_child(work, user_id=_NOBODY, timeout_s=60)

        assert child.answer == (["kb:vpn", "desk:2", "kb:mfa"], True, 1)
        assert bytes_of(served) == before

    def test_a_write_is_told_why_before_it_meets_the_disk(self, served: Path) -> None:
        """Not that a right is missing: it would be given, and the bundle changed."""

        def work() -> str:
            try:
                with open_bundle(served) as bundle:
                    bundle.upsert([article("new", "VPN for guests", EXTERNAL)])
            except BundleError as error:
                return type(error).__name__
            return "done"

        assert in_a_forked_child(work, user_id=_NOBODY, timeout_s=60).answer == "BundleError"


def test_searches_go_on_while_bundles_take_each_others_place(tmp_path: Path) -> None:
    """Each answer is of one of them: whole, without an error, and of no third one."""
    errors: list[KbSearchError] = []
    wrong: list[list[str]] = []
    n_ended: list[int] = []  # another kind of error would end a thread in silence
    is_over = threading.Event()

    def ask() -> None:
        try:
            with open_bundle(tmp_path / "public.kb") as bundle:
                customers = bundle.searcher(EXTERNAL)
                while not is_over.is_set():
                    hits = customers.search("adapter", k=2).hits
                    if [(h.id, h.passage.text) for h in hits] not in (one, other):
                        wrong.append([h.id for h in hits])
        except KbSearchError as error:
            errors.append(error)
        n_ended.append(1)

    with KnowledgeBase.create(tmp_path / "desk.kb", embedder=HashingEmbedder(64)) as kb:
        kb.upsert([article("b", "The adapter of Brightwater", EXTERNAL, title="b")])
        kb.export_shelf("external", tmp_path / "public.kb")
        one = [("kb:b", "The adapter of Brightwater")]
        other = [("kb:a", "The adapter of Ashford")]
        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(12):
            gone, name, place = ("b", "a", "Ashford") if n % 2 == 0 else ("a", "b", "Brightwater")
            kb.delete([f"kb:{gone}"])
            kb.upsert([article(name, f"The adapter of {place}", EXTERNAL, title=name)])
            kb.export_shelf("external", tmp_path / "public.kb", replace=True)
        is_over.set()
        for thread in threads:
            thread.join()

    assert (errors, wrong, len(n_ended)) == ([], [], 3)
