"""Adapting the desk's embedding model to what stands on it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from kbsearch import files
from kbsearch.clock import utc_now
from kbsearch.config import Settings, load_settings
from kbsearch.desk.evaluating import DeskEvaluation
from kbsearch.embed import (
    Embedder,
    SentenceTransformerEmbedder,
    make_embedder,
    require_may_serve,
)
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.evaluation import LabelSet
from kbsearch.models import Audience, Ticket
from kbsearch.progress import Progress, silent
from kbsearch.search.asking import QueryMaker
from kbsearch.search.problem import problem_of
from kbsearch.store import RecordReader, writer_lock
from kbsearch.training import (
    Asked,
    Budget,
    Method,
    Prompts,
    Recipe,
    TrainingReport,
    Workplace,
    require_packages,
    run_training,
)

_MOST_SECONDS = 7 * 24 * 3600


class DeskTraining(DeskEvaluation):
    """A model of the desk's own."""

    def train(
        self,
        audience: Audience | str,
        *,
        budget_s: float = 600.0,
        labels: LabelSet | None = None,
        method: Method | str = Method.FULL,
        recipe: Recipe | None = None,
        resume: bool = True,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress = silent,
    ) -> TrainingReport:
        """
        Adapt the embedding model to the desk; keep the result if it measurably ranks better.

        The desk goes on with the model that it has: `use_model` and `rebuild` change it.

        Args:
            audience: Whose texts are read. A model that was trained on what customers may
                read can serve everybody; one that was trained on what only staff may read
                serves staff alone, on a desk that has nothing for customers. Shelves of
                groups are never read.
            budget_s: Seconds for all of it, measuring included.
            labels: Questions and their answers, to measure with and, if they are many, to
                train on; left out, what the desk's own history says.
            method: "full", or "lora": fewer numbers learn, and less is forgotten.
            recipe: In the place of the one that goes with the method.
            resume: Go on from a training that was interrupted, if nothing has changed.
            clock: What time it is; noted with the model.
            progress: Told how far it is; if it raises, nothing that was learnt is lost.

        Returns:
            Figures with intervals, and where the model stands if it is better with 95 %
            confidence. One that is not is not kept.

        Raises:
            AudienceError: If the audience is missing or unknown.
            ConfigError: If the desk's embedder cannot be trained, or there are too few
                documents or labels.
            MissingExtraError: If the packages for training are not installed.
            ModelAudienceError: If the desk's model knows staff's texts, and a model for
                everybody is to be made of it.
            EmbedderMismatchError: If the shelves wait for a rebuild.
            LockedError: If another training of this desk is running.
        """
        asked = Audience.parse(audience)
        self._require_desk("texts to train on")
        chosen = recipe or Recipe(method=_parse_method(method))
        budget = Budget(_parse_seconds(budget_s))
        require_packages(chosen)
        base = self._trainable(asked)
        shelves = self._shelves_of(asked)
        with self._training_lock(), self._writers(only=()) as writers:
            records = {shelf: writers[shelf].records for shelf in shelves}
            known = labels if labels is not None else self.labels(asked)
            place = self._workplace(asked, base, records, _asked_by(known, asked))
            return run_training(
                place, chosen, budget, now=clock(), resume=resume, progress=progress
            )

    def use_model(self, model: str) -> Settings:
        """
        Write a model into the desk's settings; `rebuild` then embeds all with it.

        Args:
            model: As `TrainingReport.model` names it, or any path or name.

        Raises:
            EmbedderNotFoundError: If there is no such model.
            ModelAudienceError: If it was trained on staff's texts, and customers have a shelf
                with documents here.
            ConfigError: If the settings have a form in which they cannot be changed.
            StoreUnavailableError: If they cannot be written.
        """
        self._require_desk("settings that could be changed")
        found = make_embedder(
            self._located(self.settings.embedder.model_copy(update={"model": model}))
        )
        if self._reader_count(Audience.EXTERNAL):
            require_may_serve(found, Audience.EXTERNAL)
        written = with_model(files.read_bytes(self._layout.settings).decode("utf-8-sig"), model)
        files.write_durably(self._layout.settings_draft, written.encode())
        files.replace(self._layout.settings_draft, self._layout.settings)
        files.sync_directory(self.path)
        return load_settings(self._layout.settings)

    def _reader_count(self, audience: Audience) -> int:
        with self._writers(only=()) as writers:
            return writers[audience].records.count()

    def _trainable(self, audience: Audience) -> SentenceTransformerEmbedder:
        base = self._embedder_for(audience)
        if not isinstance(base, SentenceTransformerEmbedder):
            raise ConfigError(
                f"The desk's embedder {str(base.fingerprint)!r} cannot be trained: only models "
                "of sentence-transformers can. Set one under [embedder] and run `kbsearch rebuild`."
            )
        return base

    def _workplace(
        self,
        audience: Audience,
        base: SentenceTransformerEmbedder,
        records: Mapping[str, RecordReader],
        labels: LabelSet,
    ) -> Workplace:
        readers = {shelf: self._reader(shelf) for shelf in records}
        searcher = self.searcher(audience)
        now = utc_now()
        settings = self.settings.embedder

        def maker(embedder: Embedder) -> QueryMaker:
            return QueryMaker(
                audience,
                readers,
                embedder,
                self._analyzer,
                clock=lambda: now,
                synonyms=self._synonyms[audience].current,
                corrects_spelling=self.settings.words.correct_spelling,
            )

        def ticket(document_id: str) -> Ticket | None:
            try:
                found = searcher.get(document_id)
            except DocumentNotFoundError:
                return None
            return found if isinstance(found, Ticket) else None

        def text_of(document_id: str) -> str | None:
            found = ticket(document_id)
            cleaner = next(iter(readers.values())).cleaner()
            return problem_of(found, cleaner).text if found is not None else None

        def open_model(directory: Path) -> Embedder:
            own = {"model": str(directory), "revision": None}
            return make_embedder(settings.model_copy(update=own))

        asked = Asked(
            audience=audience,
            readers=readers,
            records=records,
            embedder=base,
            fingerprint=self.fingerprint,
            ranking=self.settings.ranking,
            maker=maker,
            ticket=ticket,
            now=now,
        )
        prompts = Prompts(settings.query_prompt, settings.passage_prompt)
        return Workplace(asked, self._layout, base, prompts, open_model, text_of, labels)

    @contextmanager
    def _training_lock(self) -> Iterator[None]:
        files.make_parents(self._layout.models)
        if not self._layout.models.is_dir():
            files.make_directory(self._layout.models)
        with writer_lock(self._layout.training_lock, self.path.name, doing="trained"):
            yield


def with_model(toml: str, model: str) -> str:
    """
    Settings that name another model; every other line stays as it is, comments too.

    Raises:
        ConfigError: If the section is written in a way that cannot be changed by lines.
    """
    wanted = f"model = {_quoted(model)}"
    lines, section, place, head = toml.splitlines(), "", None, None
    for number, line in enumerate(lines):
        if line.strip().startswith("["):
            section = line.split("#")[0].strip()
            head = number if section == "[embedder]" else head
        elif section == "[embedder]" and line.split("=")[0].strip() == "model":
            place = number
    if place is not None:
        lines[place] = wanted
    elif head is not None:
        lines.insert(head + 1, wanted)
    else:
        lines += ["", "[embedder]", wanted]
    written = "\n".join(lines) + "\n"
    try:
        understood = tomllib.loads(written)["embedder"]["model"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        understood = None
    if understood != model:
        raise ConfigError(f"The settings cannot be changed by lines. Write {wanted} yourself.")
    return written


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _asked_by(labels: LabelSet, audience: Audience) -> LabelSet:
    """What this audience asks: staff's questions, and what answers them, are staff's."""
    questions = tuple(one for one in labels.questions if one.audience is audience)
    ids = {one.id for one in questions}
    kept = tuple(one for one in labels.labels if one.question_id in ids)
    return LabelSet(questions=questions, labels=kept)


def _parse_method(method: Method | str) -> Method:
    try:
        return Method(method)
    except ValueError:
        known = ", ".join(repr(each.value) for each in Method)
        raise ConfigError(f"method = {method!r:.80} is not one of {known}.") from None


def _parse_seconds(seconds: float) -> float:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 < seconds <= _MOST_SECONDS:
        raise ConfigError(f"budget_s = {seconds!r:.80}. Use seconds above 0, to a week of them.")
    return float(seconds)
