"""A bundle that is open: read only, for customers only, and replaced under its readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.errors import BundleError, DocumentNotFoundError
from tests.builders import article
from tests.bundles import QUERY, filled, opened
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL, ids


@pytest.fixture
def library(desk: KnowledgeBase) -> KnowledgeBase:
    """A desk with a few documents of both audiences."""
    return filled(desk)


WRITES: dict[str, Callable[[KnowledgeBase], object]] = {
    "upsert": lambda kb: kb.upsert([article("new", "VPN for guests", EXTERNAL)]),
    "dry run": lambda kb: kb.upsert([article("new", "VPN", EXTERNAL)], dry_run=True),
    "delete": lambda kb: kb.delete(["kb:vpn"]),
    "withdraw": lambda kb: kb.withdraw(["kb:vpn"]),
    "forget": lambda kb: kb.forget(["kb:vpn"]),
    "rebuild": lambda kb: kb.rebuild(),
    "rollback": lambda kb: kb.rollback(EXTERNAL),
    "repair": lambda kb: kb.repair(EXTERNAL),
    "export": lambda kb: kb.export_shelf(EXTERNAL, kb.path.parent / "again.kb"),
}
STAFFS_READS: dict[str, Callable[[KnowledgeBase], object]] = {
    "searcher": lambda kb: kb.searcher(INTERNAL),
    "stats": lambda kb: kb.stats(INTERNAL),
    "snapshots": lambda kb: kb.snapshots(INTERNAL),
    "check": lambda kb: kb.check(INTERNAL),
    "why visible": lambda kb: kb.why_visible("kb:vpn"),
}


class TestABundleThatIsOpen:
    """Read only, for customers only."""

    @pytest.mark.parametrize("name", [*WRITES, *STAFFS_READS])
    def test_what_needs_the_desk_is_one_clear_error(
        self, library: KnowledgeBase, tmp_path: Path, name: str
    ) -> None:
        """Before anything is touched."""
        library.export_shelf("external", tmp_path / "public.kb")
        before = bytes_of(tmp_path)

        with (
            opened(tmp_path / "public.kb") as bundle,
            pytest.raises(BundleError, match="Change the desk that it was exported from"),
        ):
            (WRITES | STAFFS_READS)[name](bundle)

        assert bytes_of(tmp_path) == before

    def test_reading_it_writes_nothing(self, library: KnowledgeBase, tmp_path: Path) -> None:
        """No lock, no journal, not a time."""
        library.export_shelf("external", tmp_path / "public.kb")
        made = [tmp_path / "public.kb", *(tmp_path / "public.kb").rglob("*")]
        before = {path: path.stat().st_mtime_ns for path in made}

        with opened(tmp_path / "public.kb") as bundle:
            bundle.searcher(EXTERNAL).search(QUERY)
            bundle.check(EXTERNAL)
            (stats,) = bundle.stats(EXTERNAL)
            (snapshot,) = bundle.snapshots(EXTERNAL)

        after = [tmp_path / "public.kb", *(tmp_path / "public.kb").rglob("*")]
        assert {path: path.stat().st_mtime_ns for path in after} == before
        assert (stats.n_articles, stats.n_tickets, stats.n_changes_since_snapshot) == (2, 2, 0)
        assert (snapshot.number, snapshot.is_live, snapshot.n_documents) == (1, True, 4)

    def test_who_has_it_open_goes_on_with_the_next_one(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """Without being opened again; what was withdrawn is gone from the next search on."""
        library.export_shelf("external", tmp_path / "public.kb")
        with opened(tmp_path / "public.kb") as bundle:
            customers = bundle.searcher(EXTERNAL)
            assert "kb:vpn" in ids(customers.search(QUERY))
            library.withdraw(["kb:vpn"])
            library.upsert([article("aa", "a new first document", EXTERNAL)])

            report = library.export_shelf("external", tmp_path / "public.kb", replace=True)

            assert report.is_replacement
            assert "kb:vpn" not in ids(customers.search(QUERY))
            assert ids(customers.search("a new first document"))[0] == "kb:aa"
            with pytest.raises(DocumentNotFoundError, match="kb:vpn"):
                customers.get("kb:vpn")

    def test_keys_of_one_bundle_lead_nowhere_in_the_next(
        self, library: KnowledgeBase, tmp_path: Path
    ) -> None:
        """A search that began before the swap must not look up another document's text."""
        library.export_shelf("external", tmp_path / "public.kb")
        with opened(tmp_path / "public.kb") as bundle:
            reader = bundle._reader(EXTERNAL)
            before = reader._records.keys()
            library.withdraw(["kb:mfa"])
            library.export_shelf("external", tmp_path / "public.kb", replace=True)

            assert reader.details(before) == {}
