"""A desk as it stood in the past, and its labelled questions asked of it then."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime

from kbsearch.clock import utc_now
from kbsearch.config import RankingSettings
from kbsearch.desk.arguments import parse_kind, parse_number, parse_time
from kbsearch.desk.evaluating import DeskEvaluation
from kbsearch.embed import Fingerprint, shelf_fingerprint
from kbsearch.errors import ConfigError
from kbsearch.evaluation.history import History
from kbsearch.evaluation.labels import LabelSet
from kbsearch.evaluation.past_making import Making, PastShelfMaker
from kbsearch.evaluation.past_shelf import PastShelf
from kbsearch.evaluation.replay import ReplayReport, replay
from kbsearch.models import Article, Audience, Document, Kind, Ticket, audience_of, parse_groups
from kbsearch.progress import Progress, silent
from kbsearch.store import RecordReader, to_us

_MAX_K = 100


class DeskReplay(DeskEvaluation):
    """Looking back: what the desk would have answered on the day of each question."""

    def replay(
        self,
        audience: Audience | str,
        *,
        labels: LabelSet | None = None,
        groups: Iterable[str] = (),
        since: datetime | None = None,
        k: int = 10,
        kind: Kind | None = None,
        ranking: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> ReplayReport:
        """
        Ask every labelled question of the desk as it stood when it was asked.

        No later document, message, resolution, frequency or measure of closeness is in
        an answer; see `kbsearch.evaluation.versions` for what of a document counts as
        known when, and `kbsearch.evaluation.History` for what is left out. Nothing is
        changed or stored: texts of earlier versions that have no vector are embedded anew.

        Args:
            audience: Who asks.
            labels: Questions and what answers them; left out, what `labels` reads of this desk.
            groups: Those of staff that the asker is in.
            since: Only questions that were asked then or later.
            k: Hits that are looked at, 1 to 100.
            kind: Only such documents may be found; left out, all.
            ranking: Instead of the desk's own, with any parameters of BM25.
            clock: What time it is, for questions of which nobody knows when.
            progress: Told how far it is.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            ConfigError: If k is out of range, `since` has no offset, the kind is unknown, or
                labels are no LabelSet.
            MissingExtraError: If ir-measures is not installed.
            StoreError: If a shelf cannot be read.
        """
        asked = Audience.parse(audience)
        named = parse_groups(groups, asked)
        k, since_us = parse_number(k, "k", _MAX_K), to_us(parse_time(since))
        kind = parse_kind(kind)
        if labels is not None and not isinstance(labels, LabelSet):
            raise ConfigError(
                f"replay() takes labels as a LabelSet, and this is a {type(labels).__name__}. "
                "Make one with kb.labels() or kbsearch.evaluation.judged_labels()."
            )
        ranking = ranking or self.settings.read_by(asked).ranking
        known = self.labels(asked, groups=named) if labels is None else labels
        history = self.history(asked, groups=named, ranking=ranking, clock=clock, progress=progress)
        return replay(history, known, ranking, since_us=since_us, k=k, kind=kind, progress=progress)

    def history(
        self,
        audience: Audience | str,
        *,
        groups: Iterable[str] = (),
        ranking: RankingSettings | None = None,
        growth: float = 0.1,
        passage_tokens: int | None = None,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> History:
        """
        All that is known of the past of what an audience may see, to ask questions of it.

        It does not see what is written later, and reads tickets of this desk: close the
        desk after it.

        Args:
            audience: Who asks.
            groups: Those of staff that the asker is in.
            ranking: BM25's parameters, and how many candidates there are of each retriever.
            growth: Share by which a shelf grows before its measure of closeness is made
                anew; 0 makes it anew for each question.
            passage_tokens: Longest passage, instead of the desk's own; embedded in memory.
            clock: What time it is.
            progress: Told how far it is.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            ConfigError: If a number is out of range.
            StoreError: If a shelf cannot be read.
        """
        asked = Audience.parse(audience)
        names = self._shelves_of(asked, groups)
        if not 0 <= growth < math.inf:
            raise ConfigError(f"growth = {growth!r:.80}. Use a share of 0 or more, such as 0.1.")
        fingerprint = self.fingerprint if passage_tokens is None else self._cut_to(passage_tokens)
        making = Making(self.embedder, fingerprint, self._analyzer)
        public = self._public_articles() if asked is Audience.INTERNAL else set()
        shelves = []
        for name in names:
            without = set() if name == Audience.EXTERNAL.value else public
            shelves.append(self._past(name, making, without, growth, progress))

        def ticket_of(document_id: str) -> Ticket | None:
            for name in names:
                found = self._reader(name).get(document_id)
                if isinstance(found, Ticket) and audience_of(name) is asked:
                    return found
            return None

        return History(
            asked,
            shelves,
            making,
            ranking or self.settings.read_by(asked).ranking,
            ticket_of=ticket_of,
            now_us=to_us(clock()) or 0,
        )

    def _cut_to(self, passage_tokens: int) -> Fingerprint:
        """What indexes with passages of another size would depend on."""
        other = self.settings.passages.model_copy(update={"max_tokens": passage_tokens})
        settings = self.settings.model_copy(update={"passages": other})
        return shelf_fingerprint(self.embedder, settings, self._redaction.fingerprint)

    def _past(
        self, name: str, making: Making, without: set[str], growth: float, progress: Progress
    ) -> PastShelf:
        """The past of a shelf without some documents."""
        with closing(RecordReader(self._layout.shelf(name).records, name)) as records:
            key = making.fingerprint.embedder.key
            maker = PastShelfMaker(
                name, making, kept=lambda hashes: records.vectors(hashes, key), growth=growth
            )
            n = records.count()
            for number, document in enumerate(self._documents_on(name), start=1):
                if document.id not in without:
                    maker.add(document)
                progress(f"read {name}", number, n)
            return maker.made()

    def _public_articles(self) -> set[str]:
        """Of an interrupted move of one of these, customers' copy is the newer one."""
        documents: Iterator[Document] = self._documents_on(Audience.EXTERNAL.value)
        return {one.id for one in documents if isinstance(one, Article)}
