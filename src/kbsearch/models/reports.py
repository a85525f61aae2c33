"""What a write, a rebuild or a check did, for people and for scripts."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from kbsearch.models.base import FrozenModel
from kbsearch.models.feedback import Votes
from kbsearch.models.gate import GateDecision


class Rejection(FrozenModel):
    """One document that was not taken, and why. `position` counts from 0."""

    position: int
    document_id: str
    reason: str


class Redaction(FrozenModel):
    """
    What was replaced in one field of a document before it was stored; never the text itself.

    `field` is as `messages[2].text`, `kind` the placeholder's word as `email`,
    `n` how often.
    """

    shelf: str
    document_id: str
    field: str
    kind: str
    n: int


class UpsertReport(FrozenModel):
    """
    Ids by what happened to them.

    Every document that was sent is added, changed, unchanged, rejected, or in
    `forgotten` with the reason why it is not taken: the desk was told to forget it,
    or who asked. Beside that, `withdrawn` lists ids that left the external shelf, of rejected
    documents too; `held_back` maps ids that asked for the external shelf but did
    not reach it to the reason; `not_folded` maps shelves whose new snapshot
    could not be written to the reason: everything is stored and searchable, only
    more slowly, and the next write tries again; `redactions` says what was
    replaced in the added and changed ones.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    forgotten: dict[str, str] = Field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    held_back: dict[str, str] = Field(default_factory=dict)
    not_folded: dict[str, str] = Field(default_factory=dict)
    redactions: tuple[Redaction, ...] = ()
    n_embedded: int = 0

    def __str__(self) -> str:
        parts = [
            f"{len(self.added)} added",
            f"{len(self.changed)} changed",
            f"{len(self.unchanged)} unchanged",
            f"{len(self.rejected)} rejected",
        ]
        if self.forgotten:
            parts.append(f"{len(self.forgotten)} forgotten before and not taken")
        if self.withdrawn:
            parts.append(f"{len(self.withdrawn)} withdrawn from customers")
        if self.held_back:
            parts.append(f"{len(self.held_back)} held back from customers")
        return ", ".join(parts)


class RebuildReport(FrozenModel):
    """The snapshot of one shelf that a rebuild published."""

    shelf: str
    snapshot: int
    n_documents: int
    n_passages: int
    n_embedded: int
    n_unseen_tokens: int


class ForgetReceipt(FrozenModel):
    """
    What was forgotten, and how it was verified.

    The desk keeps the same receipt with hashes in the place of ids.

    Attributes:
        at: When it was asked for.
        by: Who asked for it.
        document_ids: Documents that were removed, or would be.
        rewritten_ids: Documents that named them or the person, and no longer do.
        shelves: Shelves whose files were written anew.
        n_snapshots_removed: Older indexes that were removed.
        n_traces: Words, values and vectors that were looked for afterwards.
        n_files: Files that were read for it.
        n_bytes: Bytes that were read for it.
        n_unreadable: Documents that could not be read because their row is damaged.
        models: Adapted models that stand on the desk and may have been trained on what is
            forgotten: numbers that no search for traces can read. Remove them, train anew.
        is_dry_run: Whether all this was only said, not done.
    """

    at: datetime
    by: str | None = None
    document_ids: tuple[str, ...] = ()
    rewritten_ids: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    n_snapshots_removed: int = 0
    n_traces: int = 0
    n_files: int = 0
    n_bytes: int = 0
    n_unreadable: int = 0
    models: tuple[str, ...] = ()
    is_dry_run: bool = False


class SnapshotInfo(FrozenModel):
    """
    One snapshot of a shelf as it lies on disk; its files are not read for this.

    `sequence` is the newest change that it holds; the order is that of the numbers.
    `gate` says why a gated rebuild published it, if one did.
    """

    shelf: str
    number: int
    is_live: bool
    sequence: int
    n_documents: int
    n_passages: int
    fingerprint: str
    size_bytes: int
    gate: GateDecision | None = None


class ShelfStats(FrozenModel):
    """Counts of one shelf; `size_bytes` is its directory's on disk, `votes` its own readers'."""

    shelf: str
    n_articles: int
    n_tickets: int
    n_resolved_tickets: int
    n_passages: int
    n_unseen_tokens: int
    sequence: int
    snapshot: int | None
    n_changes_since_snapshot: int
    fingerprint: str | None
    size_bytes: int
    votes: Votes = Votes()


class CheckFinding(FrozenModel):
    """One thing that a check found wrong, and what to do."""

    shelf: str
    what: str
    remedy: str


class CheckReport(FrozenModel):
    """
    All findings; an empty one means that everything was verified.

    `bundle_sha256` is that of the BUNDLE file, which lists all others, if it was a
    bundle that was checked: it is to be what the export told.
    """

    n_documents: int
    n_passages: int
    n_files: int
    findings: tuple[CheckFinding, ...] = ()
    bundle_sha256: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
