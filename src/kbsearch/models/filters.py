"""Which documents a search may return."""

from __future__ import annotations

from pydantic import Field

from kbsearch.models.base import FrozenModel, Kind, Language, Time
from kbsearch.models.characters import Text


class Filters(FrozenModel):
    """
    Conditions that all must hold; a field left out does not restrict.

    Exact at any selectivity: a document that fits is never missed because few
    do. Several values in one field mean any of them; `tags` means all of them.

    Attributes:
        kind: Articles or tickets.
        product: Any of these products.
        tags: All of these tags.
        status: Any of these. Left out, drafts and archived articles are hidden.
        language: Any of these primary languages; `pt` also finds `pt-BR`.
        resolved: Only resolved tickets (True) or only unresolved ones (False); no articles.
        created_from: Created at this moment or later.
        created_before: Created before this moment.
        exclude_ids: Not these, nor tickets that one of them was merged into.
    """

    kind: Kind | None = None
    product: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    status: tuple[str, ...] = ()
    language: tuple[Language, ...] = ()
    resolved: bool | None = None
    created_from: Time | None = None
    created_before: Time | None = None
    exclude_ids: tuple[str, ...] = Field(default=(), repr=False)
