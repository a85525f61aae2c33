"""What people have judged of a shelf's answers."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.desk.upkeep import DeskUpkeep
from kbsearch.embed import checked_vectors
from kbsearch.errors import ConfigError
from kbsearch.indexing import (
    FEWEST_DOCUMENTS,
    AskedShelf,
    Labelled,
    note_labels,
    snapshot_content,
)
from kbsearch.models import Audience, audience_of, clean_characters, parse_shelf
from kbsearch.progress import Progress, silent


class DeskCalibration(DeskUpkeep):
    """Learning from judged questions when to say that nothing is similar."""

    def calibrate(
        self,
        labels: Iterable[tuple[str, bool]],
        *,
        shelf: Audience | str,
        progress: Progress = silent,
    ) -> int:
        """
        Learn from questions of which somebody knows whether a shelf answers them.

        A shelf calibrates itself with every new snapshot; this makes it know better,
        and at once. Ten judged questions count as much as all that it imitates; a
        hundred without an answer make the accepted rate hold. Kept for later
        rebuilds are numbers, not the questions.

        Args:
            labels: Questions with True if the shelf answers them. None of them may
                stand on the shelf itself, as a ticket does that it was saved from.
            shelf: `external`, `internal` or that of a group, as `internal.hr`.
            progress: Told how far it is.

        Returns:
            How many judged questions the shelf keeps, at most the newest 2,000.

        Raises:
            AudienceError: If the shelf is missing or unknown.
            ConfigError: If `labels` are no pairs, or the shelf has too few documents.
            EmbedderMismatchError: If the shelf was built with another embedder.
            LockedError: If another process is writing.
        """
        asked, judged = parse_shelf(shelf), _parse_labels(labels)
        with self._writers(only=[asked]) as writers:
            writer = writers[asked]
            writer.require_fingerprint()
            n_documents = writer.records.count()
            if n_documents < FEWEST_DOCUMENTS:
                raise ConfigError(
                    f"Shelf {asked} has {n_documents} documents; with fewer than "
                    f"{FEWEST_DOCUMENTS} it is not calibrated. Add documents first."
                )
            with writer.locked():
                content = snapshot_content(
                    writer.records,
                    writer.fingerprint,
                    writer.analyzer,
                    title_weight=writer.settings.ranking.bm25_title_weight,
                )
                texts = [question for question, _ in judged]
                embedding = self._embedder_for(audience_of(asked))
                vectors, embedder = embedding.embed_queries(texts), embedding.fingerprint
                values = AskedShelf(content).answers(checked_vectors(vectors, len(texts), embedder))
                new = [
                    Labelled(round(value, 5), is_answered)
                    for value, (_, is_answered) in zip(values.tolist(), judged, strict=True)
                ]
                n_kept = note_labels(writer.records, new, embedder.key)
                writer.publish(progress)
        return n_kept


def _parse_labels(labels: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    if not isinstance(labels, Iterable):
        raise ConfigError(
            f"calibrate() takes a list of pairs, and this is {type(labels).__name__}."
        )
    parsed = []
    for label in labels:
        is_pair = isinstance(label, tuple | list) and len(label) == 2
        if not is_pair or not isinstance(label[0], str) or not isinstance(label[1], bool):
            raise ConfigError(
                "calibrate() takes pairs of a question and True or False, and one is a "
                f"{type(label).__name__} that is none."
            )
        text = clean_characters(label[0]).strip()
        if any(character.isalnum() for character in text):
            parsed.append((text, label[1]))
    if not parsed:
        raise ConfigError("calibrate() needs at least one question with words.")
    return parsed
