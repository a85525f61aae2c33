"""Every way in says who reads, and leads to one shelf alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import AudienceMismatchError
from tests.builders import article, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL, ids

_ASK_WITHOUT_A_LOOK_AT_THE_INTERNAL_SHELF = """
import os, sys
desk, forbidden = sys.argv[1], os.path.join(sys.argv[1], "internal")
touched = []
def watch(event, args):
    for value in args:
        if isinstance(value, bytes):
            value = os.fsdecode(value)
        if isinstance(value, str) and forbidden in value:
            touched.append((event, value))
sys.addaudithook(watch)

from kbsearch import KnowledgeBase, Ticket
from kbsearch.embed import HashingEmbedder
with KnowledgeBase.open(desk, embedder=HashingEmbedder()) as kb:
    customers = kb.searcher("external")
    hits = [hit.id for hit in customers.search("printer")]
    customers.similar(Ticket(id="desk:9", subject="printer"))
    customers.get(hits[0])
    kb.stats("external")
    kb.check("external")
assert touched == [], touched
try:
    open(os.path.join(forbidden, "records.sqlite"), "rb").close()
finally:
    assert touched, "the watch sees nothing"
print(*sorted(hits))
"""


@pytest.fixture
def kb(desk: KnowledgeBase) -> KnowledgeBase:
    """One article for each audience, a published ticket and an unpublished one."""
    desk.upsert(
        [
            article("public", "Printer jams are cured by tray two", EXTERNAL),
            article("staff", "Printer password is on the lid", INTERNAL),
            resolved_ticket("public", "Printer jams", "Open tray two", published=True),
            ticket("private", "Printer smells"),
        ]
    )
    desk.rebuild()
    return desk


class TestAnAudience:
    """It is always said, and never guessed."""

    def test_that_an_article_leaves_out_is_an_error_of_the_article(self) -> None:
        """An importer that forgets it imports nothing."""
        with pytest.raises(ValidationError, match="audience\n  Field required"):
            Article(id="kb:1", title="Printer", body="It jams")  # type: ignore[call-arg]

    def test_may_be_its_exact_name(self, kb: KnowledgeBase) -> None:
        """A command line has only words."""
        assert kb.searcher("external").audience is Audience.EXTERNAL
        assert ids(kb.searcher("internal").search("password", k=1)) == ["kb:staff"]

    def test_decides_what_is_counted(self, kb: KnowledgeBase) -> None:
        """Counts of staff's documents are staff's."""
        for_customers, for_agents = kb.stats(EXTERNAL), kb.stats(INTERNAL)

        assert [(s.shelf, s.n_articles, s.n_tickets) for s in for_customers] == [("external", 1, 1)]
        assert [(s.shelf, s.n_articles, s.n_tickets) for s in for_agents] == [
            ("internal", 1, 2),
            ("external", 1, 1),
        ]
        assert kb.check(EXTERNAL).n_documents == 2
        assert kb.check(INTERNAL).n_documents == 5


class TestTheExternalDirectoryAlone:
    """It is all that a web host for customers needs, or gets."""

    FOUND = ("desk:public", "kb:public")

    def test_is_all_that_an_external_searcher_looks_at(self, kb: KnowledgeBase) -> None:
        """Watched from within the interpreter: no file of staff's is opened or listed."""
        command = [sys.executable, "-c", _ASK_WITHOUT_A_LOOK_AT_THE_INTERNAL_SHELF, str(kb.path)]

        done = subprocess.run(command, check=True, capture_output=True, timeout=60, text=True)

        assert tuple(done.stdout.split()) == self.FOUND

    @pytest.mark.parametrize("state", ["removed", "a file", "without rights", "garbage"])
    def test_is_enough_whatever_has_become_of_the_internal_one(
        self, kb: KnowledgeBase, state: str
    ) -> None:
        """Damage on staff's side is no outage for customers."""
        internal = kb.path / "internal"
        if state == "without rights":
            internal.chmod(0)
        elif state == "garbage":
            (internal / "records.sqlite").write_bytes(b"garbage" * 1000)
            (internal / "CURRENT").write_bytes(b"garbage")
        else:
            shutil.rmtree(internal)
            if state == "a file":
                internal.write_text("mine")

        with KnowledgeBase.open(kb.path, embedder=HashingEmbedder()) as copy:
            customers = copy.searcher(EXTERNAL)
            found = sorted(ids(customers.search("printer")))
            n_documents = copy.stats(EXTERNAL)[0].n_articles, copy.check(EXTERNAL).n_documents

        if internal.exists():
            internal.chmod(0o700)
        assert tuple(found) == self.FOUND
        assert n_documents == (1, 2)

    def test_may_be_copied_with_the_settings_to_another_host(
        self, kb: KnowledgeBase, tmp_path: Path
    ) -> None:
        """As the deployment guide says."""
        host = tmp_path / "web" / "support.kb"
        shutil.copytree(kb.path / "external", host / "external")
        shutil.copy(kb.path / "kbsearch.toml", host)

        with KnowledgeBase.open(host, embedder=HashingEmbedder()) as copy:
            found = sorted(ids(copy.searcher(EXTERNAL).search("printer")))

        assert tuple(found) == self.FOUND

    def test_may_be_read_only(self, kb: KnowledgeBase) -> None:
        """A web host mounts it so; searching writes nothing."""
        external = kb.path / "external"
        before = {path: path.stat().st_mtime_ns for path in external.rglob("*")}
        for path in external.rglob("*"):
            path.chmod(0o500 if path.is_dir() else 0o400)
        external.chmod(0o500)

        with KnowledgeBase.open(kb.path, embedder=HashingEmbedder()) as copy:
            found = sorted(ids(copy.searcher(EXTERNAL).search("printer")))

        for path in [external, *external.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
        assert tuple(found) == self.FOUND
        assert {path: path.stat().st_mtime_ns for path in external.rglob("*")} == before


class TestADirectoryOfTheOtherAudience:
    """A mistake in copying is an error, not an answer."""

    def test_is_not_opened_for_customers(self, kb: KnowledgeBase) -> None:
        """Staff's records stand where customers' should."""
        shutil.copy(kb.path / "internal" / "records.sqlite", kb.path / "external")

        with pytest.raises(AudienceMismatchError, match="holds internal documents") as raised:
            kb.searcher(EXTERNAL)

        assert (raised.value.holds, raised.value.asked) == ("internal", "external")
        with pytest.raises(AudienceMismatchError, match="holds internal documents"):
            kb.stats(EXTERNAL)
        with pytest.raises(AudienceMismatchError, match="holds internal documents"):
            kb.upsert([article("2", "Printer is new", EXTERNAL)])
        assert "holds internal documents" in kb.check(EXTERNAL).findings[0].what

    def test_is_not_opened_for_agents_either(self, kb: KnowledgeBase) -> None:
        """Two swapped directories are wrong on both sides."""
        (kb.path / "external").rename(kb.path / "swap")
        (kb.path / "internal").rename(kb.path / "external")
        (kb.path / "swap").rename(kb.path / "internal")

        with pytest.raises(AudienceMismatchError, match="holds external documents, but internal"):
            kb.searcher(INTERNAL)

    def test_is_not_opened_while_a_searcher_is_open_on_the_right_one(
        self, kb: KnowledgeBase, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Staff's snapshot, published on customers' shelf, is known by its manifest."""
        customers = kb.searcher(EXTERNAL)
        before = ids(customers.search("printer password"))
        for name in ("CURRENT", "snapshot-0000000001"):
            source, target = kb.path / "internal" / name, kb.path / "external" / name
            if source.is_dir():
                shutil.rmtree(target)
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)

        after = ids(customers.search("printer password"))

        assert set(after) == set(before) == set(TestTheExternalDirectoryAlone.FOUND)
        assert "it is of shelf 'internal'" in kb.check(EXTERNAL).findings[0].what
