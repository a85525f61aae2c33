"""Memory that does not grow with the export: every importer, 100 MB of its own samples."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importers.contract import ImporterContract
from tests.importers.test_fuzz import BY_NAME

SMALL, LARGE = 10_000_000, 100_000_000
_SCRIPT = """
import sys
from pathlib import Path
from tests.importers.contracts import CONTRACTS
contract = next(c for c in CONTRACTS if c.importer.name == sys.argv[1])
(options, *_) = [o for n, o in contract.cases.items() if n == sys.argv[3]]
n = sum(1 for _ in contract.importer(options).read(sys.argv[2]))
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(n, status["VmHWM"].split()[0])
"""  # VmHWM, because ru_maxrss begins with the peak of the process that started this one


def repeated(value: Any, size: int) -> str:
    """A JSON export whose tables are as long as to make it of about this size."""
    times = max(1, size // max(1, len(json.dumps(value))))
    if isinstance(value, list):
        return json.dumps(value * times)
    tables = {k: v * times if isinstance(v, list) else v for k, v in value.items()}
    return json.dumps(tables)


def grown(export: Path, copy: Path, size: int) -> Path:
    """A copy of an export of JSON files in which each is as large as its share."""
    files = [export] if export.is_file() else sorted(export.rglob("*.json*"))
    whole = sum(file.stat().st_size for file in files)
    for file in files:
        target = copy / (file.name if export.is_file() else file.relative_to(export))
        target.parent.mkdir(parents=True, exist_ok=True)
        share = size * file.stat().st_size // whole
        if file.suffix == ".json":
            text = repeated(json.loads(file.read_text("utf-8")), share)
        else:
            text = file.read_text("utf-8").rstrip() + "\n"
            text *= max(1, share // max(1, len(text)))
        target.write_text(text, encoding="utf-8")
    return copy / export.name if export.is_file() else copy


def peak_kb(contract: type[ImporterContract], case: str, export: Path) -> int:
    result = subprocess.run(
        [sys.executable, "-c", _SCRIPT, contract.importer.name, str(export), case],
        capture_output=True,
        text=True,
        check=True,
    )
    n_items, peak = map(int, result.stdout.split())
    assert n_items > 100
    return peak


@pytest.mark.nightly
@pytest.mark.parametrize("contract", BY_NAME, ids=lambda c: c.importer.name)
def test_ten_times_the_export_takes_no_more_memory(
    contract: type[ImporterContract], tmp_path: Path
) -> None:
    """Rows go to disk where they wait for each other; only names of people and folders stay."""
    (export, _, _), *_ = contract().each_case()
    case = next(iter(contract.cases))

    small = peak_kb(contract, case, grown(export, tmp_path / "small", SMALL))
    large = peak_kb(contract, case, grown(export, tmp_path / "large", LARGE))

    assert large - small < 60_000
