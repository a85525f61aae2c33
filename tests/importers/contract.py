"""The contract of importers, over the samples of this folder."""

from __future__ import annotations

from pathlib import Path

from kbsearch.testing import contracts

SAMPLES = Path(__file__).parent / "samples"


class ImporterContract(contracts.ImporterContract):
    """Subclassed once for each importer that is shipped."""

    samples = SAMPLES
