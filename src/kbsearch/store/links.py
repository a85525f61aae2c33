"""Finding documents by the ids that they name."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kbsearch.store.audit import AuditReader


class LinkReader(AuditReader):
    """Reading links: who has them, and against their direction."""

    def keys_with_duplicates(self) -> list[int]:
        """Keys of the tickets whose record names duplicates, ascending."""
        select = (
            "SELECT document_key FROM documents WHERE kind = 'ticket' "
            "AND NOT instr(raw, ?) ORDER BY document_key"
        )
        return [row[0] for row in self._all(select, ('"duplicate_ids": []',))]

    def keys_naming(self, ids: Iterable[str]) -> list[int]:
        """Keys of the articles whose record holds one of these ids, ascending; to be looked at."""
        select = (
            "SELECT document_key FROM documents WHERE kind = 'article' AND instr(raw, ?) "
            "AND document_id <> ?"
        )
        found: set[int] = set()
        for document_id in ids:
            quoted = json.dumps(document_id, ensure_ascii=False)
            found.update(row[0] for row in self._all(select, (quoted, document_id)))
        return sorted(found)
