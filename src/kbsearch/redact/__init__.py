"""What must not be read is taken out of texts before they are embedded, indexed or kept."""

from kbsearch.redact.base import (
    KINDS,
    Finding,
    RedactedText,
    Redactor,
    merge_findings,
    redact_text,
)
from kbsearch.redact.documents import RedactedDocument, Replacement, redact_document
from kbsearch.redact.names import NAMES_VERSION, NameRedactor
from kbsearch.redact.personal import PERSONAL_VERSION, PersonalDataRedactor
from kbsearch.redact.presidio import PresidioRedactor
from kbsearch.redact.secrets import SECRETS_VERSION, SecretRedactor

__all__ = [
    "KINDS",
    "NAMES_VERSION",
    "PERSONAL_VERSION",
    "SECRETS_VERSION",
    "Finding",
    "NameRedactor",
    "PersonalDataRedactor",
    "PresidioRedactor",
    "RedactedDocument",
    "RedactedText",
    "Redactor",
    "Replacement",
    "SecretRedactor",
    "merge_findings",
    "redact_document",
    "redact_text",
]
