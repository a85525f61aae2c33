"""kbsearch's own form comes back as it went out, and says of itself who may read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.building import Imported
from kbsearch.importers.files.native import NativeImporter
from kbsearch.models import Article, Audience, parse_document
from tests.importers.contract import ImporterContract


class TestNative(ImporterContract):
    """The contract; a document without its marker is refused or private."""

    importer = NativeImporter
    cases: ClassVar = {"full": {}, "folder": {}}
    markers = ("audience", "published", "public")

    def test_every_document_is_what_add_would_read(self) -> None:
        """Both ways into a desk give the same."""
        ((export, _, importer), _) = self.each_case()
        lines = export.read_text(encoding="utf-8").splitlines()

        made = [item for item in importer.read(export) if isinstance(item, Imported)]

        assert [item.place.line for item in made] == [1, 2, 3, 7, 9]
        for item in made:
            assert item.document == parse_document(json.loads(lines[(item.place.line or 0) - 1]))

    def test_every_decision_is_what_the_document_says(self) -> None:
        """An explanation that differs from the document would mislead whoever reads it."""
        for export, _, importer in self.each_case():
            for item in importer.read(export):
                if not isinstance(item, Imported):
                    continue
                first, *others = (each.decision.audience for each in item.explanations)
                if isinstance(item.document, Article):
                    assert first is item.document.audience
                    continue
                ticket = item.document
                flags = [message.public for message in ticket.messages]
                flags += [ticket.resolution.public] if ticket.resolution else []
                assert (first is Audience.EXTERNAL) is ticket.published
                assert [audience is Audience.EXTERNAL for audience in others] == flags


def test_ids_are_kept_so_a_source_id_is_an_error() -> None:
    """Links between documents would no longer meet."""
    with pytest.raises(ConfigError, match="'source-id' cannot change them"):
        NativeImporter({"source-id": "other"})


def test_a_line_at_a_time_is_read(tmp_path: Path) -> None:
    """The first document is there before the second line is looked at."""
    file = tmp_path / "export.jsonl"
    line = {"kind": "article", "id": "kb:1", "title": "T", "body": "", "audience": "external"}
    file.write_text(json.dumps(line) + "\n{\n", encoding="utf-8")

    first = next(iter(NativeImporter().read(file)))

    assert isinstance(first, Imported)
    assert first.document.id == "kb:1"
