"""What looks at a text before customers read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property

from kbsearch.clock import utc_now
from kbsearch.desk.arguments import parse_format
from kbsearch.desk.opening import OpenDesk
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import Audience, OutgoingReport, TextFormat, Ticket, clean_characters
from kbsearch.search import ShelfReader
from kbsearch.sharing.outgoing import LineVectors, OutgoingCheck, Shelves


class DeskSharing(OpenDesk):
    """Drafts of replies and articles, for agents' eyes."""

    @cached_property
    def _line_vectors(self) -> LineVectors:
        return LineVectors(self.embedder)

    def _let_go(self) -> None:
        super()._let_go()
        vars(self).pop("_line_vectors", None)

    def check_outgoing(
        self,
        text: str,
        *,
        format: TextFormat | str = TextFormat.PLAIN,  # noqa: A002 - as Article and Message say it
        ticket: Ticket | str | None = None,
        draft_of: str | None = None,
        groups: Iterable[str] = (),
        clock: Callable[[], datetime] = utc_now,
    ) -> OutgoingReport:
        """
        Find what only staff know in a draft reply or a draft article, with its source.

        Copies and near-copies of internal articles, private notes and other
        customers' tickets, paraphrases of the staff's own texts (not with the hashing
        embedder, which sees words only), secrets and personal data, internal hosts and
        links. What customers can read already is no finding,
        nor is a phrase that many tickets share.

        Args:
            text: The draft, at most 200,000 characters; it is not stored.
            format: How it is marked up.
            ticket: The one that is answered, or its id. Its public messages are known
                to who reads the answer; its private notes are not.
            draft_of: Id of the article that the text is a new version of; it is no
                source for itself.
            groups: Those of staff that the agent is in: their documents are sources too.
            clock: What time it is; decides which articles customers can read.

        Returns:
            Findings in the order of the text, for staff only: they quote internal
            documents. A clear report is no proof.

        Raises:
            ConfigError: If the text is too long or none, the format is unknown, or `ticket`
                names an article.
            DocumentNotFoundError: If no ticket has this id here.
            EmbedderMismatchError: If a shelf was built with another embedder.
            StoreError: If a shelf cannot be read.
        """
        _require_types(text, ticket, draft_of)
        *staff, customers = map(self._reader, self._shelves_of(Audience.INTERNAL, groups))
        check = OutgoingCheck(
            Shelves(staff, customers),
            self.embedder,
            self._analyzer,
            redactors=self._redaction.redactors(Audience.EXTERNAL),
            settings=self.settings.sharing,
            vectors=self._line_vectors,
            clock=clock,
        )
        answered = _answered(ticket, staff) if isinstance(ticket, str) else ticket
        return check.check(
            text, text_format=parse_format(format), ticket=answered, draft_of=draft_of
        )


def _require_types(text: object, ticket: object, draft_of: object) -> None:
    if not isinstance(text, str):
        raise ConfigError(f"The draft is a {type(text).__name__}; pass its text as str.")
    if not isinstance(ticket, Ticket | str | None):
        kind = type(ticket).__name__
        raise ConfigError(f"`ticket` is a {kind}; give the ticket that is answered, or its id.")
    if not isinstance(draft_of, str | None):
        raise ConfigError(f"`draft_of` is {draft_of!r:.80}; give an article's id as str.")


def _answered(document_id: str, staff: Sequence[ShelfReader]) -> Ticket:
    every = (reader.get(clean_characters(document_id)) for reader in staff)
    found = next((each for each in every if each is not None), None)
    if found is None:
        raise DocumentNotFoundError(document_id)
    if not isinstance(found, Ticket):
        raise ConfigError(f"{document_id!r} is an article; `ticket` names the one answered.")
    return found
