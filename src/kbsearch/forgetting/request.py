"""What is being forgotten, on disk until nothing of it is left."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from kbsearch import files
from kbsearch.errors import StoreDamagedError
from kbsearch.forgetting.traces import Traces
from kbsearch.layout import DeskLayout
from kbsearch.models.base import FrozenModel


class Request(FrozenModel):
    """
    A promise to forget that has been made durable; see `erasing`.

    Attributes:
        at: When it was given.
        by: Who gave it.
        ids: Documents to be removed.
        shelves: Those whose files are to be written anew.
        notes: For the list of what must not come back, salted hashes alone.
        traces: What must not be found when all is done.
    """

    at: datetime
    by: str | None = None
    ids: tuple[str, ...]
    shelves: tuple[str, ...]
    notes: dict[str, str]
    traces: Traces = Traces()


def promise(layout: DeskLayout, request: Request) -> None:
    """Write it down, durably and in one step: from now on it is finished, whatever happens."""
    draft = layout.forgetting_draft
    files.write_durably(draft, request.model_dump_json().encode())
    files.replace(draft, layout.forgetting)
    files.sync_directory(layout.forgetting.parent)


def promised(layout: DeskLayout) -> Request | None:
    """
    What was promised and is not finished yet.

    Raises:
        StoreDamagedError: If the file cannot be read as such.
    """
    if not layout.forgetting.exists():
        return None
    try:
        return Request.model_validate_json(files.read_bytes(layout.forgetting))
    except ValidationError:
        raise StoreDamagedError(layout.forgetting, "it is no request to forget") from None


def fulfil(layout: DeskLayout) -> None:
    """Forget the request itself."""
    for path in (layout.forgetting_draft, layout.forgetting):
        files.remove_tree(path)
    files.sync_directory(layout.forgetting.parent)
