"""Tickets that tell of one problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from kbsearch.clock import utc_now
from kbsearch.desk.reads import DeskReads
from kbsearch.duplicates.bursts import BurstSettings, Like
from kbsearch.duplicates.one_ticket import find_candidates
from kbsearch.duplicates.proposing import Proposer, Shelf
from kbsearch.duplicates.reading import ReadTicket, read_draft, read_tickets
from kbsearch.duplicates.watching import BurstWatch
from kbsearch.duplicates.whole_desk import find_duplicates
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import Audience, Burst, DuplicateReport, DuplicateResult, Ticket, parse_groups
from kbsearch.progress import Progress, silent
from kbsearch.search import same_story
from kbsearch.store import RecordReader, to_us

_MAX_K = 10
_LIKE_ENOUGH = 0.3
"""From this probability on an alert names a ticket: a hint for who reads it, no link."""

_NONE_LIKE = "No ticket here is as likely the same problem as was asked for: best {best:.2f}."


class DeskDuplicates(DeskReads):
    """Duplicates of a ticket before it is created, and all duplicates of a desk."""

    def duplicates(
        self,
        ticket: Ticket | str,
        *,
        audience: Audience | str,
        groups: Iterable[str] = (),
        k: int = 5,
        min_probability: float = 0.5,
        clock: Callable[[], datetime] = utc_now,
    ) -> DuplicateResult:
        """
        Tickets that stand, open or resolved, and are the same problem as this one.

        For customers, candidates are published tickets and nothing else. The ticket
        itself and those merged with it, either way and in any number of steps, are never
        among them.

        Args:
            ticket: A ticket, saved or not, or the id of one on this desk. A draft without
                a date is of now.
            audience: Who will read the answer.
            groups: Those of staff that the reader is in.
            k: At most so many, 1 to 10.
            min_probability: Of being one problem; what is less likely is left out.
            clock: What time it is.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            ConfigError: If k or the probability is out of range, or the id is an article's.
            DocumentNotFoundError: If no ticket has this id here.
            InvalidDocumentError: If the ticket has no readable text.
            EmbedderMismatchError: If a shelf was built with another embedder.
            StoreError: If a shelf cannot be read.
        """
        if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= _MAX_K:
            raise ConfigError(f"k = {k!r:.80} is out of range; ask for 1 to {_MAX_K}.")
        _require_share(min_probability, "min_probability")
        groups = parse_groups(groups, Audience.parse(audience))
        asked = self._asked(ticket, audience, groups)
        if not isinstance(ticket, str) and asked.created_at is None:
            asked = asked.model_copy(update={"created_at": clock()})
        with self._ticket_shelves(audience, groups) as shelves:
            cleaner = shelves[0].reader.cleaner()
            embedder = self._embedder_for(Audience.parse(audience))
            draft = read_draft(asked, cleaner, embedder, self.fingerprint, self._analyzer)
            proposer = Proposer(shelves, self.fingerprint, self._analyzer, to_us(clock()) or 0)
            excluded = {*same_story(asked, [shelf.reader for shelf in shelves])}
            found = find_candidates(draft, proposer, excluded=excluded)
        kept = tuple(each for each in found if each.probability >= min_probability)[:k]
        best = max((each.probability for each in found), default=0.0)
        note = None if kept else _NONE_LIKE.format(best=best)
        return DuplicateResult(ticket_id=asked.id, candidates=kept, note=note)

    def find_duplicates(
        self,
        *,
        audience: Audience | str,
        groups: Iterable[str] = (),
        precision: float = 0.9,
        progress: Progress = silent,
    ) -> DuplicateReport:
        """
        All tickets that an audience may see, in clusters of one problem each.

        Changes nothing. Time grows with the square of the passages, at so little for
        each that 100,000 take minutes.

        Args:
            audience: Who will read the report.
            groups: Those of staff that the reader is in.
            precision: The share of links that should be true duplicates.
            progress: Told how far it is; may raise to stop it.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            ConfigError: If the precision is no share between 0 and 1.
            EmbedderMismatchError: If a shelf was built with another embedder.
            StoreError: If a shelf cannot be read.
        """
        _require_share(precision, "precision")
        with self._ticket_shelves(audience, groups) as shelves:
            return find_duplicates(
                self._tickets(shelves, progress), precision=precision, progress=progress
            )

    def bursts(
        self,
        *,
        audience: Audience | str,
        groups: Iterable[str] = (),
        settings: BurstSettings = BurstSettings(),  # noqa: B008 - immutable
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> BurstWatch:
        """
        Watch for more tickets of one problem than its history explains.

        The desk's tickets are replayed first, so that what always comes often is known;
        then `add` takes in each new one, and `since` tells what burst lately. An alert
        names the problem that its tickets are linked to, or the ticket that they are most
        probably the same problem as, a resolved one if there is one.

        Args:
            audience: Who will read the alerts.
            groups: Those of staff that the reader is in.
            settings: When many are too many.
            clock: What time it is; later tickets are left out of the replay.
            progress: Told how far it is.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            ConfigError: If a setting cannot work.
            EmbedderMismatchError: If a shelf was built with another embedder.
            StoreError: If a shelf cannot be read.
        """
        named = parse_groups(groups, Audience.parse(audience))
        with self._ticket_shelves(audience, named) as shelves:
            cleaner = shelves[0].reader.cleaner()
            past = list(self._tickets(shelves, progress))

        def read(ticket: Ticket) -> ReadTicket:
            return read_draft(ticket, cleaner, self.embedder, self.fingerprint, self._analyzer)

        def looks_like(burst: Burst, ticket: Ticket | None) -> Like | None:
            return self._looks_like(burst, ticket, audience, named)

        return BurstWatch(past, settings, read=read, looks_like=looks_like, clock=clock)

    def _looks_like(
        self,
        burst: Burst,
        ticket: Ticket | None,
        audience: Audience | str,
        groups: tuple[str, ...],
    ) -> Like | None:
        """The problem that its tickets are linked to, or the likeliest that stands beside them."""
        searcher = self.searcher(audience, groups=groups)
        if burst.like is not None:
            try:
                found = searcher.get(burst.like)
            except DocumentNotFoundError:  # linked, but it stands elsewhere
                return Like(burst.like, "")
            return Like(found.id, found.subject if isinstance(found, Ticket) else found.title)
        standing = self.standing(burst.ticket_ids, audience, groups=groups)
        oldest = next((each for each in burst.ticket_ids if each in standing), None)
        asked = oldest or ticket
        if asked is None:
            return None
        result = self.duplicates(
            asked, audience=audience, groups=groups, k=_MAX_K, min_probability=_LIKE_ENOUGH
        )
        others = [each for each in result.candidates if each.id not in burst.ticket_ids]
        others.sort(key=lambda each: not each.is_resolved)
        return Like(others[0].id, others[0].title) if others else None

    def _asked(
        self, ticket: Ticket | str, audience: Audience | str, groups: Iterable[str]
    ) -> Ticket:
        searcher = self.searcher(audience, groups=groups)
        found = searcher.get(ticket) if isinstance(ticket, str) else ticket
        if isinstance(found, Ticket):
            return found
        raise ConfigError(
            f"duplicates() takes a ticket or the id of one, not {type(found).__name__.lower()!r}."
        )

    def _tickets(self, shelves: Iterable[Shelf], progress: Progress) -> Iterator[ReadTicket]:
        for shelf in shelves:
            yield from read_tickets(
                shelf.records,
                shelf.reader.shelf,
                self.fingerprint,
                self._analyzer,
                progress=progress,
            )

    @contextmanager
    def _ticket_shelves(
        self, audience: Audience | str, groups: Iterable[str]
    ) -> Iterator[list[Shelf]]:
        """
        Where this audience's tickets stand whole: staff's shelves, or customers' one.

        What is read is of these shelves alone: for customers, nothing else is opened.
        """
        shelves = []
        try:
            for name in self._own_shelves_of(audience, groups):
                records = RecordReader(self._layout.shelf(name).records, name)
                shelves.append(Shelf(self._reader(name), records))
            yield shelves
        finally:
            for shelf in shelves:
                shelf.records.close()


def _require_share(share: float, name: str) -> None:
    is_number = isinstance(share, int | float) and not isinstance(share, bool)
    if not (is_number and 0 < share < 1):
        raise ConfigError(f"{name} = {share!r:.80} is out of range; give one between 0 and 1.")
