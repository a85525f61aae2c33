"""What needs no likeness to be wrong in a draft: secrets, personal data, hosts and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kbsearch.config import SharingSettings
from kbsearch.models import FindingKind, TextFinding
from kbsearch.redact import Finding, Redactor, merge_findings
from kbsearch.sharing.outgoing.draft import Draft
from kbsearch.sharing.outgoing.references import Reference, ReferenceKind, hosts, is_private_address

_SECRETS = frozenset({"secret", "credentials", "private key"})
_NOT_PERSONAL = frozenset({"ip"})
_SEPARATORS = re.compile(r"[\s().\u2011/-]+")

_WHY = {
    ReferenceKind.DOMAIN: "It lies under a domain that the desk names as internal.",
    ReferenceKind.HOST: "It is a host that is reached from inside only.",
    ReferenceKind.ADDRESS: "It is an address of a private network.",
    ReferenceKind.SHARE: "It is a folder on a file server.",
}


class Known(NamedTuple):
    """
    What is no secret: to whom the draft goes, and to everybody.

    Attributes:
        texts: What who asked has written and was told.
        contacts: The desk's own, as its settings name them.
    """

    texts: Sequence[str]
    contacts: Sequence[str]

    def holds(self, value: str) -> bool:
        """Whether a value is known, however its digits are parted."""
        bare = _bare(value)
        return any(bare == _bare(contact) for contact in self.contacts) or any(
            value in text or bare in _bare(text) for text in self.texts
        )


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text.casefold())


def personal_findings(
    draft: Draft, redactors: Sequence[Redactor], known: Known
) -> Iterator[TextFinding]:
    """Secrets and personal data, also those that markup hides; known ones are left out."""
    for start, end, kind in _found(draft.text, redactors):
        value = draft.text[start:end]
        is_secret = kind in _SECRETS
        if not is_secret and (known.holds(value) or _is_harmless_address(kind, value)):
            continue
        yield _finding(
            FindingKind.SECRET if is_secret else FindingKind.PERSONAL,
            value,
            (start, end),
            f"It reads as {_named(kind)}.",
        )
    for start, end, kind in _found(draft.markup, redactors):
        value = draft.markup[start:end]
        if value in draft.text or known.holds(value) or _is_harmless_address(kind, value):
            continue
        is_secret = kind in _SECRETS
        yield _finding(
            FindingKind.SECRET if is_secret else FindingKind.PERSONAL,
            value,
            (0, 0),
            f"The markup holds {_named(kind)} that is not shown.",
        )


def host_findings(
    draft: Draft, settings: SharingSettings, known: Known, public: Sequence[str]
) -> Iterator[TextFinding]:
    """
    Hosts, shares and private addresses.

    Args:
        draft: The text.
        settings: Its internal domains are findings even if customers were told them.
        known: What who asked has written needs no warning.
        public: Texts that customers read; what stands there is known.
    """
    for one in references(draft, settings):
        is_ruled = one.kind is ReferenceKind.DOMAIN
        if not is_ruled and (known.holds(one.text) or any(one.text in text for text in public)):
            continue
        yield _finding(FindingKind.HOSTNAME, one.text, (one.start, one.end), _WHY[one.kind])


def references(draft: Draft, settings: SharingSettings) -> list[Reference]:
    """Hosts in the text, and at no place those that only its markup holds."""
    found = hosts(draft.text, settings.internal_domains)
    shown = {one.text for one in found}
    hidden = hosts(draft.markup, settings.internal_domains) if draft.markup else []
    return found + [h._replace(start=0, end=0) for h in hidden if h.text not in shown]


def _found(text: str, redactors: Iterable[Redactor]) -> list[Finding]:
    return merge_findings(
        Finding(*finding) for redactor in redactors for finding in redactor.find(text)
    )


def _is_harmless_address(kind: str, value: str) -> bool:
    """Addresses of private networks are told as hosts, those of the machine itself not at all."""
    if kind not in _NOT_PERSONAL:
        return False
    return is_private_address(value) or value.startswith(("127.", "0.")) or value == "::1"


def _named(kind: str) -> str:
    return {"email": "an e-mail address", "ip": "an IP address", "iban": "an IBAN"}.get(
        kind, f"a {kind}"
    )


def _finding(kind: FindingKind, value: str, span: tuple[int, int], why: str) -> TextFinding:
    return TextFinding(kind=kind, sentence=value, start=span[0], end=span[1], why=why)
