"""Whether a text speaks to its readers: their words, their tone, and no harder than needed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kbsearch.config import VoiceKind, VoiceSettings
from kbsearch.models import Audience, Document, FindingKind, TextFinding, TextFormat
from kbsearch.models.base import FrozenModel
from kbsearch.sharing.voice.abbreviations import unexplained
from kbsearch.sharing.voice.glossary import Glossary
from kbsearch.sharing.voice.judged_text import JudgedText, judged_document, judged_text
from kbsearch.sharing.voice.phrases import language_of, phrases
from kbsearch.sharing.voice.readability import ProseSentence, Readability, measure, prose_sentences
from kbsearch.text import Sentence

MAX_FINDINGS = 1000
"""So many of one text are told; who has that many has to write it anew."""


class VoiceReport(FrozenModel):
    """
    What readers should not meet in one text, sentence by sentence: advice, never a ban.

    Attributes:
        document_id: Of a document; None for a draft.
        title: Its title; empty for a draft.
        audience: Whose eyes it was read with.
        language: That of the document, or the one it seems to be written in.
        n_sentences: Sentences, items and headings that were read.
        readability: What was measured.
        findings: By where they stand, the first 1,000.
        n_more: How many more there are.
    """

    document_id: str | None
    title: str
    audience: Audience
    language: str
    n_sentences: int
    readability: Readability
    findings: tuple[TextFinding, ...]
    n_more: int = 0


class _Found(NamedTuple):
    """A finding in few bytes: a text of smileys has a third of a million."""

    kind: FindingKind
    sentence: Sentence
    why: str


class Readers(NamedTuple):
    """Whom a text is for, and what is settled about it."""

    audience: Audience
    settings: VoiceSettings
    glossary: Glossary

    def judges(self, kind: VoiceKind) -> bool:
        """Whether this kind of finding is wanted."""
        is_external = self.audience is Audience.EXTERNAL
        return kind in (self.settings.external if is_external else self.settings.internal)

    @property
    def max_grade(self) -> float:
        """Years of school that a text may ask for."""
        is_external = self.audience is Audience.EXTERNAL
        settings = self.settings
        return settings.max_reading_grade if is_external else settings.max_reading_grade_internal


def check_text(
    text: str, readers: Readers, *, text_format: TextFormat = TextFormat.PLAIN
) -> VoiceReport:
    """
    Check a draft.

    Raises:
        MissingExtraError: If a package that this needs is not installed.
    """
    judged = judged_text(text, text_format)
    return _report(judged, readers, language_of(judged.text), None)


def check_document(document: Document, readers: Readers) -> VoiceReport:
    """Check an article, or what agents wrote in a ticket; raises as `check_text`."""
    judged = judged_document(document)
    language = (document.language or language_of(judged.text)).partition("-")[0]
    return _report(judged, readers, language, document)


def _report(
    judged: JudgedText, readers: Readers, language: str, document: Document | None
) -> VoiceReport:
    prose = prose_sentences(judged)
    wants_grade = readers.judges(VoiceKind.READABILITY)
    measured = measure(prose, language) if wants_grade else Readability()
    names = (document.product or "") if document is not None else ""
    found = [
        *_internal_terms(judged, readers),
        *_abbreviations(judged, readers, names),
        *_phrases(judged, readers, language),
        *(_hard_reading(prose, measured, readers) if wants_grade else ()),
    ]
    found.sort(key=lambda one: (one.sentence.start, one.kind.value))
    title = "" if document is None else getattr(document, "title", "")
    return VoiceReport(
        document_id=None if document is None else document.id,
        title=title or (getattr(document, "subject", "") if document is not None else ""),
        audience=readers.audience,
        language=language,
        n_sentences=len(judged.sentences),
        readability=measured,
        findings=tuple(_shown(one) for one in found[:MAX_FINDINGS]),
        n_more=max(0, len(found) - MAX_FINDINGS),
    )


def _internal_terms(judged: JudgedText, readers: Readers) -> Iterator[_Found]:
    """In code and quotations too: an internal name is one wherever it stands."""
    if not readers.judges(VoiceKind.INTERNAL_TERM):
        return
    said = set()
    for term in readers.glossary.find(judged.text):
        sentence = _sentence_at(judged, term.start)
        if (term.term, sentence.start) not in said:
            said.add((term.term, sentence.start))
            instead = f"; write {term.instead!r} instead" if term.instead else "; say it without"
            why = f"{term.term!r} is a word for staff{instead}."
            yield _Found(FindingKind.INTERNAL_TERM, sentence, why)


def _abbreviations(judged: JudgedText, readers: Readers, names: str) -> Iterator[_Found]:
    if not readers.judges(VoiceKind.ABBREVIATION):
        return
    reported = readers.glossary.terms if readers.judges(VoiceKind.INTERNAL_TERM) else ()
    known = (*readers.settings.known_abbreviations, *reported)
    for one in unexplained(judged, known=known, names=names):
        used = "" if one.n == 1 else f" It is used {one.n} times."
        why = f"{one.text!r} is not explained; write it out where it stands first.{used}"
        yield _finding(FindingKind.ABBREVIATION, judged, one.start, why)


def _phrases(judged: JudgedText, readers: Readers, language: str) -> Iterator[_Found]:
    for phrase in phrases(judged.text, language):
        is_blame = phrase.kind is FindingKind.BLAME
        is_left_alone = judged.is_quoted if is_blame else judged.is_set_apart
        is_wanted = readers.judges(VoiceKind(phrase.kind.value))
        if is_wanted and not is_left_alone(phrase.start, phrase.end):
            shown = " ".join(phrase.text.split())
            yield _finding(phrase.kind, judged, phrase.start, f"{shown!r}: {phrase.why}.")


def _hard_reading(
    prose: list[ProseSentence], measured: Readability, readers: Readers
) -> Iterator[_Found]:
    limit = readers.settings.max_sentence_words
    for sentence, words in prose:
        if len(words) > limit:
            why = f"It has {len(words)} words; more than {limit} are hard to follow."
            yield _Found(FindingKind.READABILITY, sentence, why)
    if measured.grade is not None and measured.grade > readers.max_grade:
        longest = max(prose, key=lambda each: len(each.words))
        why = (
            f"The text asks for {measured.grade:g} years of school, its readers should need "
            f"{readers.max_grade:g} at most; this is its longest sentence."
        )
        yield _Found(FindingKind.READABILITY, longest.sentence, why)


def _finding(kind: FindingKind, judged: JudgedText, start: int, why: str) -> _Found:
    return _Found(kind, _sentence_at(judged, start), why)


def _shown(found: _Found) -> TextFinding:
    text, start, end = found.sentence
    return TextFinding(kind=found.kind, sentence=text, start=start, end=end, why=found.why)


def _sentence_at(judged: JudgedText, place: int) -> Sentence:
    after = bisect_right(judged.sentences, place, key=lambda sentence: sentence.start)
    return judged.sentences[max(0, after - 1)]
