"""The problem of a ticket as its asker told it: what similar tickets are found by."""

from __future__ import annotations

from kbsearch.models import AuthorRole, Ticket
from kbsearch.text import Cleaner


def problem_text(ticket: Ticket, cleaner: Cleaner) -> str:
    """
    Subject and the asker's messages up to the first agent's public reply.

    A ticket that begins with an agent (taken by phone) gives its first message.
    """
    parts = [ticket.subject]
    for message in ticket.messages:
        if message.author_role is AuthorRole.CUSTOMER:
            parts.append(cleaner.message(message))
        elif message.author_role is AuthorRole.AGENT and message.public and len(parts) > 1:
            break
    if len(parts) == 1 and ticket.messages:
        parts.append(cleaner.message(ticket.messages[0]))
    return "\n".join(part for part in parts if part.strip())
