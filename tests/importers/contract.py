"""What every importer owes its users: subclass it, and name the importer and its samples."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.models import Article, Audience, Ticket

SAMPLES = Path(__file__).parent / "samples"


def as_golden(item: ImportItem) -> dict[str, Any]:
    """One line of a golden file: everything that an importer said of one record."""
    if not isinstance(item, Imported):
        kind = "skipped" if isinstance(item, Skipped) else "problem"
        return {kind: item.reason, "place": str(item.place)}
    document = item.document.model_dump(mode="json", exclude_defaults=True)
    return {
        "place": str(item.place),
        "document": {"kind": item.document.kind} | document,
        "why": {
            each.part: [each.decision.audience.value, *map(str, each.decision.markers)]
            for each in item.explanations
        },
        "warnings": list(item.warnings),
    }


def is_wide_open(item: ImportItem) -> bool:
    """Whether a customer could read anything of it."""
    if not isinstance(item, Imported):
        return False
    document = item.document
    if isinstance(document, Article):
        return document.shelf is Audience.EXTERNAL
    return document.published or any(message.public for message in document.messages)


class ImporterContract:
    """
    The contract of importers.

    Attributes:
        importer: The class under test.
        cases: Folder name under `samples/<importer.name>/` → options. A case has its
            export in `export/` (or as the one file `export.*`) and `golden.jsonl` beside it.
        markers: Names of the fields that decide about visibility, as JSON keys or CSV
            columns of the samples; without them nothing may be open.
    """

    importer: ClassVar[type[Importer]]
    cases: ClassVar[dict[str, dict[str, str]]] = {"full": {}}
    markers: ClassVar[tuple[str, ...]] = ()

    def each_case(self) -> Iterator[tuple[Path, Path, Importer]]:
        """Export, golden file and importer of every case."""
        for case, options in self.cases.items():
            folder = SAMPLES / self.importer.name / case
            (export,) = [p for p in folder.iterdir() if p.name.startswith("export")]
            yield export, folder / "golden.jsonl", self.importer(options)

    def test_reads_its_samples_as_the_golden_files_say(self) -> None:
        """Made anew with UPDATE_GOLDEN=1, and then read by a person, line by line."""
        for export, golden, importer in self.each_case():
            found = [as_golden(item) for item in importer.read(export)]
            if os.environ.get("UPDATE_GOLDEN"):
                lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in found]
                golden.write_text("\n".join(lines) + "\n", encoding="utf-8")

            expected = [json.loads(line) for line in golden.read_text("utf-8").splitlines()]

            assert found == expected

    def test_every_document_id_is_given_once(self) -> None:
        """A ticket 12 and an article 12 are two documents."""
        for export, _, importer in self.each_case():
            items = [i for i in importer.read(export) if isinstance(i, Imported)]

            assert len({item.document.id for item in items}) == len(items) > 0

    def test_the_samples_hold_a_record_that_is_reported(self) -> None:
        """A malformed record in the middle: its place is named, the others follow."""
        reported = False
        for export, _, importer in self.each_case():
            items = list(importer.read(export))
            kinds = [isinstance(item, ImportProblem) for item in items]
            reported = reported or (True in kinds and False in kinds[kinds.index(True) :])

        assert reported

    def test_says_what_it_is(self) -> None:
        """Shown by `kbsearch import --list`."""
        importer = self.importer

        assert importer.name == importer.name.lower().strip()
        assert importer.title
        assert importer.reads
        assert importer.verified

    def test_a_helpdesk_ticket_is_published_only_where_a_marker_says_so(self) -> None:
        """The asker may read it; that does not make it everybody's."""
        for export, _, importer in self.each_case():
            for item in importer.read(export):
                if isinstance(item, Imported) and isinstance(item.document, Ticket):
                    markers = item.explanations[0].decision.markers
                    assert not item.document.published or markers

    def test_without_its_markers_nothing_is_open(self, tmp_path: Path) -> None:
        """A field that a vendor renames must not open what it used to close."""
        for number, (export, _, importer) in enumerate(self.each_case()):
            before = list(importer.read(export))
            assert any(map(is_wide_open, before)) or number
            stripped = tmp_path / str(number)
            without_fields(export, stripped, frozenset(self.markers))

            after = list(importer.read(stripped))

            assert not [as_golden(item) for item in after if is_wide_open(item)]
            assert len(after) >= 1


def without_fields(export: Path, copy: Path, names: frozenset[str]) -> None:
    """A copy of an export of JSON and CSV files that lacks some fields everywhere."""
    files = [export] if export.is_file() else [p for p in export.rglob("*") if p.is_file()]
    base = export.parent if export.is_file() else export
    for file in files:
        target = copy / file.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_stripped(file, names), encoding="utf-8")


def _stripped(file: Path, names: frozenset[str]) -> str:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        return json.dumps(_pruned(json.loads(text), names))
    if file.suffix in (".jsonl", ".ndjson"):
        return "\n".join(_pruned_line(line, names) for line in text.splitlines())
    if file.suffix == ".csv":
        import csv
        import io

        rows = list(csv.reader(io.StringIO(text)))
        kept = [n for n, column in enumerate(rows[0]) if column not in names]
        out = io.StringIO()
        csv.writer(out).writerows([[row[n] for n in kept if n < len(row)] for row in rows])
        return out.getvalue()
    pytest.fail(f"override the test for files such as {file.name}")


def _pruned_line(line: str, names: frozenset[str]) -> str:
    try:
        return json.dumps(_pruned(json.loads(line), names))
    except ValueError:
        return line


def _pruned(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {k: _pruned(v, names) for k, v in value.items() if k not in names}
    if isinstance(value, list):
        return [_pruned(each, names) for each in value]
    return value
