"""What was published, withdrawn and forgotten, by whom and when: for staff's eyes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kbsearch.errors import ConfigError
from kbsearch.models.base import FrozenModel
from kbsearch.models.characters import clean_characters

_LONGEST = 1000


def in_one_line(said: str | None) -> str | None:
    """
    Who does something, or why, as it is kept and asked for; None for what is blank.

    Raises:
        ConfigError: If it is no str, or longer than 1,000 characters.
    """
    if said is None:
        return None
    if not isinstance(said, str):
        raise ConfigError(
            f"Who does something and why is text, and this is {said!r:.80}. "
            "Give it as str; nothing was changed."
        )
    line = " ".join(clean_characters(said).split())
    if len(line) > _LONGEST:
        raise ConfigError(
            f"Who does something and why is kept in one line of {_LONGEST:,} characters at most, "
            f"and this one has {len(line):,}. Shorten it; nothing was changed."
        )
    return line or None


class AuditAction(StrEnum):
    """What was done to what customers can read."""

    PUBLISHED = "published"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    ROLLED_BACK = "rolled back"
    EXPORTED = "exported"


class AuditEntry(FrozenModel):
    """
    One act in a desk's audit trail.

    Attributes:
        number: Counts from 1, without gaps.
        at: When, UTC.
        action: What was done.
        document_id: To which document; None if to none alone. Of one that was
            forgotten, a salted hash.
        shelf: Whose readers it concerned; empty for what is forgotten: it leaves the
            whole desk, wherever it stood. Older entries say `external` of that, too.
        by: Who did it, as they said; None if nobody said.
        how: By which command or method, as "import zendesk".
        note: The reason that was given, or what the desk itself has to say.
        is_blanked: Whether something of it was forgotten since.
    """

    number: int
    at: datetime
    action: AuditAction
    document_id: str | None
    shelf: str
    by: str | None
    how: str
    note: str | None
    is_blanked: bool = False
