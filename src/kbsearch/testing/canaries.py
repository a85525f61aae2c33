"""Documents of every kind in which each internal field carries a token of its own."""

from __future__ import annotations

import re
from functools import cached_property

from kbsearch.models.base import FrozenModel
from kbsearch.models.parsing import Document
from kbsearch.testing.canary_documents import (
    PUBLIC_QUESTIONS,
    STAFF_QUESTIONS,
    Minted,
    full_world,
    sparse_world,
)

_PIECE_LETTERS = 11
_LETTERS = re.compile(rb"[a-z]{11,}")


class Canary(FrozenModel):
    """
    A token of 128 bits, and the one place where it stands.

    Attributes:
        token: One word of 44 letters.
        document: Which document, as "the draft article".
        field: Which of its fields, as `messages[1].text`.
        is_dated: Whether the article is customers' own but for its dates: expired or still
            to come. No answer may hold it; the files for customers do.
    """

    token: str
    document: str
    field: str
    is_dated: bool = False

    def __str__(self) -> str:
        return f"the token in `{self.field}` of {self.document}"


class CanaryCorpus(FrozenModel):
    """
    One world of documents, public and internal ones mixed.

    Attributes:
        documents: What a desk, or an application of yours, takes in.
        canaries: Every token that customers must never see.
        public_questions: What customers ask; each is answered by a public article.
        staff_questions: What would find the internal documents: by their words, by a
            token, by their ids.
        public_marks: Ids, titles and sentences of the public documents: an answer that
            holds one of them has found something.
    """

    documents: tuple[Document, ...]
    canaries: tuple[Canary, ...]
    public_questions: tuple[str, ...]
    staff_questions: tuple[str, ...]
    public_marks: tuple[str, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every token that customers must never see."""
        return tuple(canary.token for canary in self.canaries)

    @property
    def questions(self) -> tuple[str, ...]:
        """Those of customers, then those that would find the internal documents."""
        return self.public_questions + self.staff_questions

    def canaries_in(self, content: bytes | str) -> tuple[Canary, ...]:
        """
        The canaries of which a piece stands anywhere in a text or in bytes.

        A quarter of a token is enough, in any case of letters, in UTF-8 and UTF-16.
        """
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        found: dict[Canary, None] = {}
        for run in _LETTERS.findall(raw.replace(b"\0", b"").lower()):
            for start in range(len(run) - _PIECE_LETTERS + 1):
                canary = self._by_piece.get(run[start : start + _PIECE_LETTERS])
                if canary is not None:
                    found[canary] = None
        return tuple(found)

    def finds_public(self, content: bytes) -> bool:
        """Whether an answer holds a word of a public document."""
        return any(mark.encode() in content for mark in self.public_marks)

    @cached_property
    def _by_piece(self) -> dict[bytes, Canary]:
        return {
            canary.token[start : start + _PIECE_LETTERS].encode(): canary
            for canary in self.canaries
            for start in range(0, len(canary.token), _PIECE_LETTERS)
        }


def canary_corpus(seed: int = 0, *, is_sparse: bool = False) -> CanaryCorpus:
    """
    Articles and tickets of every kind, the same for the same seed.

    Args:
        seed: Another one gives other tokens.
        is_sparse: The same world for customers, with other internal documents: fewer,
            longer, and with tokens of their own. What customers see of both must be equal.
    """
    minted = Minted(f"{seed}/{'sparse' if is_sparse else 'full'}", str(seed))
    world = sparse_world(minted) if is_sparse else full_world(minted)
    canaries = tuple(
        Canary(token=token, document=document, field=field, is_dated=is_dated)
        for token, (document, field, is_dated) in minted.places.items()
    )
    one_of_each = {canary.document: canary.token for canary in canaries}
    hidden = [d.id for d in world.documents if d.id not in world.public_ids]
    return CanaryCorpus(
        documents=world.documents,
        canaries=canaries,
        public_questions=PUBLIC_QUESTIONS,
        staff_questions=(*STAFF_QUESTIONS, *one_of_each.values(), *hidden),
        public_marks=world.public_marks,
    )
