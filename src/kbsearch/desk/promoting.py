"""What staff know and customers have asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from kbsearch.desk.arguments import parse_texts, parse_time
from kbsearch.desk.voices import DeskVoices
from kbsearch.models import Audience, PromotionReport, Ticket, parse_groups
from kbsearch.progress import Progress, silent
from kbsearch.search.problem import problem_of
from kbsearch.sharing.obstacles import ObstacleFinder
from kbsearch.sharing.outgoing.checking import Shelves
from kbsearch.sharing.promotion import Question, find_promotions

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MAX_TICKETS = 2000


class DeskPromotion(DeskVoices):
    """Finding what should be published; publishing is an act of its own."""

    def promotions(
        self,
        questions: Iterable[str] = (),
        *,
        groups: Iterable[str] = (),
        since: datetime | None = None,
        max_tickets: int = _MAX_TICKETS,
        n_shown: int = 20,
        progress: Progress = silent,
    ) -> PromotionReport:
        """
        Internal articles and resolutions that customers would have needed, most wanted first.

        Changes nothing: `publish` is the explicit act. What is asked for is told by
        questions that customers' searches did not answer, which your application keeps,
        and by the tickets of this desk: each is a question that somebody had to ask.

        Args:
            questions: What customers searched for, as they wrote it.
            groups: Those of staff that the reader is in.
            since: Tickets created then or later; left out, all of them.
            max_tickets: At most so many, the newest.
            n_shown: At most so many promotions.
            progress: Told how far it is.

        Raises:
            ConfigError: If one question is given instead of a list of them, `since` has
                no offset, or the glossary cannot be used.
            EmbedderMismatchError: If a shelf was built with another embedder.
            MissingExtraError: If a package that the check of wording needs is missing.
            StoreError: If a shelf cannot be read.
        """
        asked = [
            Question(question)
            for question in parse_texts(questions, "promotions", "questions")
            if question.strip()
        ]
        since = parse_time(since)
        groups = parse_groups(groups, Audience.INTERNAL)
        *staff, customers = map(self._reader, self._shelves_of(Audience.INTERNAL, groups))
        obstacles = ObstacleFinder(
            Shelves(staff, customers),
            self._analyzer,
            redactors=self._redaction.redactors(Audience.EXTERNAL),
            settings=self.settings.sharing,
            readers=self._voice_of(Audience.EXTERNAL),
        )
        cleaner = staff[0].cleaner()
        for ticket in self._newest_tickets(groups, since, max_tickets):
            if problem := problem_of(ticket, cleaner).text.strip():
                asked.append(Question(problem, ticket.id))
        return find_promotions(
            asked,
            staff=self.searcher(Audience.INTERNAL, groups=groups),
            customers=self.searcher(Audience.EXTERNAL),
            obstacles=obstacles.find,
            n_shown=n_shown,
            progress=progress,
        )

    def _newest_tickets(
        self, groups: tuple[str, ...], since: datetime | None, n: int
    ) -> list[Ticket]:
        tickets = (each for each in self._staff_tickets(groups) if _is_since(each, since))
        return sorted(tickets, key=lambda t: t.created_at or _LONG_AGO, reverse=True)[:n]

    def _staff_tickets(self, groups: tuple[str, ...]) -> Iterator[Ticket]:
        for shelf in self._own_shelves_of(Audience.INTERNAL, groups):
            yield from (each for each in self._all_on(shelf) if isinstance(each, Ticket))


def _is_since(ticket: Ticket, since: datetime | None) -> bool:
    return since is None or (ticket.created_at is not None and ticket.created_at >= since)
