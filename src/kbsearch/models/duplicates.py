"""Tickets that tell of one problem, and bursts of them."""

from __future__ import annotations

from kbsearch.models.base import DocumentId, FrozenModel, Time


class DuplicateCandidate(FrozenModel):
    """
    A ticket that stands and may be the same problem, and why.

    Attributes:
        id: Of the ticket that stands.
        shelf: Where it stands.
        title: Its subject.
        probability: That both tell of one problem, in [0, 1].
        cosine: Of the two nearest passages.
        words: Rare words that both hold, the rarest first, as they are compared: stemmed.
        identifiers: Error codes, versions, paths and the like that both hold.
        is_same_product: Whether both name the same one; None if one names none.
        status: Of the ticket that stands.
        is_resolved: Whether that is resolved or closed.
        created_at: When it was created.
    """

    id: DocumentId
    shelf: str
    title: str
    probability: float
    cosine: float
    words: tuple[str, ...]
    identifiers: tuple[str, ...]
    is_same_product: bool | None
    status: str
    is_resolved: bool
    created_at: Time | None


class DuplicateResult(FrozenModel):
    """Candidates for one ticket, the likeliest first; `note` says why there are none."""

    ticket_id: DocumentId
    candidates: tuple[DuplicateCandidate, ...]
    note: str | None = None


class ClusterMember(FrozenModel):
    """
    A ticket of a cluster.

    Attributes:
        id: Of the ticket.
        shelf: Where it stands.
        title: Its subject.
        status: Of the ticket.
        is_resolved: Whether it is resolved or closed.
        created_at: When it was created.
        probability: Of being one problem with `like`.
        like: The member that it is likest to.
        is_known: Whether a link on the desk already says so of it and another member.
    """

    id: DocumentId
    shelf: str
    title: str
    status: str
    is_resolved: bool
    created_at: Time | None
    probability: float
    like: DocumentId
    is_known: bool


class DuplicateCluster(FrozenModel):
    """
    Tickets that tell of one problem.

    Attributes:
        representative: To which the others should be pointed: of those that are resolved
            with an answer the oldest, or else the oldest of all.
        members: All of them, the representative first, then by age.
        cosine: The mean of all pairs of members.
    """

    representative: DocumentId
    members: tuple[ClusterMember, ...]
    cosine: float


class DuplicateReport(FrozenModel):
    """
    Clusters of a desk, the largest first, and how their threshold came about.

    Attributes:
        clusters: With something in them that no link of the desk says yet.
        n_tickets: Tickets that were compared.
        n_pairs: Pairs that were near enough to be looked at.
        n_links: Pairs of them that passed the threshold.
        n_known_clusters: Clusters that are left out, because links say all of them.
        precision: The share of true duplicates among links that was asked for.
        threshold: The probability that a link must have.
        is_from_labels: Whether links on the desk set the threshold; else the default did.
        n_labelled_pairs: Pairs of these tickets that links say are duplicates.
        n_labelled_found: How many of those passed the threshold.
    """

    clusters: tuple[DuplicateCluster, ...]
    n_tickets: int
    n_pairs: int
    n_links: int
    n_known_clusters: int
    precision: float
    threshold: float
    is_from_labels: bool
    n_labelled_pairs: int
    n_labelled_found: int


class Burst(FrozenModel):
    """
    More tickets of one problem within a while than its history explains.

    Attributes:
        id: Stays the same while the burst grows.
        n_tickets: Within the window, each sender once.
        expected: So many would have come by the history of the topic.
        significance: -log10 of the chance of as many or more at the expected rate.
        started_at: When the first of them was created.
        latest_at: When the newest was.
        ticket_ids: The tickets, the oldest first; the newest of them if they are many.
        like: The incident, the problem or the past ticket that it looks like, if any.
        like_title: What that is called.
        is_update: Whether an alert of this burst came before.
    """

    id: str
    n_tickets: int
    expected: float
    significance: float
    started_at: Time
    latest_at: Time
    ticket_ids: tuple[DocumentId, ...]
    like: DocumentId | None
    like_title: str | None
    is_update: bool
