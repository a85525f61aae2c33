"""Which redactors guard which shelf."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from kbsearch.config import RedactionSettings
from kbsearch.models import Audience, Document, Person
from kbsearch.redact.base import Redactor
from kbsearch.redact.documents import RedactedDocument, redact_document
from kbsearch.redact.names import NAMES_VERSION
from kbsearch.redact.personal import PersonalDataRedactor
from kbsearch.redact.secrets import SecretRedactor


class RedactionPolicy:
    """
    What is replaced in a document before it stands on a shelf.

    Args:
        settings: Of the desk.
        redactors: The user's own, for both shelves.

    Raises:
        MissingExtraError: If regions of phone numbers are set and their package is missing.
    """

    def __init__(self, settings: RedactionSettings, redactors: Sequence[Redactor] = ()) -> None:
        own: list[Redactor] = [SecretRedactor()] if settings.secrets else []
        personal: list[Redactor] = []
        if settings.personal:
            personal = [PersonalDataRedactor(phone_regions=settings.phone_regions)]
        self._by_shelf: dict[Audience, tuple[Redactor, ...]] = {
            Audience.INTERNAL: (*own, *redactors),
            Audience.EXTERNAL: (*own, *redactors, *personal),
        }
        self._hides_people = settings.people

    @property
    def fingerprint(self) -> str:
        """Changes whenever a document could come out otherwise; 8 hex digits."""
        parts = [each.fingerprint for each in self._by_shelf[Audience.EXTERNAL]]
        parts.append(f"people-{NAMES_VERSION}" if self._hides_people else "")
        return "redaction-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]

    def redactors(self, audience: Audience) -> tuple[Redactor, ...]:
        """What is looked for in all that stands on the shelf of an audience."""
        return self._by_shelf[audience]

    def on_shelf(self, audience: Audience) -> Callable[[Document], Document]:
        """The same for faces that stand on a shelf already; it knows no people there."""
        return lambda face: self.redact(face, audience).document

    def redact(
        self, face: Document, audience: Audience, *, people: Sequence[Person] = ()
    ) -> RedactedDocument:
        """
        A face as it may stand on the shelf of its audience.

        Args:
            face: What of a document would stand there.
            audience: Who reads that shelf.
            people: Those named in the ticket's own fields; hidden from customers.
        """
        named = people if audience is Audience.EXTERNAL and self._hides_people else ()
        return redact_document(face, self._by_shelf[audience], with_people=named)
