"""What is known to be right on a desk, and judging what is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kbsearch.config import RankingSettings
from kbsearch.desk.arguments import parse_number
from kbsearch.desk.reads import DeskReads
from kbsearch.errors import ConfigError
from kbsearch.evaluation import (
    Judging,
    LabelSet,
    Question,
    Shown,
    imitated_labels,
    mine_labels,
    pool,
    sample_imitated,
)
from kbsearch.models import Audience, Document, Ticket, audience_of, parse_groups
from kbsearch.progress import Progress, silent
from kbsearch.search import Searcher
from kbsearch.search.problem import problem_of
from kbsearch.store import RecordReader
from kbsearch.text import Cleaner

_MAX_K = 100
_DOCUMENTS_PER_READ = 512


class DeskEvaluation(DeskReads):
    """Labels from a desk's history, and a judge's work on it."""

    def labels(
        self, audience: Audience | str, *, groups: Iterable[str] = (), imitate: bool = False
    ) -> LabelSet:
        """
        What the links of this audience's tickets say: see `kbsearch.evaluation.mining`.

        Customers' labels are made of their shelf alone, where tickets have no links: what
        they may read says nothing of what staff know. `published_labels` has those.

        Args:
            audience: Who asks.
            groups: Those of staff that the asker is in.
            imitate: Also ask documents for their own parts, at most 1,000 of each kind; what
                such labels are worth is said in `kbsearch.evaluation.imitating`.

        Returns:
            Tickets as questions; nothing that this audience cannot find. The same desk
            always gives the same labels.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            StoreError: If a shelf cannot be read.
        """
        asked = Audience.parse(audience)
        shelves = self._shelves_of(asked, groups)
        documents = (document for shelf in shelves for document in self._read_by(asked, shelf))
        mined = mine_labels(documents, asked)
        if not imitate:
            return mined
        imitated = sample_imitated(self._with_cleaners(asked, shelves), asked)
        return LabelSet.joined([mined, imitated_labels(imitated)])

    def published_labels(self) -> LabelSet:
        """
        What staff's links say of published tickets and what customers may read: for staff.

        Customers ask, and only what stands on their shelf answers; but that one answers
        the other is what staff know. Look at figures by these labels; what is fitted to
        them and served to customers could show them such a link.

        Raises:
            BundleError: If this is a bundle, which holds nothing of staff's.
            StoreError: If a shelf cannot be read.
        """
        self._require_desk("links of staff")
        shelves = (Audience.EXTERNAL.value, Audience.INTERNAL.value)  # what is shown, then links
        documents = (document for shelf in shelves for document in self._documents_on(shelf))
        return mine_labels(documents, Audience.EXTERNAL, shown=self.ids(Audience.EXTERNAL))

    def judging(
        self,
        path: Path | str,
        questions: Iterable[Question],
        *,
        audience: Audience | str,
        by: str,
        groups: Iterable[str] = (),
        k: int = 10,
        seed: int = 0,
        rankings: Sequence[RankingSettings] = (),
        progress: Progress = silent,
    ) -> Judging:
        """
        Begin, or go on, to judge what this audience is shown for some questions.

        Args:
            path: Of the judge's file, which will hold the questions' words.
            questions: Asked by this audience; a ticket by its problem.
            audience: Who reads the results; the judge sees what they see.
            by: Who judges.
            groups: Those of staff that the judge is in.
            k: How deep each ranking is looked at, 1 to 100.
            seed: Of the order in which documents are shown; for two judges the same.
            rankings: Further ones to be judged, beside the desk's own, that by words
                alone and that by meaning alone.
            progress: Told how far the search for what is to be judged is.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            ConfigError: If a question is asked by another audience, its ticket is an
                article, or k is out of range; as for `Judging`.
            DocumentNotFoundError: If a ticket that is asked does not stand here.
            LabelFileError: If the file holds something else than judgements.
            EmbedderMismatchError: If a shelf was built with another embedder.
        """
        asked, named = Audience.parse(audience), parse_groups(groups, Audience.parse(audience))
        parse_number(k, "k", _MAX_K)
        listed = _questions_of(questions, asked)
        searcher = self.searcher(asked, groups=named)
        cleaner = self._reader(self._shelves_of(asked, named)[0]).cleaner()
        texts = {one.id: text_of(one, searcher, cleaner) for one in listed}
        others = (*_one_sided(self.settings.read_by(asked).ranking), *rankings)
        searchers = [searcher, *(self.searcher(asked, groups=named, ranking=one) for one in others)]
        runs = _runs_of(searchers, listed, texts, k=k, progress=progress)

        def show(question: Question, document_id: str) -> Shown:
            return _shown(texts[question.id], searcher.get(document_id), cleaner)

        return Judging(path, listed, pool(runs, k=k, seed=seed), by=by, show=show)

    def _read_by(self, audience: Audience, shelf: str) -> Iterator[Document]:
        """What a shelf has for an audience: staff have tickets whole, on their own shelves."""
        is_others = audience_of(shelf) is not audience
        for document in self._documents_on(shelf):
            if not (is_others and isinstance(document, Ticket)):
                yield document

    def _documents_on(self, shelf: str) -> Iterator[Document]:
        """Every document of a shelf, some at a time."""
        records = RecordReader(self._layout.shelf(shelf).records, shelf)
        try:
            keys = records.keys()
            for start in range(0, len(keys), _DOCUMENTS_PER_READ):
                yield from records.documents(keys[start : start + _DOCUMENTS_PER_READ]).values()
        finally:
            records.close()

    def _with_cleaners(
        self, audience: Audience, shelves: Iterable[str]
    ) -> Iterator[tuple[Document, Cleaner]]:
        for shelf in shelves:
            cleaner = self._reader(shelf).cleaner()
            for document in self._read_by(audience, shelf):
                yield document, cleaner


def _questions_of(questions: Iterable[Question], audience: Audience) -> list[Question]:
    listed = list(questions)
    for one in listed:
        if not isinstance(one, Question):
            raise ConfigError(
                f"judging() takes a list of Question, and one is a {type(one).__name__}. "
                "Make them with kbsearch.evaluation.text_question or read_questions."
            )
        if one.audience is not audience:
            raise ConfigError(
                f"Question {one.id!r} is asked by {one.audience.value} readers, and results for "
                f"{audience.value} ones are judged. Judge it for those who ask it."
            )
    return listed


def text_of(question: Question, searcher: Searcher, cleaner: Cleaner) -> str:
    """What a question is looked up by: of a ticket the problem that it tells."""
    if question.text is not None or question.ticket_id is None:
        return question.text or ""
    ticket = searcher.get(question.ticket_id)
    if not isinstance(ticket, Ticket):
        raise ConfigError(
            f"Question {question.id!r} names {question.ticket_id!r} as its ticket, which is an "
            "article. Give the id of a ticket, or a text."
        )
    return problem_of(ticket, cleaner).text


def _runs_of(
    searchers: Sequence[Searcher],
    questions: Sequence[Question],
    texts: Mapping[str, str],
    *,
    k: int,
    progress: Progress,
) -> list[dict[str, dict[str, float]]]:
    """What each ranks best, without the ticket that is asked."""
    runs: list[dict[str, dict[str, float]]] = [{} for _ in searchers]
    for n, question in enumerate(questions):
        progress("search", n, len(questions))
        for run, searcher in zip(runs, searchers, strict=True):
            ranked = searcher.rank(texts[question.id], k=k + 1)
            kept = [one for one in ranked if one.id != question.ticket_id][:k]
            run[question.id] = {one.id: one.score for one in kept}
    progress("search", len(questions), len(questions))
    return runs


def _one_sided(own: RankingSettings) -> Iterator[RankingSettings]:
    """By words alone and by meaning alone: what the desk's own ranking puts low is seen too."""
    words = {"passage_weight": 0.0, "title_weight": 0.0}
    meaning = {"bm25_weight": 0.0, "coverage_weight": 0.0, "title_words_weight": 0.0}
    yield from (own.model_copy(update=without) for without in (words, meaning))


def _shown(question: str, document: Document, cleaner: Cleaner) -> Shown:
    cleaned = cleaner.document(document)
    parts = []
    for section in cleaned.sections:
        kind = section.kind.value.replace("_", " ")
        text = cleaned.text[section.start : section.end]
        parts.append(f"{kind}: {text}" if isinstance(document, Ticket) else text)
    return Shown(question, document.id, cleaned.title, "\n\n".join(parts))
