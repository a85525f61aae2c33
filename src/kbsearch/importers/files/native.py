"""Documents in kbsearch's own form: the JSON lines that `kbsearch add` reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.fields import Fields
from kbsearch.importers.reading.source import Source
from kbsearch.models import Article, Ticket, parse_document
from kbsearch.models.base import FrozenModel
from kbsearch.visibility import Explanation, Verdict, decide, marker_from

_AUDIENCES = {"external": Verdict.PUBLIC, "internal": Verdict.INTERNAL}
_FLAGS = {"true": Verdict.PUBLIC, "false": Verdict.INTERNAL}


class NativeImporter(Importer):
    """
    Articles and tickets as kbsearch writes them.

    A document is taken as it stands, with its id; `audience`, `published` and
    `public` are its markers, and each decision is what the document says.
    """

    name = "kbsearch"
    title = "kbsearch's own JSON lines"
    reads = "one .jsonl file, or documents*.jsonl, articles*.jsonl, tickets*.jsonl in a folder"
    verified = "kbsearch's own models"
    signs: ClassVar[Mapping[str, frozenset[str]]] = {
        "documents": frozenset({"kind"}),
        "articles": frozenset({"kind", "audience"}),
        "tickets": frozenset({"kind", "messages"}),
    }

    def __init__(
        self, options: Mapping[str, str] | None = None, *, encoding: str = "utf-8"
    ) -> None:
        super().__init__(options, encoding=encoding)
        if self.options["source-id"]:
            raise ConfigError(
                "Documents of kbsearch keep their ids and the links between them: "
                "the option 'source-id' cannot change them. Leave it out."
            )

    @property
    def id_prefix(self) -> str:
        """
        There is none: the documents keep their own ids.

        Raises:
            ConfigError: Always; a sync would not know what to delete.
        """
        raise ConfigError(
            "Documents of kbsearch have ids of many sources, so nothing can be told to be "
            "lacking: `sync` cannot take them. Use `kbsearch import` or `kbsearch add`."
        )

    def _read(self, source: Source) -> Iterator[ImportItem]:
        yield from self._each(source.table(*self.signs, main=True), _imported)


def _imported(row: Fields) -> Imported:
    document = parse_document(row.values)
    if isinstance(document, Article):
        parts = [_explanation("article", document, "audience", _AUDIENCES)]
    else:
        parts = _ticket_parts(document)
    return Imported(row.place, document, tuple(parts))


def _ticket_parts(ticket: Ticket) -> list[Explanation]:
    parts = [_explanation("ticket", ticket, "published", _FLAGS)]
    for number, message in enumerate(ticket.messages, start=1):
        parts.append(_explanation(f"message {message.id or number}", message, "public", _FLAGS))
    if ticket.resolution is not None:
        parts.append(_explanation("resolution", ticket.resolution, "public", _FLAGS))
    return parts


def _explanation(
    part: str, model: FrozenModel, field: str, says: Mapping[str, Verdict]
) -> Explanation:
    value = getattr(model, field) if field in model.model_fields_set else None
    marker = marker_from(part.partition(" ")[0], field, value, says=says)
    return Explanation(part=part, decision=decide([marker]))
