"""What of the documents that were sent is taken, and what each one asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kbsearch.errors import ConfigError
from kbsearch.indexing.faces import face_for, held_back_reason
from kbsearch.indexing.forgotten import Forgotten
from kbsearch.models import Article, Audience, Document, Rejection, Ticket

_STAYS_RESTRICTED = (
    "it is restricted to {} and stays so; delete it first, then it can be added for customers"
)


class Batch(NamedTuple):
    """
    What is left of the documents that were sent.

    `not_for_customers` maps each id that must not be on the external shelf to
    the reason, if it asked to be there. `versions` are all documents that were
    sent under an id, those included that contradict each other. `forgotten` maps
    ids that are not taken again to the reason.
    """

    documents: dict[str, Document]
    positions: dict[str, int]
    rejected: list[Rejection]
    refused: set[str]
    not_for_customers: dict[str, str | None]
    versions: dict[str, list[Document]]
    forgotten: dict[str, str]

    def refuse(self, document_id: str, reason: str) -> None:
        """Leave a document on its shelf as it was, and say why."""
        self.refused.add(document_id)
        position = self.positions[document_id]
        self.rejected.append(Rejection(position=position, document_id=document_id, reason=reason))


def listed(documents: object) -> list[Document]:
    """
    What was sent, if it is documents.

    Raises:
        ConfigError: If it is something else.
    """
    if isinstance(documents, Article | Ticket | str | bytes):
        raise ConfigError(
            f"upsert() takes a list of documents, not one {type(documents).__name__}: "
            "put it into a list."
        )
    if not isinstance(documents, Iterable):
        raise ConfigError(f"upsert() takes a list of documents, not {documents!r:.80}.")
    found: list[Document] = []
    for position, sent in enumerate(documents):
        if not isinstance(sent, Article | Ticket):
            raise ConfigError(
                f"Position {position} of the batch is a {type(sent).__name__}, not an Article "
                "or a Ticket; nothing was changed. Make one with parse_document()."
            )
        found.append(sent)
    return found


def unambiguous(
    documents: Sequence[Document],
    forgotten: Forgotten,
    groups: Mapping[str, tuple[str, ...]],
) -> Batch:
    """
    Each id once; where one id names different documents, none of them is taken.

    Nor is what the desk was told to forget, and others do not name it.

    Args:
        documents: As they were sent.
        forgotten: What is not to come back.
        groups: By id, those that a document is restricted to already.
    """
    refused: dict[str, str] = {}
    first: dict[str, Document] = {}
    positions: dict[str, int] = {}
    conflicting: set[str] = set()
    seen: list[tuple[int, str]] = []
    not_for_customers: dict[str, str | None] = {}
    versions: dict[str, list[Document]] = {}
    for position, sent in enumerate(documents):
        refusal = forgotten.refusal(sent)
        if refusal is not None:
            refused[sent.id] = refusal
            if face_for(sent, Audience.EXTERNAL) is None:
                not_for_customers[sent.id] = None  # it may stand there still
            continue
        stands_for = groups.get(sent.id, ())
        stays = bool(stands_for) and not sent.groups
        document = forgotten.cleansed(sent.restricted_to(stands_for) if stays else sent)
        seen.append((position, document.id))
        if face_for(document, Audience.EXTERNAL) is None:
            asks = stays and face_for(sent, Audience.EXTERNAL) is not None
            reason = _STAYS_RESTRICTED.format(", ".join(stands_for)) if asks else None
            not_for_customers[document.id] = reason or held_back_reason(document)
        versions.setdefault(document.id, []).append(document)
        if document.id not in first:
            first[document.id], positions[document.id] = document, position
        elif first[document.id] != document:
            conflicting.add(document.id)
    reason = (
        "this id is in the batch more than once, with different content; which one holds is "
        "not guessed. Send each id once."
    )
    rejected = [
        Rejection(position=position, document_id=document_id, reason=reason)
        for position, document_id in seen
        if document_id in conflicting
    ]
    kept = {i: document for i, document in first.items() if i not in conflicting}
    return Batch(kept, positions, rejected, set(), not_for_customers, versions, refused)
