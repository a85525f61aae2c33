"""Leaks to plant in what is known of a document whatever is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kbsearch.search import ShelfReader
from tests.library import INTERNAL
from tests.wall.leaks import LEAKS, _rows_beyond, leak

__all__ = ["LEAKS"]


@leak("search rank similar cli_json", tells_whether=True)
def _outcomes_that_only_staff_know(patch: pytest.MonkeyPatch) -> None:
    """A ticket that was reopened falls behind, whoever reads its public face."""

    class LeakyReader(ShelfReader):
        def candidates(self, *rest: Any, **named: Any) -> Any:
            found = super().candidates(*rest, **named)
            if self.shelf == INTERNAL.value:
                return found
            bad = "SELECT document_id FROM documents WHERE has_bad_outcome"
            beyond = _rows_beyond(self._layout.root, bad)
            known = found.circumstances._replace(
                has_bad_outcome=np.isin(found.document_ids, beyond)
            )
            return found._replace(circumstances=known)

    patch.setattr("kbsearch.desk.opening.ShelfReader", LeakyReader)
