"""Whole exports: planned, braked, then written; what they lack is deleted only by `sync`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.arrays import Float32
from kbsearch.errors import MassDeletionError, MassPublicationError, SourceError
from kbsearch.importers import Imported, Importer, ImportItem, ImportProblem, Place, Skipped
from kbsearch.importers.building import make_article
from kbsearch.importers.reading.cutting import ENDS_IN_THE_MIDDLE
from kbsearch.importers.reading.source import Source
from kbsearch.intake import ImportNote, NoteKind, import_export, preview_export
from kbsearch.models import ArticleStatus
from kbsearch.visibility import Marker, Verdict
from tests.builders import article

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL


def marked(external_id: str, *, public: bool, text: str = "reset the router") -> Imported:
    """An article of the desk "kb" whose source marks it."""
    verdict = Verdict.PUBLIC if public else Verdict.INTERNAL
    marker = Marker(level="article", field="public", value=str(public), verdict=verdict)
    place = Place("export.json", position=int(external_id))
    return make_article(place, markers=[marker], id=f"kb:{external_id}", title="Router", body=text)


class FixedImporter(Importer):
    """Says the same at every reading, or first one thing and then another."""

    name, title = "kb", "Fixed"
    reads = verified = "nothing"

    def __init__(self, *readings: Sequence[ImportItem]) -> None:
        super().__init__()
        self.readings = list(readings)

    def _read(self, source: Source) -> Iterator[ImportItem]:
        yield from self.readings[0] if len(self.readings) == 1 else self.readings.pop(0)


def _fails(texts: Sequence[str]) -> Float32:
    raise RuntimeError("out of memory")


def ids(kb: KnowledgeBase, audience: Audience) -> list[str]:
    return sorted(kb.ids(audience))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Something that exists; `FixedImporter` does not look into it."""
    path = tmp_path / "export.json"
    path.write_text("{}", encoding="utf-8")
    return path


class TestTheMassPublicationBrake:
    """More than 20 or 5 % newly external: stopped before anything is written."""

    def test_twenty_may_come_without_a_word_and_twenty_one_may_not(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """On an empty desk; the 21 are listed."""
        twenty = [marked(str(n), public=True) for n in range(20)]

        with pytest.raises(MassPublicationError, match="--publish-at-most 21") as caught:
            import_export(desk, FixedImporter([*twenty, marked("20", public=True)]), export)
        assert ids(desk, EXTERNAL) == ids(desk, INTERNAL) == []
        report = import_export(desk, FixedImporter(twenty), export)

        assert caught.value.ids == tuple(f"kb:{n}" for n in range(21))
        assert (len(report.newly_external), report.n_added) == (20, 20)

    def test_on_a_large_desk_five_per_cent_may_come(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """Of 1,000 that customers read, 50 more."""
        desk.upsert([article(f"old-{n}", "reset the router", EXTERNAL) for n in range(1000)])
        fifty_one = [marked(str(n), public=True) for n in range(51)]

        with pytest.raises(MassPublicationError, match=r"51 documents .* at most 50 may"):
            import_export(desk, FixedImporter(fifty_one), export)

        assert import_export(desk, FixedImporter(fifty_one[:50]), export).n_added == 50

    def test_what_customers_read_already_does_not_count(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """The same export every night."""
        items = [marked(str(n), public=True) for n in range(30)]
        import_export(desk, FixedImporter(items), export, publish_at_most=30)

        again = import_export(desk, FixedImporter(items), export)

        assert (again.newly_external, again.n_unchanged) == ((), 30)

    def test_internal_documents_that_become_external_count(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """The accident it is made for: a marker that somebody flipped for all."""
        import_export(
            desk, FixedImporter([marked(str(n), public=False) for n in range(30)]), export
        )
        flipped = FixedImporter([marked(str(n), public=True) for n in range(30)])

        with pytest.raises(MassPublicationError, match="30 documents"):
            import_export(desk, flipped, export)

        assert ids(desk, EXTERNAL) == []
        assert len(ids(desk, INTERNAL)) == 30

    def test_a_withdrawal_is_never_braked(self, desk: KnowledgeBase, export: Path) -> None:
        """Taking back what should not be read must not wait for a word."""
        items = [marked(str(n), public=True) for n in range(100)]
        import_export(desk, FixedImporter(items), export, publish_at_most=100)

        hidden = FixedImporter([marked(str(n), public=False) for n in range(100)])
        report = import_export(desk, hidden, export)

        assert ids(desk, EXTERNAL) == []
        assert report.n_notes == {"withdrawn": 100}

    def test_withdrawals_come_before_the_brake_and_before_anything_can_fail(
        self, desk: KnowledgeBase, export: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The page that closes is the last of thousands, and then the model fails."""
        desk.upsert([article("0", "reset the router", EXTERNAL)])
        closing = marked("0", public=False)
        too_many = [*(marked(str(n), public=True) for n in range(1, 30)), closing]

        with pytest.raises(MassPublicationError, match="29 documents"):
            import_export(desk, FixedImporter(too_many), export)
        braked = ids(desk, EXTERNAL)
        desk.upsert([article("0", "reset the router", EXTERNAL)])
        monkeypatch.setattr(desk.embedder, "embed_passages", _fails)
        many = [*(marked(str(n), public=False) for n in range(1, 600)), closing]
        with pytest.raises(RuntimeError, match="out of memory"):
            import_export(desk, FixedImporter(many), export)

        assert braked == ids(desk, EXTERNAL) == []
        assert "kb:0" in ids(desk, INTERNAL)

    def test_an_export_that_changes_between_the_readings_publishes_nothing_uncounted(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """The file was replaced after it was counted."""
        changing = FixedImporter([marked("1", public=False)], [marked("1", public=True)])

        with pytest.raises(SourceError, match="changed while it was read"):
            import_export(desk, changing, export)

        assert ids(desk, EXTERNAL) == []

    def test_a_cut_off_export_shows_customers_nothing_new(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """The table that would have closed the page may be the one that is cut off."""
        cut: list[ImportItem] = [
            marked("1", public=True),
            ImportProblem(Place("export.json", position=1), ENDS_IN_THE_MIDDLE),
        ]

        with pytest.raises(MassPublicationError, match="at most 0 may"):
            import_export(desk, FixedImporter(cut), export)

        assert import_export(desk, FixedImporter(cut), export, publish_at_most=1).n_added == 1


class TestSync:
    """This export is everything: what it lacks goes, within limits."""

    def test_an_import_deletes_nothing_and_a_sync_what_is_lacking(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """Only documents of this source."""
        desk.upsert([article("1", "a", INTERNAL), article("2", "b", EXTERNAL)])
        other = Article(id="other:1", title="c", body="c", audience=INTERNAL)
        desk.upsert([other])
        part = FixedImporter([marked("1", public=False)])

        assert import_export(desk, part, export).n_deleted == 0
        report = import_export(desk, part, export, is_everything=True)

        assert report.to_delete == ("kb:2",)
        assert report.n_deleted == 1
        assert (ids(desk, INTERNAL), ids(desk, EXTERNAL)) == (["kb:1", "other:1"], [])

    def test_a_sync_that_would_delete_too_much_stops_and_lists_it(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """An export that was cut off must not empty the desk."""
        desk.upsert([article(str(n), "a", INTERNAL) for n in range(30)])
        part = FixedImporter([marked("0", public=False)])

        with pytest.raises(MassDeletionError, match="--delete-at-most 29") as caught:
            import_export(desk, part, export, is_everything=True)
        assert len(ids(desk, INTERNAL)) == 30
        report = import_export(desk, part, export, is_everything=True, delete_at_most=29)

        assert len(caught.value.ids) == report.n_deleted == 29

    def test_a_sync_with_a_record_that_cannot_be_read_deletes_nothing(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """It may be the very one that seems to be lacking."""
        desk.upsert([article("1", "a", INTERNAL)])
        broken = FixedImporter([ImportProblem(Place("export.json", position=0), "it is not JSON")])

        report = import_export(desk, broken, export, is_everything=True)

        assert ids(desk, INTERNAL) == ["kb:1"]
        assert report.n_deleted == 0
        assert not report.is_sound
        assert report.notes[-1].what == "what it lacks is not deleted: 1 records could not be read"

    def test_what_the_source_says_is_deleted_goes_in_an_import_too(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """Spam and deleted tickets that an earlier export still had."""
        desk.upsert([article("1", "a", EXTERNAL)])
        spam = Skipped(Place("export.json", position=0), "it is deleted", "kb:1")

        report = import_export(desk, FixedImporter([spam]), export)

        assert ids(desk, EXTERNAL) == []
        assert (report.n_deleted, report.n_notes) == (
            1,
            {"skipped": 1, "withdrawn": 1, "deleted": 1},
        )

    def test_a_sync_of_nothing_deletes_nothing_without_a_word(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """An empty export is an accident until somebody says that it is not."""
        desk.upsert([article("1", "a", INTERNAL)])

        with pytest.raises(MassDeletionError, match="at most 0 may"):
            import_export(desk, FixedImporter([]), export, is_everything=True)

        assert ids(desk, INTERNAL) == ["kb:1"]

    def test_what_is_deleted_in_one_record_and_held_in_another_is_not_deleted(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """Customers lose it until it is written again; a person is told."""
        desk.upsert([article("1", "a", EXTERNAL)])
        both: list[ImportItem] = [
            Skipped(Place("e", position=0), "it is spam", "kb:1"),
            marked("1", public=True),
        ]

        report = import_export(desk, FixedImporter(both), export)

        assert (report.n_deleted, ids(desk, EXTERNAL)) == (0, ["kb:1"])
        assert report.n_notes["warning"] == 1


class TestTheReport:
    """What went where and why."""

    def test_counts_by_kind_shelf_and_deciding_marker(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """Two public, three not."""
        items = [marked(str(n), public=n < 2) for n in range(5)]

        report = import_export(desk, FixedImporter(items), export)

        assert [(d.n, d.kind, d.shelf, d.why) for d in report.destinations] == [
            (3, "article", "internal", "article: public = False (internal)"),
            (2, "article", "external", "article: public = True (public)"),
        ]

    def test_a_dry_run_says_the_same_and_writes_nothing(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """No brake holds it: it is there to be looked at."""
        items = [marked(str(n), public=True, text="mail anna.quill@example.com") for n in range(30)]
        importer = FixedImporter(items)

        dry = preview_export(desk, importer, export)
        assert ids(desk, EXTERNAL) == []
        wet = import_export(desk, importer, export, publish_at_most=30)

        assert (dry.is_dry_run, dry.n_added, dry.n_redacted) == (True, 30, {"external email": 30})
        same = {"is_dry_run": False, "n_embedded": wet.n_embedded}
        assert dry.model_copy(update=same) == wet

    def test_every_note_is_passed_on(self, desk: KnowledgeBase, export: Path) -> None:
        """A report file has room for all; the report itself for a thousand."""
        problem = ImportProblem(Place("export.json", line=3), "it is not JSON")
        notes: list[ImportNote] = []

        report = import_export(desk, FixedImporter([problem] * 1001), export, on_note=notes.append)

        assert len(notes) == report.n_notes["problem"] == 1001
        assert len(report.notes) == 1000
        assert notes[0] == ImportNote(
            kind=NoteKind.PROBLEM, subject="export.json:3", what="it is not JSON"
        )

    def test_an_id_given_twice_with_different_content_is_not_guessed(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """However far apart the two stand; one that is internal keeps both from customers."""
        between = [marked(str(n), public=False) for n in range(10, 1100)]
        twice = [marked("1", public=True), *between, marked("1", public=False)]

        report = import_export(desk, FixedImporter(twice), export)

        assert report.n_notes["rejected"] == 2
        assert "kb:1" not in ids(desk, EXTERNAL) + ids(desk, INTERNAL)


class TestWhyVisible:
    """The chain of facts, from the source or from the document itself."""

    def test_tells_the_markers_of_the_source(self, desk: KnowledgeBase, export: Path) -> None:
        """Also of an article that stands with the customers alone."""
        import_export(desk, FixedImporter([marked("1", public=True)]), export)

        standing = desk.why_visible("kb:1")

        assert (standing.shelves, standing.customers_read) == (("external",), True)
        assert standing.is_from_source
        assert str(standing.explanations[0].decision.deciding) == "article: public = True → public"

    def test_tells_the_documents_own_fields_where_nothing_was_imported(
        self, desk: KnowledgeBase
    ) -> None:
        """A draft for customers is hidden by its status."""
        desk.upsert([article("1", "soon", EXTERNAL, status=ArticleStatus.DRAFT)])

        standing = desk.why_visible("kb:1")

        assert (standing.is_from_source, standing.customers_read) == (False, False)
        assert standing.because == ("its audience is external, but its status is draft",)
        assert str(standing.explanations[0].decision.deciding) == "article: status = draft → hidden"

    def test_forgets_the_markers_of_what_was_deleted_or_put_by_hand(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """They are not true of the next document with this id."""
        import_export(desk, FixedImporter([marked("1", public=True)]), export)
        desk.upsert([article("1", "by hand", INTERNAL)])
        by_hand = desk.why_visible("kb:1")
        import_export(desk, FixedImporter([marked("1", public=True)]), export)
        desk.delete(["kb:1"])
        desk.upsert([article("1", "by hand", INTERNAL)])

        assert by_hand == desk.why_visible("kb:1")
        assert not by_hand.is_from_source

    def test_markers_stand_on_the_staffs_shelf_alone(
        self, desk: KnowledgeBase, export: Path
    ) -> None:
        """Names of categories and groups can tell secrets of their own."""
        secret = Marker(level="Acquisition team", field="open", value="1", verdict=Verdict.PUBLIC)
        item = make_article(
            Place("e"), markers=[secret], id="kb:1", title="Router", body="reset the router"
        )
        import_export(desk, FixedImporter([item]), export)

        found = [p for p in (desk.path / "external").rglob("*") if p.is_file()]

        assert found
        assert not [p for p in found if b"Acquisition" in p.read_bytes()]
        assert b"Acquisition" in (desk.path / "internal" / "records.sqlite").read_bytes()
