"""What fixed similar tickets, and how often it did."""

from __future__ import annotations

from kbsearch.models.base import FrozenModel, Time


class Fix(FrozenModel):
    """
    One way in which tickets like the one asked about were fixed, with its record.

    `text` is what one of these tickets tells of it, word for word but for quotes
    and signatures; `ticket_id`, `message_id` and `shelf` say where, `public`
    whether the asker was told so or it is a note for staff. `article_ids` are those
    that any of the tickets links.

    `n_worked` of `n_tried` tickets are resolved and were not reopened, followed
    up or rated bad; it and `n_reopened` are None where that is not known, as
    customers do not know it. `last_at` is when the newest of those in which it
    worked was resolved, or last changed if that is not told.

    `superseded_by` names the article that replaces the linked one, or the ticket that
    tells of a newer fix; `is_expired` says that the linked article is archived or no
    longer valid. Neither is said while another linked article still holds.

    `evidence` is in [0, 1), higher is better: how well the record shows that it
    works. `summary` says all that in a line.
    """

    text: str
    public: bool
    shelf: str
    ticket_id: str
    message_id: str | None
    article_ids: tuple[str, ...]
    ticket_ids: tuple[str, ...]
    n_tried: int
    n_worked: int | None
    n_reopened: int | None
    last_at: Time | None
    superseded_by: str | None
    is_expired: bool
    evidence: float
    summary: str
