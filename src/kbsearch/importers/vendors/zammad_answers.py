"""Answers of Zammad's knowledge base: their parts, from tables or from assets of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, RecordError
from kbsearch.importers.reading.source import Source
from kbsearch.importers.shared.rows import Row, index_rows, spread
from kbsearch.models import ArticleStatus
from kbsearch.visibility import Marker, Verdict

_ANSWERS = ("knowledge_base_answers", "answers", "knowledge_base")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # an earlier date is a flag or a default


class _Parts(NamedTuple):
    """What answers are put together from, by ids."""

    translations_of: Callable[[str], list[Fields]]
    contents_of: Callable[[str], list[Fields]]
    locales: Mapping[str, str]  # kb_locale_id → en-us
    categories: Mapping[str, str]  # category_id → knowledge_base_id
    knowledge_bases: Mapping[str, Fields]


def is_bundle(row: Fields) -> bool:
    """Whether this is a reply of the API with assets, whatever its file is called."""
    return "assets" in row or "KnowledgeBaseAnswer" in row


def answer_rows(source: Source, bundles: Iterable[Fields]) -> Iterator[Row]:
    """
    One row for each translation, then one for the internal note, of every answer.

    A translation gets `body`, `locale`, `answer` and, if the export has it,
    `knowledge_base`; a note is its answer with the first `title` and `locale`.

    Args:
        source: The export, with tables of answers or replies in files called after them.
        bundles: Replies that were found elsewhere.
    """
    problems: list[ImportProblem] = []
    languages = index_rows(
        source.table("locales"), lambda row: row.text("locale"), problems=problems
    )
    translations = source.group("knowledge_base_answer_translations", by="answer_id")
    contents = source.group("knowledge_base_answer_translation_contents", by="id")
    parts = _Parts(
        translations_of=translations.of,
        contents_of=contents.of,
        locales=_locales(source.table("knowledge_base_locales"), languages, problems),
        categories=_categories(source.table("knowledge_base_categories"), problems),
        knowledge_bases=index_rows(source.table("knowledge_bases"), _itself, problems=problems),
    )
    yield from (*problems, *translations.problems, *contents.problems)

    def into(row: Fields) -> Iterator[Row]:
        return _rows_of_assets(row, languages) if is_bundle(row) else _rows_of_answer(row, parts)

    yield from spread(bundles, into)
    yield from spread(source.table(*_ANSWERS), into)
    yield from translations.unclaimed()
    yield from contents.unclaimed()


def published_markers(row: Fields) -> list[Marker]:
    """
    Of a translation as `answer_rows` gives it.

    Dates may lie in the future: they are kept with the article and compared
    when somebody searches. Permissions of categories part staff from staff;
    what is published can be read by everybody.
    """
    answer = row.child("answer")
    published_at = answer.time("published_at")
    if published_at is not None:
        is_date = published_at >= _EARLIEST
        verdict = Verdict.PUBLIC if is_date else Verdict.UNKNOWN
    else:
        verdict = Verdict.HIDDEN if answer.time("internal_at") is None else Verdict.INTERNAL
    shown = "missing" if published_at is None else published_at.isoformat()
    markers = [Marker(level="answer", field="published_at", value=shown, verdict=verdict)]
    if "knowledge_base" in row:
        markers.append(row.child("knowledge_base").flag_marker("base", "active", public=True))
    return markers


def answer_status(answer: Fields) -> ArticleStatus:
    """A draft has no date at all; whether an archiving is past, the clock will say."""
    if answer.time("published_at") or answer.time("internal_at"):
        return ArticleStatus.PUBLISHED
    return ArticleStatus.ARCHIVED if answer.time("archived_at") else ArticleStatus.DRAFT


def _rows_of_assets(row: Fields, languages: Mapping[str, str]) -> Iterator[Row]:
    """Of one reply of the API: `{"assets": {"KnowledgeBaseAnswer": {"1": {…}}, …}}`."""
    assets = row.child("assets") if "assets" in row else row
    problems: list[ImportProblem] = []

    def table(name: str) -> Iterator[Row]:
        return _assets(assets.child(name))

    translations: dict[str, list[Fields]] = {}
    for each in table("KnowledgeBaseAnswerTranslation"):
        if isinstance(each, ImportProblem):
            problems.append(each)
        else:
            translations.setdefault(each.text("answer_id"), []).append(each)
    contents = index_rows(
        table("KnowledgeBaseAnswerTranslationContent"), lambda row: [row], problems=problems
    )
    parts = _Parts(
        translations_of=lambda key: translations.get(key, []),
        contents_of=lambda key: contents.get(key, []),
        locales=_locales(table("KnowledgeBaseLocale"), languages, problems),
        categories=_categories(table("KnowledgeBaseCategory"), problems),
        knowledge_bases=index_rows(table("KnowledgeBase"), _itself, problems=problems),
    )
    yield from problems
    yield from spread(table("KnowledgeBaseAnswer"), lambda row: _rows_of_answer(row, parts))


def _rows_of_answer(answer: Fields, parts: _Parts) -> Iterator[Row]:
    number = answer.identifier("id")
    translations = [*answer.children("translations"), *parts.translations_of(number)]
    for row in translations:
        values = dict(row.values) | {
            "body": _body(row, parts),
            "locale": parts.locales.get(row.text("kb_locale_id"), ""),
            "answer": answer.values,
        }
        if parts.knowledge_bases:
            base = parts.categories.get(answer.text("category_id"), "")
            found = parts.knowledge_bases.get(base)
            values["knowledge_base"] = found.values if found else {}
        yield Fields(row.place, values)
    if answer.text("internal_note").strip():
        first = translations[0] if translations else Fields(answer.place, {})
        locale = parts.locales.get(first.text("kb_locale_id"), "")
        named = {"title": first.text("title"), "locale": locale, "translation_id": first.raw("id")}
        yield Fields(answer.place, {**answer.values, **named})


def _body(row: Fields, parts: _Parts) -> str:
    contents = parts.contents_of(row.text("content_id"))
    return (contents[0] if contents else row.child("content")).text("body")


def _assets(table: Fields) -> Iterator[Row]:
    """The rows of `{"1": {…}, "2": {…}}`."""
    for key in table.values:
        try:
            yield table.child(key)
        except RecordError as error:
            yield ImportProblem(error.place, error.reason)


def _locales(
    rows: Iterator[Row], languages: Mapping[str, str], problems: list[ImportProblem]
) -> dict[str, str]:
    def code(row: Fields) -> str:
        return row.text("locale") or languages.get(row.text("system_locale_id"), "")

    return index_rows(rows, code, problems=problems)


def _categories(rows: Iterator[Row], problems: list[ImportProblem]) -> dict[str, str]:
    return index_rows(rows, lambda row: row.text("knowledge_base_id"), problems=problems)


def _itself(row: Fields) -> Fields:
    return row
