"""What one audience may read, document by document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from kbsearch.errors import DocumentNotFoundError
from kbsearch.models import Article, Audience, Document, RemovedText, clean_characters
from kbsearch.search.shelf_reader import ShelfReader
from kbsearch.text import Boilerplate


class OpenShelves:
    """
    The shelves of one audience.

    Args:
        audience: Who reads.
        shelves: All that are open to it, the one that counts first before the others.
        clock: What time it is.
    """

    def __init__(
        self, audience: Audience, shelves: Sequence[ShelfReader], clock: Callable[[], datetime]
    ) -> None:
        self.audience = audience
        self._shelves = {reader.shelf: reader for reader in shelves}
        self._clock = clock

    def get(self, document_id: str) -> Document:
        """
        A document as this audience may read it; agents get a ticket's internal face.

        Raises:
            DocumentNotFoundError: If there is none for this audience; the same
                whether it does not exist or stands on a shelf that is not open.
        """
        copies = {
            shelf: found
            for shelf, reader in self._shelves.items()
            if (found := reader.get(clean_characters(document_id))) is not None
            and self._is_valid(found)
        }
        if not copies:
            raise DocumentNotFoundError(document_id)
        public = copies.get(Audience.EXTERNAL.value)
        if isinstance(public, Article):  # the newer one, if an interrupted move left two
            return public
        return next(iter(copies.values()))

    def removed(self, document_id: str) -> tuple[RemovedText, ...]:
        """
        What of a document is left out of what is searched: quotes, signatures, boilerplate.

        Raises:
            DocumentNotFoundError: As for `get`.
        """
        document = self.get(document_id)
        for reader in self._shelves.values():
            if reader.get(document.id) == document:
                return reader.cleaner().removed(document)
        return ()

    def boilerplate(self) -> dict[str, Boilerplate]:
        """By shelf, the lines that its documents share and that are cut out of them."""
        return {shelf: reader.cleaner().learned for shelf, reader in self._shelves.items()}

    def count(self) -> int:
        """Number of documents on the shelves that are open; a face on each counts once each."""
        return sum(reader.count() for reader in self._shelves.values())

    def _is_valid(self, document: Document) -> bool:
        """Whether its readers may see it now: dates hide articles from customers, never staff."""
        if self.audience is Audience.INTERNAL or not isinstance(document, Article):
            return True
        now = self._clock()
        return not (document.is_pending(now) or document.is_expired(now))
