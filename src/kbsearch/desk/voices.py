"""How a desk's documents speak to their readers, and pairs of them that should say the same."""

from __future__ import annotations

from collections.abc import Iterator

from kbsearch.clock import utc_now
from kbsearch.desk.arguments import parse_format, parse_ids
from kbsearch.desk.reads import DeskReads
from kbsearch.errors import ConfigError
from kbsearch.indexing.twin_notes import drop_twin, note_twins
from kbsearch.models import Audience, Document, TextFormat, in_one_line
from kbsearch.sharing.twins import TwinReport, baseline_of, twin_report
from kbsearch.sharing.voice.checking import Readers, VoiceReport, check_document, check_text
from kbsearch.sharing.voice.glossary import load_glossary

_DOCUMENTS_PER_READ = 256


class DeskVoices(DeskReads):
    """Checking wording before others read it, and keeping twins in step."""

    def check_voice(
        self,
        document_or_text: Document | str,
        *,
        audience: Audience | str = Audience.EXTERNAL,
        text_format: TextFormat | str = TextFormat.PLAIN,
    ) -> VoiceReport:
        """
        What readers should not meet in a document or a draft; never an error that blocks.

        Internal terms are those of `internal/glossary.toml` on this desk; the rest is
        settled in section `[voice]` of its settings.

        Args:
            document_or_text: A document, stored or not, or a draft's text.
            audience: Who is to read it, wherever it stands now.
            text_format: How a draft is marked up.

        Raises:
            AudienceError: If the audience is missing or unknown.
            ConfigError: If it is neither a document nor a str, the format is unknown, the
                glossary cannot be used, or a package is not installed.
        """
        readers = self._voice_of(audience)
        if isinstance(document_or_text, str):
            return check_text(document_or_text, readers, text_format=parse_format(text_format))
        if not isinstance(document_or_text, Document):
            raise ConfigError(
                f"A {type(document_or_text).__name__} cannot be checked; "
                "give an article, a ticket or a str."
            )
        return check_document(document_or_text, readers)

    def check_voices(self, *, audience: Audience | str = Audience.EXTERNAL) -> list[VoiceReport]:
        """
        A report on each document of the shelf of one audience, most findings first.

        Raises:
            AudienceError: If the audience is missing or unknown.
            ConfigError: If the glossary cannot be used, or a package is not installed.
            StoreError: If the shelf cannot be read.
        """
        readers = self._voice_of(audience)
        reports = [check_document(each, readers) for each in self._all_on(readers.audience)]
        return sorted(reports, key=lambda one: (-len(one.findings), one.document_id or ""))

    def twins(self, *, suggest: bool = False) -> TwinReport:
        """
        Pairs of an internal and an external article on one subject, and which are out of step.

        A pair is what `twin_id` states on the staff's shelf, or what was once said to
        be in step. Until that is said, the dates of both are all there is to compare.

        Args:
            suggest: Look for further pairs by likeness: two searches for each internal
                article that has no twin.

        Raises:
            StoreError: If a shelf cannot be read.
        """
        searcher = self.searcher(Audience.INTERNAL) if suggest else None
        with self._writers(only=()) as writers:
            internal, external = writers[Audience.INTERNAL], writers[Audience.EXTERNAL]
            return twin_report(internal, external, now=utc_now(), searcher=searcher)

    def mark_in_step(self, internal_id: str, external_id: str, *, by: str) -> None:
        """
        Say that two articles say the same now; later changes are compared with this.

        Hashes of their sentences are kept on the staff's shelf, with who said so and when.

        Raises:
            ConfigError: If `by` is blank or too long, or one of the two is no article.
            DocumentNotFoundError: If one does not stand on its shelf.
            LockedError: If another process is writing.
            StoreError: If a shelf cannot be written.
        """
        one, other = parse_ids([internal_id, external_id], "mark_in_step")
        said_by = in_one_line(by) or ""
        with self._writers(only=()) as writers:
            internal = writers[Audience.INTERNAL]
            internal.lock()
            external = writers[Audience.EXTERNAL]
            note = baseline_of(internal, external, one, other, by=said_by, at=utc_now())
            note_twins(internal, {(one, other): note})

    def unmark_twins(self, internal_id: str, external_id: str) -> bool:
        """
        Drop what was noted of a pair, as when one of the two is gone for good.

        Returns:
            Whether anything was noted.

        Raises:
            ConfigError: If an id is no str.
            LockedError: If another process is writing.
            StoreError: If the shelf cannot be written.
        """
        pair = parse_ids([internal_id, external_id], "unmark_twins")
        with self._writers(only=()) as writers:
            return drop_twin(writers[Audience.INTERNAL], *pair)

    def _voice_of(self, audience: Audience | str) -> Readers:
        glossary = load_glossary(self._layout.glossary)
        return Readers(Audience.parse(audience), self.settings.voice, glossary)

    def _all_on(self, shelf: str) -> Iterator[Document]:
        with self._writers(only=(shelf,)) as writers:
            records = writers[shelf].records
            keys = records.keys()
            for start in range(0, len(keys), _DOCUMENTS_PER_READ):
                yield from records.documents(keys[start : start + _DOCUMENTS_PER_READ]).values()
