"""What stops a run before it shows, or deletes, more than anybody meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kbsearch.desk import KnowledgeBase
from kbsearch.errors import MassDeletionError, MassPublicationError
from kbsearch.models import Audience, Document


def newly_external(kb: KnowledgeBase, documents: Iterable[Document]) -> list[str]:
    """Ids of documents that customers would read and cannot read now, in their order."""
    wanted = [document.id for document in documents if is_open(document)]
    standing = kb.standing(wanted, Audience.EXTERNAL)
    return [i for i in dict.fromkeys(wanted) if i not in standing]


def is_open(document: Document) -> bool:
    """Whether anything of it would stand on the external shelf."""
    return document.public_face() is not None


def publish_limit(kb: KnowledgeBase) -> int:
    """How many documents may newly come to customers in one run."""
    n_standing = sum(1 for _ in kb.ids(Audience.EXTERNAL))
    settings = kb.settings.imports
    return max(settings.at_least, int(settings.publish_share * n_standing))


def delete_limit(kb: KnowledgeBase, n_of_source: int) -> int:
    """How many documents of one source may be deleted in one run."""
    settings = kb.settings.imports
    return max(settings.at_least, int(settings.delete_share * n_of_source))


def brake_publication(ids: Sequence[str], limit: int, *, at_most: int | None) -> None:
    """
    Stop a run that would publish too much.

    Args:
        ids: What would newly come to customers.
        limit: What the desk's settings allow.
        at_most: What the caller allows instead; None for nothing said.

    Raises:
        MassPublicationError: If there are more.
    """
    allowed = limit if at_most is None else at_most
    if len(ids) > allowed:
        raise MassPublicationError(ids, allowed)


def brake_deletion(ids: Sequence[str], limit: int, *, at_most: int | None) -> None:
    """
    The same for deletions.

    Raises:
        MassDeletionError: If there are more.
    """
    allowed = limit if at_most is None else at_most
    if len(ids) > allowed:
        raise MassDeletionError(ids, allowed)
