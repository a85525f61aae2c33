"""What a snapshot says of itself, and the one line that names the live one."""

from __future__ import annotations

import json

from pydantic import ValidationError

from kbsearch.embed.fingerprint import Fingerprint
from kbsearch.errors import DamagedSnapshotError, NewerFormatError
from kbsearch.files import sha256_of
from kbsearch.layout import MANIFEST_FILE
from kbsearch.models import GateDecision
from kbsearch.models.base import FrozenModel

SNAPSHOT_FORMAT = 4
TITLE_WEIGHT_BY_DEFAULT = 3
"""What a snapshot was built with that does not say it."""
_PLAIN_FORMAT, _FORMAT_WITH_GATE = 2, 3  # which an older kbsearch reads too


class FileEntry(FrozenModel):
    """Size and hash of one file of a snapshot."""

    size_bytes: int
    sha256: str


class Manifest(FrozenModel):
    """
    Everything a reader must know before it opens a snapshot's files.

    Holds no time and no count of any other shelf: the same records give the
    same bytes.

    Attributes:
        shelf: Name of the shelf.
        number: Of this snapshot; grows by one.
        sequence: The newest change that is folded in.
        chain: The records' chain there: of which history of theirs it was made.
        fingerprint: What its numbers depend on.
        n_documents: Rows of the lexical index.
        n_passages: Rows of the vector index.
        n_tokens: Tokens of all passages.
        n_unseen_tokens: Tokens that the model did not see.
        bm25_k1: As built.
        bm25_b: As built.
        bm25_title_weight: As built.
        files: By name.
        gate: Why a gated rebuild published it, in numbers; None if none did.
    """

    format: int = _PLAIN_FORMAT
    shelf: str
    number: int
    sequence: int
    chain: str
    fingerprint: Fingerprint
    n_documents: int
    n_passages: int
    n_tokens: int
    n_unseen_tokens: int
    bm25_k1: float
    bm25_b: float
    bm25_title_weight: int = TITLE_WEIGHT_BY_DEFAULT
    files: dict[str, FileEntry]
    gate: GateDecision | None = None

    def with_gate(self, decision: GateDecision | None) -> Manifest:
        """The same with what a gated rebuild decided, in the format that can say it."""
        own = format_of(self.bm25_title_weight, decision)
        return self.model_copy(update={"gate": decision, "format": own})

    def to_bytes(self) -> bytes:
        """Canonical JSON with a checksum of its own, for when CURRENT does not vouch for it."""
        unsaid = set() if self.gate else {"gate"}
        if self.bm25_title_weight == TITLE_WEIGHT_BY_DEFAULT:
            unsaid.add("bm25_title_weight")
        fields = self.model_dump(mode="json", exclude=unsaid)
        return _canonical({**fields, "checksum": sha256_of(_canonical(fields))})

    @classmethod
    def from_bytes(cls, content: bytes, snapshot: str) -> Manifest:
        """
        Read a manifest whose hash has been verified.

        Raises:
            NewerFormatError: If a newer kbsearch wrote it.
            DamagedSnapshotError: If it is not a manifest.
        """
        try:
            fields = json.loads(content)
            found = fields.get("format") if isinstance(fields, dict) else None
            if isinstance(found, int) and found > SNAPSHOT_FORMAT:
                raise NewerFormatError(snapshot, found, SNAPSHOT_FORMAT)
            stated = fields.pop("checksum", None) if isinstance(fields, dict) else None
            if stated != sha256_of(_canonical(fields)):
                raise DamagedSnapshotError(snapshot, MANIFEST_FILE, "its checksum is another")
            return cls.model_validate(fields)
        except (ValueError, ValidationError):
            raise DamagedSnapshotError(snapshot, MANIFEST_FILE, "it is no manifest") from None


def format_of(title_weight: int, gate: GateDecision | None = None) -> int:
    """The oldest format that can say so much."""
    if title_weight != TITLE_WEIGHT_BY_DEFAULT:
        return SNAPSHOT_FORMAT
    return _PLAIN_FORMAT if gate is None else _FORMAT_WITH_GATE


class Current(FrozenModel):
    """The content of CURRENT: which snapshot is live, and the hash of its manifest."""

    snapshot: int
    manifest_sha256: str

    def to_bytes(self) -> bytes:
        """One line of JSON."""
        return (json.dumps(self.model_dump(mode="json"), sort_keys=True) + "\n").encode()


def _canonical(fields: object) -> bytes:
    return json.dumps(fields, sort_keys=True, indent=1).encode()
