"""What stands in the way of publishing a text, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

from kbsearch.clock import utc_now
from kbsearch.config import SharingSettings
from kbsearch.models import TextFinding, TextFormat
from kbsearch.redact import Redactor
from kbsearch.sharing.outgoing.checking import Shelves
from kbsearch.sharing.outgoing.draft import Draft
from kbsearch.sharing.outgoing.links import links_to_documents
from kbsearch.sharing.outgoing.plain_sight import Known, host_findings, personal_findings
from kbsearch.sharing.voice.checking import Readers, check_text
from kbsearch.text import Analyzer


class ObstacleFinder:
    """
    Finds what customers should not meet in a text that staff wrote for themselves.

    Secrets and personal data, hosts, links to what customers cannot open, and wording.
    Not that it repeats internal documents: it is one.

    Args:
        shelves: Open ones; what links lead to.
        analyzer: Of the desk.
        redactors: What is replaced in what customers read.
        settings: Of the desk.
        readers: Customers, as the desk speaks to them.
    """

    def __init__(
        self,
        shelves: Shelves,
        analyzer: Analyzer,
        *,
        redactors: Sequence[Redactor],
        settings: SharingSettings,
        readers: Readers,
    ) -> None:
        self._shelves, self._analyzer = shelves, analyzer
        self._redactors, self._settings, self._readers = redactors, settings, readers

    def find(self, text: str) -> tuple[TextFinding, ...]:
        """Findings in a plain text, in its order."""
        draft = Draft(text, TextFormat.PLAIN, self._analyzer)
        nobody = Known((), self._settings.own_contacts)
        found = list(personal_findings(draft, self._redactors, nobody))
        found += host_findings(draft, self._settings, nobody, ())
        found += links_to_documents(
            draft.text, self._shelves.internal, self._shelves.external, now=utc_now()
        )
        found += check_text(text, self._readers).findings
        return tuple(sorted(found, key=lambda each: (each.start, each.end, each.kind)))
