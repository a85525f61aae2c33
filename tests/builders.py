"""Short ways to make documents for tests; every word of them is ours."""

from __future__ import annotations

from typing import Any

from kbsearch import Article, Audience, AuthorRole, Message, Resolution, Ticket, TicketStatus


def article(external_id: str, text: str, audience: Audience, **fields: Any) -> Article:
    """An article with the first words of its text as its title, unless one is given."""
    title = fields.pop("title", " ".join(text.split()[:5]))
    return Article(id=f"kb:{external_id}", title=title, body=text, audience=audience, **fields)


def customer_says(text: str, *, public: bool = True, **fields: Any) -> Message:
    """A message of the one who asks."""
    return Message(author_role=AuthorRole.CUSTOMER, text=text, public=public, **fields)


def agent_says(text: str, *, public: bool, **fields: Any) -> Message:
    """A public reply or a private note."""
    return Message(author_role=AuthorRole.AGENT, text=text, public=public, **fields)


def ticket(external_id: str, problem: str, **fields: Any) -> Ticket:
    """An open ticket whose one public message is the problem, unless messages are given."""
    fields.setdefault("subject", " ".join(problem.split()[:6]))
    fields.setdefault("messages", (customer_says(problem),))
    return Ticket(id=f"desk:{external_id}", **fields)


def resolved_ticket(external_id: str, problem: str, fix: str, **fields: Any) -> Ticket:
    """A resolved ticket with a public reply that fixed it."""
    number = f"desk:{external_id}"
    return ticket(
        external_id,
        problem,
        messages=(
            customer_says(problem, id=f"{number}#1"),
            agent_says(fix, public=True, id=f"{number}#2"),
        ),
        status=TicketStatus.RESOLVED,
        resolution=Resolution(text=fix, public=True, message_id=f"{number}#2"),
        **fields,
    )
