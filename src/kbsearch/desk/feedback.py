"""What people say of results: noted for those who tune and measure, and no ranking changes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from kbsearch.desk.arguments import parse_ids
from kbsearch.desk.reads import DeskReads
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.evaluation import Examination, LabelSet
from kbsearch.evaluation import document_feedback as summarised
from kbsearch.evaluation import feedback_labels as labelled
from kbsearch.indexing import note_feedback
from kbsearch.models import (
    Audience,
    DocumentFeedback,
    Feedback,
    FeedbackKind,
    clean_characters,
    group_of,
    in_one_line,
    parse_groups,
)
from kbsearch.redact import redact_text
from kbsearch.search import Searcher
from kbsearch.store import RecordReader

_MAX_CHARACTERS = 2000
_MAX_SHOWN = 100
_LAST_PLACE = 1_000_000


class DeskFeedback(DeskReads):
    """Votes and clicks in, labels and counts out."""

    def feedback(
        self,
        query: str,
        document_id: str | None = None,
        *,
        audience: Audience | str,
        groups: Iterable[str] = (),
        helpful: bool = True,
        by: str | None = None,
        kind: FeedbackKind | str = FeedbackKind.VOTE,
        position: int | None = None,
        shown: Iterable[str] = (),
    ) -> bool:
        """
        Note what somebody said, or did, with a document that a query found.

        Kept on the shelf of the audience, or of the group that alone reads the document or
        one on the page. Redacted as documents are. One person counts once for a query and
        a document, the newest time. No ranking changes by it.

        Args:
            query: As it was asked; its first 2,000 characters are kept.
            document_id: What helped, did not help, or was opened; none if `kind` is "shown".
            audience: Who asked.
            groups: Those of staff that the asker is in.
            helpful: Of a vote.
            by: Who; best an opaque number. All who are left out count as one person.
            kind: "vote", "click", or "shown" for a page of which nothing was opened.
            position: Place of the document, from 1, if the page is not told.
            shown: Ids on the page in their order, at most 100; ones that nobody of the
                audience can read are left out, and keep their places.

        Returns:
            Whether it was kept: at most 1,000 of one person on a shelf in a day are.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError, DocumentNotFoundError: As for `Searcher.get`.
            ConfigError: If the query holds no words, or page, place and kind do not fit.
            BundleError: If this is a bundle, which writes nothing.
            StoreError: If it cannot be written, or another process is writing for long.
        """
        asked, named = Audience.parse(audience), parse_groups(groups, Audience.parse(audience))
        self._require_desk("records that could be written")
        done = _kind_of(kind, document_id)
        page = _page_of(document_id, position, shown, done)
        searcher = self.searcher(asked, groups=named)
        shelf = self._shelf_for(searcher, document_id, page.values(), asked, named)
        given = Feedback(
            at=self._clock(),
            kind=done,
            question=self._question(query, asked),
            document_id=document_id and searcher.get(document_id).id,
            by=in_one_line(by),
            is_helpful=_parse_flag(helpful),
            shown=self._readable(page, shelf, asked),
            shelf=shelf,
        )
        with closing(self._writer(shelf)) as writer:
            return note_feedback(writer, given)

    def feedback_given(self, *, groups: Iterable[str] = ()) -> tuple[Feedback, ...]:
        """
        All that was said on the shelves that staff may see, by shelf, oldest first.

        Args:
            groups: Those of staff that the reader is in.

        Raises:
            GroupError: If a group cannot be one.
            StoreError: If a shelf cannot be read, or a row is not what was written.
        """
        return tuple(self._said_on(self._shelves_of(Audience.INTERNAL, groups)))

    def document_feedback(self, *, groups: Iterable[str] = ()) -> tuple[DocumentFeedback, ...]:
        """
        What became of each document, staff and customers together; for staff.

        A signal to look at, the most helpful first; no ranking uses it.

        Args:
            groups: Those of staff that the reader is in.

        Raises:
            GroupError: If a group cannot be one.
            StoreError: As for `feedback_given`.
        """
        return tuple(summarised(self.feedback_given(groups=groups)))

    def feedback_labels(
        self,
        audience: Audience | str,
        *,
        groups: Iterable[str] = (),
        examination: Examination | None = None,
    ) -> LabelSet:
        """
        What this audience's own votes and clicks say as labels: see `evaluation.feedback`.

        Customers' are made of what customers said alone, staff's of what staff said.

        Args:
            audience: Who asks.
            groups: Those of staff that the asker is in.
            examination: What is assumed of who looks and clicks.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            StoreError: As for `feedback_given`.
        """
        asked = Audience.parse(audience)
        return labelled(self._said_on(self._own_shelves_of(asked, groups)), asked, examination)

    def _said_on(self, shelves: Iterable[str]) -> list[Feedback]:
        found: list[Feedback] = []
        for shelf in shelves:
            with closing(RecordReader(self._layout.shelf(shelf).records, shelf)) as records:
                found += records.feedback()
        return found

    def _question(self, query: str, audience: Audience) -> str:
        if not isinstance(query, str):
            raise ConfigError(f"The query is a {type(query).__name__}, not text. Pass it as str.")
        told = " ".join(clean_characters(query).split())
        if not any(character.isalnum() for character in told):
            raise ConfigError("The query holds no words: there is nothing to learn from it.")
        return redact_text(told, self._redaction.redactors(audience)).text[:_MAX_CHARACTERS]

    def _shelf_for(
        self,
        searcher: Searcher,
        document_id: str | None,
        page: Iterable[str],
        audience: Audience,
        groups: Iterable[str],
    ) -> str:
        """Of the audience; of a group that alone reads the document, or something on the page."""
        if document_id is not None:
            document_id = searcher.get(document_id).id
        if audience is Audience.EXTERNAL:
            return audience.value
        asked_for = [document_id, *page] if document_id is not None else list(page)
        for named in asked_for:
            for shelf in self._own_shelves_of(audience, groups):
                if group_of(shelf) is not None and self._reader(shelf).get(named) is not None:
                    return shelf
        return audience.value

    def _readable(self, page: dict[int, str], shelf: str, audience: Audience) -> dict[int, str]:
        """What of a page all readers of the shelf may read."""
        of_group = group_of(shelf)
        everybody = self.searcher(audience, groups=() if of_group is None else (of_group,))
        return {place: each for place, each in page.items() if _is_there(everybody, each)}


def _parse_flag(helpful: bool) -> bool:
    if not isinstance(helpful, bool):
        raise ConfigError(f"helpful = {helpful!r:.40} is neither True nor False.")
    return helpful


def _is_there(searcher: Searcher, document_id: str) -> bool:
    try:
        searcher.get(document_id)
    except DocumentNotFoundError:
        return False
    return True


def _kind_of(kind: FeedbackKind | str, document_id: str | None) -> FeedbackKind:
    try:
        done = FeedbackKind(kind)
    except ValueError:
        known = ", ".join(map(repr, map(str, FeedbackKind)))
        raise ConfigError(f"kind = {kind!r:.80} is none of {known}.") from None
    if (document_id is None) is not (done is FeedbackKind.SHOWN):
        raise ConfigError(
            'A vote and a click name a document; kind="shown" names none, but the page: shown=[…].'
        )
    return done


def _page_of(
    document_id: str | None, position: int | None, shown: Iterable[str], kind: FeedbackKind
) -> dict[int, str]:
    """By place what stood on the page, as far as it is told."""
    if document_id is not None and not isinstance(document_id, str):
        raise ConfigError(f"The document is {document_id!r:.80}, no id. Pass it as str.")
    listed = parse_ids(shown, "feedback")
    if len(listed) > _MAX_SHOWN or len(set(listed)) != len(listed):
        raise ConfigError(
            f"The page has {len(listed)} documents; give at most {_MAX_SHOWN}, each once."
        )
    if kind is FeedbackKind.SHOWN and not listed:
        raise ConfigError('kind="shown" needs the page: give shown=[ids in their order].')
    if listed:
        page = dict(enumerate(listed, start=1))
        if document_id is not None and document_id not in listed:
            raise ConfigError(
                "The document is not among those that were shown. Give the whole page."
            )
        if position is not None and page.get(position) != document_id:
            raise ConfigError(f"position = {position!r} is not where the document stands in shown.")
        return page
    if position is None or document_id is None:
        return {}
    is_place = isinstance(position, int) and not isinstance(position, bool)
    if not is_place or not 1 <= position <= _LAST_PLACE:
        raise ConfigError(
            f"position = {position!r:.40} is no place; the first is 1, the last {_LAST_PLACE:,}."
        )
    return {position: document_id}
