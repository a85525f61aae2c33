"""What an export of the customers' shelf made, and what a look at such a bundle found."""

from __future__ import annotations

from kbsearch.models.base import FrozenModel
from kbsearch.models.reports import CheckFinding


class BundleReport(FrozenModel):
    """
    A bundle that was written.

    Attributes:
        path: Where it stands.
        n_articles: Documents in it.
        n_tickets: Documents in it.
        n_passages: Of these.
        n_embedded: Passages that were embedded anew for it; see `export_shelf`.
        n_pending: Articles that were left out because customers do not find them yet.
        n_expired: Articles that were left out because customers find them no more.
        n_files: Files in it.
        size_bytes: Of all of them.
        sha256: Of its BUNDLE file, which holds that of every other file.
        is_replacement: Whether it took the place of an older one.
        local_model: The embedder's model, if its settings name it by a path on this host.
    """

    path: str
    n_articles: int
    n_tickets: int
    n_passages: int
    n_embedded: int
    n_pending: int
    n_expired: int
    n_files: int
    size_bytes: int
    sha256: str
    is_replacement: bool
    local_model: str | None = None


class BundleCheck(FrozenModel):
    """
    A bundle as it looks from the desk that it was exported from.

    Attributes:
        findings: What is wrong with it; withdrawn and changed documents count.
        withdrawn_ids: Documents in it that this desk would not give to customers now.
        changed_ids: Documents in it that read otherwise on this desk now.
        added_ids: Documents that came to customers since.
        n_documents: In the bundle.
        n_words: Words that were looked for: those that stand with the staff alone.
        n_ids: Ids that were looked for, likewise.
        n_vectors: Vectors that were looked for, likewise; of many, a share.
        n_vectors_of_staff: So many there are.
        n_files: Files that were read for it.
        n_bytes: Bytes that were read for it.
    """

    findings: tuple[CheckFinding, ...] = ()
    withdrawn_ids: tuple[str, ...] = ()
    changed_ids: tuple[str, ...] = ()
    added_ids: tuple[str, ...] = ()
    n_documents: int = 0
    n_words: int = 0
    n_ids: int = 0
    n_vectors: int = 0
    n_vectors_of_staff: int = 0
    n_files: int = 0
    n_bytes: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def is_current(self) -> bool:
        """Whether it holds the documents that this desk would export now."""
        return not (self.withdrawn_ids or self.changed_ids or self.added_ids)
