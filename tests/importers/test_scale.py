"""Memory that does not grow with the export: every importer, 100 MB of its own samples."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importers.contract import SAMPLES, ImporterContract
from tests.importers.test_fuzz import BY_NAME

SMALL, LARGE = 10_000_000, 100_000_000
_NUMBER = re.compile(r'(?<="ticket_id": )[0-9]+|(?<=\{"id": )[0-9]+(?=, "subject")')
"""Of a ticket in its own row and in its comments': one with all comments would be large itself."""

_CASES = {"freescout": "api", "table": "own"}  # whose children are nested in their parents
_PAGED = {"freescout"}  # as their API gives them: many files of a page each
_PAGE_CHARACTERS = 200_000

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


def copies_of(text: str, size: int, *, between: str) -> str:
    """A text repeated to about this size, the tickets of each copy with numbers of their own."""
    times = max(1, size // max(1, len(text)))
    if _NUMBER.search(text) is None:
        return between.join([text] * times)
    return between.join(_renumbered(text, n * 1_000_000) for n in range(times))


def _renumbered(text: str, by: int) -> str:
    return _NUMBER.sub(lambda found: str(int(found[0]) + by), text)


def repeated(value: Any, size: int) -> str:
    """A JSON export whose tables are as long as to make it of about this size."""
    if isinstance(value, list):
        return f"[{copies_of(json.dumps(value)[1:-1], size, between=',')}]"
    share = size / max(1, len(json.dumps(value)))
    parts = []
    for name, table in value.items():
        text = json.dumps(table)
        if isinstance(table, list) and table:
            text = f"[{copies_of(text[1:-1], int(share * len(text)), between=',')}]"
        elif isinstance(table, dict):
            text = repeated(table, int(share * len(text)))
        parts.append(f"{json.dumps(name)}: {text}")
    return "{" + ", ".join(parts) + "}"


def grown(export: Path, copy: Path, size: int) -> Path:
    """A copy of an export in which each file of JSON is as large as its share."""
    files = [export] if export.is_file() else sorted(p for p in export.rglob("*") if p.is_file())
    whole = sum(file.stat().st_size for file in files)
    for file in files:
        target = copy / (file.name if export.is_file() else file.relative_to(export))
        target.parent.mkdir(parents=True, exist_ok=True)
        share = size * file.stat().st_size // whole
        if file.suffix == ".json":
            text = repeated(json.loads(file.read_text("utf-8")), share)
        elif file.suffix == ".jsonl":
            whole_text = file.read_text("utf-8").rstrip() + "\n"
            text = copies_of(whole_text, share, between="")
        else:
            shutil.copy(file, target)
            continue
        target.write_text(text, encoding="utf-8")
    return copy / export.name if export.is_file() else copy


def paged(export: Path, copy: Path, size: int) -> Path:
    """The files of an export as pages, so many as to be of about this size together."""
    n_pages = max(1, size // _PAGE_CHARACTERS)
    for number in range(n_pages):
        page = grown(export, copy / "page", _PAGE_CHARACTERS)
        for file in page.iterdir():
            target = copy / "export" / f"{file.stem}-{number}{file.suffix}"
            target.parent.mkdir(exist_ok=True)
            file.rename(target)
    return copy / "export"


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
    case = _CASES.get(contract.importer.name, next(iter(contract.cases)))
    export = next(p for p in (SAMPLES / contract.importer.name / case).glob("export*"))

    grow = paged if contract.importer.name in _PAGED else grown
    small = peak_kb(contract, case, grow(export, tmp_path / "small", SMALL))
    large = peak_kb(contract, case, grow(export, tmp_path / "large", LARGE))

    assert large - small < 60_000
