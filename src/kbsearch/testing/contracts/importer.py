"""What every importer owes its users."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.cutting import ENDS_IN_THE_MIDDLE
from kbsearch.models import Article, Audience, Ticket


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
    What kbsearch relies on, whichever vendor's export is read.

    Attributes:
        importer: The class under test.
        samples: Folder with exports that you wrote in the vendor's shape.
        cases: Folder name under `samples/<importer.name>/` → options. A case has its
            export in `export/` (or as the one file `export.*`) and `golden.jsonl` beside it.
        markers: Names of the fields that decide about visibility, as JSON keys or CSV
            columns of the samples; without them nothing may be open.
        reads_tables: False for files that can be cut off, or be of another encoding,
            without anybody being able to tell.
    """

    importer: ClassVar[type[Importer]]
    samples: ClassVar[Path]
    cases: ClassVar[dict[str, dict[str, str]]] = {"full": {}}
    markers: ClassVar[tuple[str, ...]] = ()
    reads_tables: ClassVar[bool] = True

    def each_case(self) -> Iterator[tuple[Path, Path, Importer]]:
        """Export, golden file and importer of every case."""
        for case, options in self.cases.items():
            folder = self.samples / self.importer.name / case
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

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
    def test_a_truncated_export_gives_what_was_whole(self, tmp_path: Path, share: float) -> None:
        """Every file cut off: no error; what opens for want of a closing table is told of."""
        for number, (export, _, importer) in enumerate(self.each_case()):
            before = {document_id(i) for i in importer.read(export) if is_wide_open(i)}
            cut = changed_bytes(export, tmp_path / str(number), lambda b: b[: int(len(b) * share)])

            items = list(importer.read(cut))

            newly_open = {document_id(i) for i in items if is_wide_open(i)} - before
            is_told = ENDS_IN_THE_MIDDLE in {
                i.reason for i in items if isinstance(i, ImportProblem)
            }
            assert not newly_open or is_told or not self.reads_tables

    def test_empty_files_give_no_error_and_open_nothing(self, tmp_path: Path) -> None:
        """An export that was begun and not written."""
        for number, (export, _, importer) in enumerate(self.each_case()):
            empty = changed_bytes(export, tmp_path / str(number), lambda _: b"")

            try:
                found = list(importer.read(empty))
            except ConfigError:  # a mapping or option names what is not there any more
                found = []

            assert not any(map(is_wide_open, found))

    def test_bytes_of_another_encoding_are_reported_or_read_and_open_nothing(
        self, tmp_path: Path
    ) -> None:
        """UTF-16 tells itself; a stray byte is told of, and the other records are read."""
        for number, (export, _, importer) in enumerate(self.each_case()):
            before = {document_id(i) for i in importer.read(export) if is_wide_open(i)}
            for name, change in (("wide", _in_utf_16), ("latin", _in_latin_1)):
                copy = changed_bytes(export, tmp_path / f"{number}-{name}", change)

                after = {document_id(i) for i in importer.read(copy) if is_wide_open(i)}

                assert after <= before or not self.reads_tables


def document_id(item: ImportItem) -> str | None:
    """Of what was made of a record."""
    return item.document.id if isinstance(item, Imported) else None


def changed_bytes(export: Path, copy: Path, change: Callable[[bytes], bytes]) -> Path:
    """A copy of an export with the bytes of every file changed."""
    if export.is_file():
        copy.mkdir(parents=True)
        (copy / export.name).write_bytes(change(export.read_bytes()))
        return copy / export.name
    for file in export.rglob("*"):
        if file.is_file():
            target = copy / file.relative_to(export)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(change(file.read_bytes()))
    return copy


def _in_utf_16(content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode("utf-16")


def _in_latin_1(content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode("latin-1", "replace")


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
