"""Helpy: topics with their posts, and docs; as CSV or JSON tables or a PostgreSQL dump."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft, make_article
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.parts import linked_ids
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Row, in_time, index_rows, json_texts, spread
from kbsearch.models import ArticleStatus, AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict

_TOPIC_KINDS = {"ticket": Verdict.PUBLIC, "internal": Verdict.INTERNAL}
_POST_KINDS = {"first": Verdict.PUBLIC, "reply": Verdict.PUBLIC, "note": Verdict.INTERNAL}
_VISIBILITIES = {"all": Verdict.PUBLIC, "public": Verdict.PUBLIC, "internal": Verdict.INTERNAL}
_STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "pending": TicketStatus.PENDING,
    "closed": TicketStatus.CLOSED,
}
_STATUS_SAYS = dict.fromkeys(_STATUSES, Verdict.PUBLIC)
_LAST_PRIVATE_FORUM = 2  # 1 takes tickets, 2 is the trash
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_MERGED = "MERGED: "
_SYSTEM_CATEGORIES = ("Common Replies", "Email templates")
_AGENT_ROLES = ("admin", "agent", "editor")
_DOC_LINK = re.compile(r"/knowledgebase/[^/\s\"'<>()]{1,300}/docs/(\d{1,18})")
_TAG = re.compile(
    r"<(?:p|br|div|span|a|ul|ol|li|strong|em|b|i|pre|code|blockquote|img|table|h[1-6])\b", re.I
)


class _User(NamedTuple):
    person: Person
    is_agent: bool


class _Lookups(NamedTuple):
    """What topics and docs refer to by id; `articles` are those made of a doc."""

    users: dict[str, _User]
    forums: dict[str, Fields]
    categories: dict[str, Fields]
    system_categories: set[str]
    articles: dict[str, list[str]]
    posts: Group
    translations: Group


class HelpyImporter(Importer):
    """
    Reads topics and docs.

    A topic is published if it stands in an open forum and is not private; of
    its posts those that are active and no notes. A doc is public if it is
    active and so are its category and all above, and each is for `all` or for
    the `public` alone. `post_cache` and `raw_email` are never read.
    """

    name = "helpy"
    title = "Helpy"
    reads = (
        "tables topics, posts, docs, doc_translations, categories, category_translations, "
        "forums, users: CSV, JSON, or a dump of PostgreSQL"
    )
    verified = (
        "columns, kinds of posts, forums, states, visibility of categories, merging, system "
        "categories, dates of CSV files: Helpy's source; addresses of docs, points as votes: "
        "general knowledge"
    )
    signs: ClassVar = {
        "topics": frozenset({"post_cache", "waiting_on", "cheatsheet", "current_status"}),
        "posts": frozenset({"raw_email", "topic_id", "kind", "points"}),
        "docs": frozenset({"cheatsheet", "title_tag", "allow_comments"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        lookups = _lookups(source, problems)
        yield from (*problems, *lookups.posts.problems, *lookups.translations.problems)
        docs = spread(source.table("docs"), lambda row: _in_languages(row, lookups.translations))
        yield from self._each(docs, lambda row: self._article(row, lookups))
        yield from self._each(
            source.table("topics", main=True), lambda row: self._ticket(row, lookups)
        )
        yield from lookups.translations.unclaimed()
        yield from lookups.posts.unclaimed()

    def _article(self, row: Fields, lookups: _Lookups) -> Imported:
        number, locale, category = row.identifier("id"), row.text("locale"), row.text("category_id")
        article_id = self.article_id(f"{number}-{locale}" if locale else number)
        is_canned = category in lookups.system_categories
        is_active = row.flag("active") is not False
        points = row.number("points") or 0
        made = make_article(
            row.place,
            markers=[
                row.flag_marker("doc", "active", public=True),
                *_category_markers(row, lookups),
            ],
            id=article_id,
            title=row.text("title"),
            body=row.text("body"),
            format=TextFormat.MARKDOWN,
            status=ArticleStatus.PUBLISHED if is_active or is_canned else ArticleStatus.DRAFT,
            tags=row.texts("keywords"),
            language=language_code(locale),
            n_helpful=points if points > 0 else None,
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )
        lookups.articles.setdefault(number, []).append(article_id)
        return made

    def _ticket(self, row: Fields, lookups: _Lookups) -> Imported | Skipped:
        number, status = row.identifier("id"), row.text("current_status")
        posts = in_time(lookups.posts.of(number), "created_at")
        if status in ("trash", "spam"):
            return Skipped(row.place, f"it is {status}", self.ticket_id(number))
        publication = _publication(row, lookups.forums)
        is_open = all(marker.verdict is Verdict.PUBLIC for marker in publication)
        draft = TicketDraft(row.place, markers=_topic_markers(row), publication=publication)
        for post in posts:
            _add(draft, post, row, lookups.users)
        subject = row.text("name").removeprefix(_MERGED)
        texts = (post.text("body") for post in posts)
        docs = (row.text("doc_id"), *linked_ids(_DOC_LINK, texts))
        articles = (each for doc in docs for each in lookups.articles.get(doc, []))
        return draft.build(
            id=self.ticket_id(number),
            subject=subject,
            public_subject=subject if is_open else None,
            status=_STATUSES.get(status, TicketStatus.OPEN),
            language=language_code(row.text("locale")),
            people=_people(row, posts, lookups.users),
            article_ids=tuple(dict.fromkeys(articles)),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
            resolved_at=row.time("closed_date") if status == "closed" else None,
        )


def _lookups(source: Source, problems: list[ImportProblem]) -> _Lookups:
    categories = index_rows(source.table("categories"), lambda row: row, problems=problems)
    names = index_rows(
        source.table("category_translations"),
        lambda row: (row.text("category_id"), row.text("name")),
        problems=problems,
    )
    named = (*names.values(), *((key, row.raw("name")) for key, row in categories.items()))
    return _Lookups(
        users=index_rows(source.table("users"), _user, problems=problems),
        forums=index_rows(source.table("forums"), lambda row: row, problems=problems),
        categories=categories,
        system_categories={key for key, name in named if name in _SYSTEM_CATEGORIES},
        articles={},
        posts=source.group("posts", by="topic_id"),
        translations=source.group("doc_translations", by="doc_id"),
    )


def _in_languages(row: Fields, translations: Group) -> Iterator[Row]:
    """A doc in each of its languages; what it says without one is older than they are."""
    written = [
        each
        for each in translations.of(row.identifier("id"))
        if (each.text("title") + each.text("body")).strip()
    ]
    for each in written:
        own = {name: each.raw(name) for name in ("title", "body", "keywords", "locale")}
        yield Fields(each.place, {**row.values, **own})
    if not written:
        yield Fields(row.place, {**row.values, "locale": None})


def _category_markers(row: Fields, lookups: _Lookups) -> Iterator[Marker]:
    """Of the category of a doc and of all above it."""
    own = row.text("category_id")
    path = lookups.categories.get(own, Fields(row.place, {})).text("ancestry")
    for key in (own, *(part for part in reversed(path.split("/")) if part)):
        level = f"category {key}"
        category = lookups.categories.get(key, Fields(row.place, {}))
        yield category.marker(level, "visibility", _VISIBILITIES)
        yield category.flag_marker(level, "active", public=True)
        if key in lookups.system_categories:
            yield Marker(level=level, field="name", value="of the system", verdict=Verdict.INTERNAL)


def _topic_markers(row: Fields) -> list[Marker]:
    """Whether the asker may read it."""
    return [
        row.marker("topic", "kind", _TOPIC_KINDS),
        row.marker("topic", "current_status", _STATUS_SAYS),
    ]


def _publication(row: Fields, forums: dict[str, Fields]) -> list[Marker]:
    """Whether everybody may read it; a merged topic holds posts of others, maybe private ones."""
    forum_id = row.text("forum_id")
    forum = forums.get(forum_id, Fields(row.place, {}))
    markers = [
        *_topic_markers(row),
        row.flag_marker("topic", "private", public=False),
        _forum_marker(forum_id),
        forum.flag_marker("forum", "private", public=False),
    ]
    if row.text("name").startswith(_MERGED.strip()):
        markers.append(
            Marker(level="topic", field="name", value="MERGED", verdict=Verdict.INTERNAL)
        )
    return markers


def _forum_marker(forum_id: str) -> Marker:
    """Forums up to the second are private by their numbers, whatever they say."""
    verdict = Verdict.UNKNOWN
    if _NUMBER.fullmatch(forum_id):
        is_private = int(forum_id) <= _LAST_PRIVATE_FORUM
        verdict = Verdict.INTERNAL if is_private else Verdict.PUBLIC
    return Marker(level="topic", field="forum_id", value=forum_id or "missing", verdict=verdict)


def _add(draft: TicketDraft, post: Fields, topic: Fields, users: dict[str, _User]) -> None:
    body, author = post.text("body"), post.text("user_id")
    user = users.get(author)
    is_agent = user.is_agent if user else author != topic.text("user_id")
    # a note of somebody who is no agent was written by Helpy
    other = AuthorRole.SYSTEM if post.text("kind") == "note" else AuthorRole.CUSTOMER
    draft.add(
        body,
        author_role=AuthorRole.AGENT if is_agent else other,
        markers=[
            post.marker("post", "kind", _POST_KINDS),
            post.flag_marker("post", "active", public=True),
        ],
        id=post.identifier("id"),
        format=TextFormat.HTML if _TAG.search(body) else TextFormat.PLAIN,
        created_at=post.time("created_at"),
        attachments=_file_names(post),
    )


def _file_names(post: Fields) -> tuple[str, ...]:
    written = post.raw("attachments")
    if isinstance(written, str) and written.startswith("{"):  # an array of PostgreSQL
        names = (name.strip('"') for name in written.strip("{}").split(","))
        return tuple(name for name in names if name)
    return json_texts(post, "attachments")


def _people(row: Fields, posts: Iterable[Fields], users: dict[str, _User]) -> tuple[Person, ...]:
    people = People()

    def add(user_id: str) -> None:
        user = users.get(user_id)
        people.add_person(user.person if user else None)

    add(row.text("user_id"))
    people.add(name=row.text("user_name"))
    add(row.text("assigned_user_id"))
    for post in posts:
        add(post.text("user_id"))
        people.add_addresses(post.text("cc"))
        people.add_addresses(post.text("bcc"))
    return people.found


def _user(row: Fields) -> _User:
    person = Person(
        id=row.text("id"),
        name=row.text("name") or None,
        email=row.text("email") or None,
        phone=row.text("cell_phone", "work_phone", "home_phone") or None,
    )
    return _User(person, row.text("role") in _AGENT_ROLES or row.flag("admin") is True)
