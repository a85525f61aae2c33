"""The commands that bring in exports and explain where they went."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kbsearch import Audience
from kbsearch.importers import IMPORTERS
from tests.builders import article
from tests.cli_runner import make_desk, run, run_json

COMMENTS = [
    {"id": 1, "author_id": 5, "public": True, "plain_body": "The VPN is dead after sleep."},
    {"id": 2, "author_id": 9, "public": False, "plain_body": "Tunnel on edge-03, token=Xk29fLq81z"},
]
TICKET = {
    "id": 17,
    "subject": "vpn gone",
    "status": "solved",
    "is_public": True,
    "requester_id": 5,
    "comments": COMMENTS,
}
PAGE = {
    "id": 3,
    "title": "VPN drops after sleep",
    "body": "<p>Update to 4.6.</p>",
    "draft": False,
    "user_segment_id": None,
    "user_segment_ids": [],
    "locale": "en-us",
}


def export(folder: Path, *tickets: Any, articles: tuple[Any, ...] = (PAGE,)) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "tickets.json").write_text(json.dumps({"tickets": tickets or [TICKET]}))
    (folder / "articles.json").write_text(json.dumps({"articles": articles}))
    return folder


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An empty desk that needs no model."""
    return make_desk(tmp_path / "a.kb")


class TestImport:
    """What is taken, what is reported, and with which exit code."""

    def test_takes_what_can_be_read_and_reports_the_rest_with_its_place(
        self, desk: Path, tmp_path: Path
    ) -> None:
        """One bad record must not cost the others."""
        source = export(tmp_path / "e", TICKET, {"id": 18, "subject": ["x"]}, TICKET | {"id": 19})

        result = run("import", "zendesk", source, "--into", desk)

        assert result.exit_code == 1
        assert "tickets.json[1]: 'subject' or 'raw_subject' is a list, not text" in result.stderr
        assert "3 added, 0 changed, 0 unchanged, 0 deleted." in result.stdout
        assert run("show", "zendesk:19", "-d", desk, "-a", "internal").exit_code == 0

    def test_says_where_everything_went_and_why(self, desk: Path, tmp_path: Path) -> None:
        """By kind, shelf and the deciding mark."""
        answer = run_json("import", "zendesk", export(tmp_path / "e"), "--into", desk)

        assert [(d["kind"], d["shelf"], d["n"]) for d in answer["destinations"]] == [
            ("ticket", "internal", 1),
            ("article", "external", 1),
        ]
        assert answer["n_redacted"] == {"internal secret": 1}

    def test_a_dry_run_writes_nothing(self, desk: Path, tmp_path: Path) -> None:
        """It tells the same, and that it was one."""
        result = run("import", "zendesk", export(tmp_path / "e"), "--into", desk, "--dry-run")

        assert result.exit_code == 0
        assert "A dry run, nothing was written; it would be: 2 added" in result.stdout
        assert run_json("stats", "-d", desk, "-a", "internal")["shelves"][0]["n_tickets"] == 0

    def test_stops_before_it_publishes_in_bulk_and_lists_what_it_would(
        self, desk: Path, tmp_path: Path
    ) -> None:
        """21 pages on an empty desk, until somebody types the number."""
        pages = tuple(PAGE | {"id": n} for n in range(100, 121))
        source = export(tmp_path / "e", articles=pages)

        braked = run("import", "zendesk", source, "--into", desk)
        confirmed = run("import", "zendesk", source, "--into", desk, "--publish-at-most", 21)

        assert (braked.exit_code, confirmed.exit_code) == (1, 0)
        assert "zendesk:article-120" in braked.stderr
        assert "repeat with --publish-at-most 21" in braked.stderr

    def test_writes_every_note_into_a_report_file(self, desk: Path, tmp_path: Path) -> None:
        """What was replaced where is in it, and not what it was."""
        report = tmp_path / "report.jsonl"

        run("import", "zendesk", export(tmp_path / "e"), "--into", desk, "--report", report)

        notes = [json.loads(line) for line in report.read_text().splitlines()]
        assert {
            "kind": "redacted",
            "subject": "zendesk:17",
            "what": "internal messages[1].text: 1 secret",
        } in notes
        assert "Xk29fLq81z" not in report.read_text()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("import",), "Name the source"),
            (("import", "zendesk"), "PATH"),
            (("import", "sendesk", "."), "no importer 'sendesk'"),
            (("import", "zendesk", "nowhere"), "nowhere"),
            (("import", "zendesk", ".", "-o", "colour=red"), "has no option 'colour'"),
            (("import", "zendesk", ".", "-o", "colour"), "not NAME=VALUE"),
            (("import", "zendesk", "src", "--report", "no/such/folder/r"), "cannot be written"),
            (("import", "zendesk", ".", "--report", "r.jsonl"), "would be a part of the export"),
            (("import", "--detect", "nowhere"), "nowhere"),
        ],
    )
    def test_wrong_use_is_told_with_what_to_do(
        self, desk: Path, arguments: tuple[str, ...], said: str
    ) -> None:
        """Nothing is written for any of them."""
        result = run(*arguments, "--into", desk)

        assert result.exit_code == 2
        assert said in result.stderr

    def test_lists_every_importer(self) -> None:
        """With what it reads and its options."""
        names = [each["name"] for each in run_json("import", "--list")["importers"]]

        assert names == [importer.name for importer in IMPORTERS] == sorted(names)
        assert "service-desk-projects" in run("import", "--list").stdout

    def test_names_the_likely_source_of_an_export(self, tmp_path: Path) -> None:
        """And says so when none is likely."""
        (tmp_path / "empty").mkdir()

        found = run_json("import", "--detect", export(tmp_path / "e"))["importers"]
        nothing = run("import", "--detect", tmp_path / "empty")

        assert found[0]["name"] == "zendesk"
        assert (nothing.exit_code, nothing.stdout) == (1, "None of the importers knows this.\n")


class TestSync:
    """The export is everything."""

    def test_deletes_what_the_export_lacks_within_limits(self, desk: Path, tmp_path: Path) -> None:
        """22 tickets, of which the next export has one."""
        many = [TICKET | {"id": n} for n in range(1, 23)]
        run("import", "zendesk", export(tmp_path / "e", *many), "--into", desk)
        source = export(tmp_path / "e", TICKET | {"id": 1})

        braked = run("sync", "zendesk", source, "--into", desk)
        confirmed = run("sync", "zendesk", source, "--into", desk, "--delete-at-most", 21)

        assert (braked.exit_code, confirmed.exit_code) == (1, 0)
        assert "repeat with --delete-at-most 21" in braked.stderr
        assert "21 deleted" in confirmed.stdout


class TestExplaining:
    """Why a document is where it is, and what of it is not searched."""

    def test_why_visible_prints_the_chain_and_the_deciding_mark(
        self, desk: Path, tmp_path: Path
    ) -> None:
        """The draft mark of a page that has no segment."""
        source = export(tmp_path / "e", articles=(PAGE | {"draft": True},))
        run("import", "zendesk", source, "--into", desk)

        result = run("why-visible", "zendesk:article-3", "--desk", desk)

        assert result.exit_code == 0
        assert "zendesk:article-3: customers cannot read it" in result.stdout
        assert "draft = true → hidden  ← decides" in result.stdout
        assert "user_segment_id = " in result.stdout

    def test_why_visible_of_nothing_exits_with_one(self, desk: Path) -> None:
        """As every command that does not find what it was asked for."""
        result = run("why-visible", "zendesk:404", "--desk", desk)

        assert result.exit_code == 1
        assert "no document 'zendesk:404'" in result.stderr

    def test_show_removed_prints_what_is_not_searched(self, desk: Path, tmp_path: Path) -> None:
        """Quotes and signatures, with their kind and place."""
        said = "It works again.\n\n-- \nMira Okafor\nBrightwater Ltd"
        comments = [{"id": 1, "author_id": 5, "public": True, "plain_body": said}]
        run(
            "import", "zendesk", export(tmp_path / "e", TICKET | {"comments": comments}), "-d", desk
        )

        result = run("show", "zendesk:17", "-d", desk, "-a", "internal", "--removed")

        assert "signature" in result.stdout
        assert "Brightwater Ltd" in result.stdout
        assert "It works again" not in result.stdout

    def test_boilerplate_shows_what_the_shelf_has_learned(self, tmp_path: Path) -> None:
        """A line that sixty pages share."""
        shared = "This page belongs to the Brightwater handbook."
        pages = [
            article(
                str(n),
                f"Reset device {n * 7919}.\n{shared}",
                Audience.INTERNAL,
            )
            for n in range(60)
        ]
        desk = make_desk(tmp_path / "b.kb", *pages)

        result = run("boilerplate", "-d", desk, "-a", "internal")

        assert "belongs to the brightwater handbook" in result.stdout
        assert "learned from 60 documents" in result.stdout


class TestAdd:
    """The brake holds there too."""

    def test_stops_before_it_publishes_in_bulk(self, desk: Path, tmp_path: Path) -> None:
        """The same limit and the same option as an import."""
        path = tmp_path / "pages.jsonl"
        pages = [article(str(n), "reset the router", Audience.EXTERNAL) for n in range(21)]
        path.write_text("\n".join(page.model_dump_json() for page in pages))

        braked = run("add", path, "--into", desk)
        confirmed = run("add", path, "--into", desk, "--publish-at-most", 21)

        assert (braked.exit_code, confirmed.exit_code) == (1, 0)
        assert "21 documents would newly come to customers" in braked.stderr
