"""What somebody should look at before customers read a text, sentence by sentence."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kbsearch.models.base import DocumentId, FrozenModel


class FindingKind(StrEnum):
    """What is the matter with a sentence."""

    COPY = "copy"
    NEAR_COPY = "near_copy"
    PARAPHRASE = "paraphrase"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    PERSONAL = "personal"
    HOSTNAME = "hostname"
    LINK = "link"
    INTERNAL_TERM = "internal_term"
    ABBREVIATION = "abbreviation"
    BLAME = "blame"
    INFORMAL = "informal"
    READABILITY = "readability"


class TextFinding(FrozenModel):
    """
    One sentence of a text that is not for customers as it stands: for staff's eyes.

    Attributes:
        kind: What is the matter.
        sentence: The sentence, or the part of it that matters.
        start: Where it begins in the text that was checked, in characters.
        end: Where it ends there, half-open.
        why: The reason, in a sentence.
        source_id: The internal document that it repeats; None if it is none.
        source_sentence: What that says there.
        score: How sure it is, in [0, 1]; 1 for what is certain.
    """

    kind: FindingKind
    sentence: str
    start: int
    end: int
    why: str
    source_id: DocumentId | None = None
    source_sentence: str | None = None
    score: float = Field(default=1.0, ge=0, le=1)


class OutgoingReport(FrozenModel):
    """
    What of a draft should not leave the house as it stands: for agents' eyes.

    Attributes:
        text: What offsets of the findings refer to: the draft as it was given, or,
            of markdown and HTML, its plain text as a reader sees it.
        n_sentences: How many sentences were looked at.
        findings: In the order of the text.
    """

    text: str = Field(repr=False)
    n_sentences: int
    findings: tuple[TextFinding, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether nothing was found; no proof that nothing is there."""
        return not self.findings
