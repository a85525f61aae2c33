"""10,000 records whose fields hold anything: typed answers only, and nothing opens by chance."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers import Imported, ImportProblem, Skipped
from kbsearch.testing.contracts.importer import as_golden, is_wide_open
from tests.importers.contract import SAMPLES, ImporterContract
from tests.importers.contracts import CONTRACTS

N_RECORDS = 10_000
JUNK: tuple[Any, ...] = (
    *(
        None,
        "",
        " ",
        "TRUE",
        "True",
        "Public",
        "EXTERNAL",
        "public ",
        "everyone",
        "2.0",
        "-1",
        "zz",
    ),
    *(-1, 99, 1.5, 10**30, float("nan"), float("inf"), [], {}, [None], [[]], {"a": {"b": [1]}}),
    *(
        "\ud800",
        "\u202e",
        "\x00\x1b[31m",
        "é" * 300,
        "9999-99-99",
        "2024-13-01T00:00:00Z",
        "0000-00-00",
    ),
    *({"value": "1"}, {"type": "public"}, ["true"], "<p>unclosed", "yes", "on", "everybody"),
)
MARKERS = {c.importer.name: frozenset(c.markers) for c in CONTRACTS} | {
    "table": frozenset(
        {
            "Offen",
            "Forum",
            "Für",
            "Sichtbar",
            "open",
            "visible",
            "visible_to",
            "audience",
            "public",
            "published",
        }
    )
}
IN_JSON = [c for c in CONTRACTS if any((SAMPLES / c.importer.name).rglob("export*.json*"))] + [
    c for c in CONTRACTS if any((SAMPLES / c.importer.name).rglob("export/**/*.json*"))
]
BY_NAME = sorted({c.importer.name: c for c in IN_JSON}.values(), key=lambda c: c.importer.name)


def every_json(export: Path, copy: Path, change: Callable[[Any], Any]) -> Path:
    """A copy of an export with every JSON value changed."""
    if export.is_dir():
        shutil.copytree(export, copy)
        files = [p for p in copy.rglob("*") if p.is_file()]
    else:
        copy.mkdir(parents=True)
        files = [Path(shutil.copy(export, copy / export.name))]
    for file in files:
        if file.suffix == ".json":
            value = change(json.loads(file.read_text("utf-8")))
            file.write_text(json.dumps(value), encoding="utf-8")
        elif file.suffix in (".jsonl", ".ndjson"):
            file.write_text("\n".join(_lines(file, change)), encoding="utf-8")
        elif file.suffix == ".csv":
            _change_rows(file, change)
    return copy if export.is_dir() else copy / export.name


def _lines(file: Path, change: Callable[[Any], Any]) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        try:
            yield json.dumps(change(json.loads(line)))
        except ValueError:
            yield line


def _change_rows(file: Path, change: Callable[[Any], Any]) -> None:
    with file.open(encoding="utf-8", newline="") as opened:
        parted_by = ";" if ";" in opened.readline() else ","
        opened.seek(0)
        reader = csv.DictReader(opened, delimiter=parted_by)
        rows = [{k: v for k, v in row.items() if k is not None} for row in reader]
        columns = list(reader.fieldnames or ())
    with file.open("w", encoding="utf-8", errors="ignore", newline="") as opened:
        writer = csv.DictWriter(opened, columns, delimiter=parted_by)
        writer.writeheader()
        writer.writerows(
            [{k: v if v is None else str(v) for k, v in change(r).items()} for r in rows]
        )


def with_junk(value: Any, rng: random.Random, share: float, names: frozenset[str] | None) -> Any:
    """A value in which some fields, or all fields of some names, hold something else."""
    if isinstance(value, dict):
        changed = {}
        for key, inner in value.items():
            is_meant = names is None or key in names
            if is_meant and rng.random() < share:
                changed[key] = rng.choice(JUNK)
            else:
                changed[key] = with_junk(inner, rng, share, names)
        return changed
    if isinstance(value, list):
        return [with_junk(each, rng, share, names) for each in value]
    return value


@pytest.mark.parametrize("contract", BY_NAME, ids=lambda c: c.importer.name)
class TestAnyRecord:
    """All importers whose samples are JSON."""

    def test_gives_a_document_a_skip_or_a_problem_and_never_an_error(
        self, contract: type[ImporterContract], tmp_path: Path
    ) -> None:
        """Each field may hold anything at all."""
        n_seen = 0
        for number, case in enumerate(_cases(contract, N_RECORDS // len(BY_NAME))):
            export, importer, rng = case
            share = rng.choice((0.02, 0.1, 0.4))
            changed = every_json(
                export,
                tmp_path / str(number),
                partial(with_junk, rng=rng, share=share, names=None),
            )
            try:
                for item in importer.read(changed):
                    assert isinstance(item, Imported | Skipped | ImportProblem)
                    n_seen += 1
            except ConfigError:  # a mapping file names a table, and the table's name was junk
                assert contract.importer.name == "table"
            shutil.rmtree(tmp_path / str(number))

        assert n_seen >= 300

    def test_opens_nothing_whose_markers_hold_anything_but_their_exact_values(
        self, contract: type[ImporterContract], tmp_path: Path
    ) -> None:
        """Missing, another case, another type, a new value: internal."""
        names = MARKERS[contract.importer.name]
        assert names
        for number, case in enumerate(_cases(contract, N_RECORDS // len(BY_NAME))):
            export, importer, rng = case
            changed = every_json(
                export,
                tmp_path / str(number),
                partial(with_junk, rng=rng, share=1.0, names=names),
            )
            wide_open = [as_golden(i) for i in importer.read(changed) if is_wide_open(i)]
            assert wide_open == []
            shutil.rmtree(tmp_path / str(number))


def _cases(contract: type[ImporterContract], n_records: int) -> Iterator[tuple[Path, Any, Any]]:
    """The contract's samples over and over, until so many records were read."""
    samples = list(contract().each_case())
    per_round = sum(len(list(importer.read(export))) for export, _, importer in samples) or 1
    for number in range(-(-n_records // per_round)):
        for export, _, importer in samples:
            yield export, importer, random.Random(number)
