"""Every importer's contract tests, found by importing their modules."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.importers.contract import ImporterContract

for _path in sorted(Path(__file__).parent.glob("test_*.py")):
    if _path.stem not in ("test_fuzz", "test_scale"):
        import_module(f"tests.importers.{_path.stem}")

CONTRACTS: tuple[type[ImporterContract], ...] = tuple(
    sorted(ImporterContract.__subclasses__(), key=lambda each: each.__name__)
)
