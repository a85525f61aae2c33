"""Discourse: topics with their posts, as its API or its tables give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from kbsearch.importers.base import Importer, ImportItem
from kbsearch.importers.building import Imported, TicketDraft
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.languages import language_code
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import Row, in_time, index_rows, rows_within, spread
from kbsearch.models import AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.models.ticket import Resolution
from kbsearch.visibility import Marker, Verdict

_ARCHETYPES = {
    "regular": Verdict.PUBLIC,
    "banner": Verdict.PUBLIC,
    "private_message": Verdict.INTERNAL,
}
_POST_TYPES = {"1": Verdict.PUBLIC, "4": Verdict.INTERNAL}  # 4: a whisper among staff
_MACHINE_MADE = ("2", "3")  # what moderators and Discourse did
_LISTED = {
    **dict.fromkeys(("true", "t", "1"), Verdict.PUBLIC),
    **dict.fromkeys(("false", "f", "0"), Verdict.HIDDEN),
}
_HIDES = ("hidden", "user_deleted")
_TOPIC_LINK = re.compile(r"/t/(?:[^/\s]{1,300}/)?(\d{1,18})")


class _User(NamedTuple):
    person: Person
    username: str
    is_staff: bool


class _Lookups(NamedTuple):
    """What topics refer to."""

    categories: dict[str, Fields]
    users: dict[str, _User]
    solutions: dict[str, str]  # topic → post that solved it
    posts: Group


class DiscourseImporter(Importer):
    """
    Reads topics of a forum as tickets.

    A topic is published if it is no private message, is listed, and its
    category and all above it can be read by everybody. Whispers stay with the
    staff; hidden and deleted posts are left out.
    """

    name = "discourse"
    title = "Discourse"
    reads = (
        "tables topics with post_stream, or topics and posts; categories, users, "
        "topic_custom_fields, discourse_solved_solved_topics"
    )
    verified = (
        "types of posts, archetypes, restricted categories, visible, closed and deleted topics, "
        "links: Discourse's source; accepted answers, lists of the API: general knowledge"
    )
    signs: ClassVar = {
        "topics": frozenset({"post_stream", "archetype", "category_id", "posts_count"}),
        "posts": frozenset({"post_number", "post_type", "cooked", "topic_id"}),
    }

    def _read(self, source: Source) -> Iterator[ImportItem]:
        problems: list[ImportProblem] = []
        lookups = _Lookups(
            categories=index_rows(
                spread(source.table("categories"), _categories), _itself, problems=problems
            ),
            users=index_rows(source.table("users"), _user, problems=problems),
            solutions=_solutions(source, problems),
            posts=source.group("posts", by="topic_id"),
        )
        yield from (*problems, *lookups.posts.problems)
        yield from self._each(
            spread(source.table("topics", "topic", main=True), _topics),
            lambda row: self._ticket(row, lookups),
        )
        yield from lookups.posts.unclaimed()

    def _ticket(self, row: Fields, lookups: _Lookups) -> Imported | Skipped:
        number, stream = row.identifier("id"), row.child("post_stream")
        given = in_time((*stream.children("posts"), *lookups.posts.of(number)), "created_at")
        if row.raw("deleted_at") is not None:
            return Skipped(row.place, "it is deleted", self.ticket_id(number))
        markers = _topic_markers(row, lookups.categories)
        draft = TicketDraft(row.place, markers=markers, publication=markers)
        posts = [post for post in given if not _is_left_out(post)]
        for post in posts:
            _add(draft, post, lookups.users)
        resolution = _accepted(draft, row, posts, solution=lookups.solutions.get(number, ""))
        is_open = all(marker.verdict is Verdict.PUBLIC for marker in markers)
        made = draft.build(
            id=self.ticket_id(number),
            subject=row.text("title"),
            public_subject=row.text("title") if is_open else None,
            status=_status(row, resolution),
            resolution=resolution,
            tags=_tags(row),
            language=language_code(row.text("locale")),
            people=_people(posts, lookups.users),
            related_ids=self._linked(row),
            created_at=row.time("created_at"),
            updated_at=row.time("last_posted_at", "updated_at"),
        )
        return _with_warning(made, n_given=len(given), stream=stream.raw("stream"))

    def _linked(self, row: Fields) -> tuple[str, ...]:
        """Topics of this forum that its posts link to."""
        links = row.child("details").children("links")
        urls = (link.text("url") for link in links if link.flag("internal"))
        found = (_TOPIC_LINK.search(url) for url in urls)
        return tuple(dict.fromkeys(self.ticket_id(match[1]) for match in found if match))


def _topics(row: Fields) -> Iterator[Row]:
    """The row itself, or those of a list of the API."""
    if "topic_list" in row:
        return rows_within(row.child("topic_list"), "topics")
    return iter([row])


def _categories(row: Fields) -> Iterator[Row]:
    """The row itself, or those of a list of the API, with those below it."""
    if "category_list" in row:
        yield from spread(rows_within(row.child("category_list"), "categories"), _categories)
    else:
        yield row
        yield from rows_within(row, "subcategory_list")


def _topic_markers(row: Fields, categories: dict[str, Fields]) -> list[Marker]:
    markers = [row.marker("topic", "archetype", _ARCHETYPES)]
    if row.raw("visible") is not None:
        markers.append(row.marker("topic", "visible", _LISTED))
    seen: set[str] = set()
    key = row.text("category_id")
    while key not in seen:
        seen.add(key)
        category = categories.get(key, Fields(row.place, {}))
        level = f"category {key}".strip()
        markers.append(category.flag_marker(level, "read_restricted", public=False))
        key = category.text("parent_category_id") or key
    return markers


def _is_left_out(post: Fields) -> bool:
    is_gone = post.raw("deleted_at") is not None or any(post.flag(name) for name in _HIDES)
    return is_gone or post.text("post_type") in _MACHINE_MADE


def _post_markers(post: Fields) -> list[Marker]:
    given = [name for name in _HIDES if post.raw(name) is not None]
    return [
        post.marker("post", "post_type", _POST_TYPES),
        *(post.flag_marker("post", name, public=False) for name in given),
    ]


def _text(post: Fields) -> tuple[str, TextFormat]:
    """As it was written, if the export has it; else as it is shown."""
    raw = post.text("raw")
    return (raw, TextFormat.MARKDOWN) if raw.strip() else (post.text("cooked"), TextFormat.HTML)


def _add(draft: TicketDraft, post: Fields, users: dict[str, _User]) -> None:
    text, text_format = _text(post)
    draft.add(
        text,
        author_role=_role(post, users),
        markers=_post_markers(post),
        id=post.identifier("id"),
        format=text_format,
        created_at=post.time("created_at"),
    )


def _role(post: Fields, users: dict[str, _User]) -> AuthorRole:
    user_id = post.text("user_id")
    if user_id.startswith("-"):  # the users that Discourse comes with
        return AuthorRole.BOT
    user = users.get(user_id)
    is_staff = any(post.flag(name) for name in ("staff", "moderator", "admin"))
    return AuthorRole.AGENT if is_staff or (user and user.is_staff) else AuthorRole.CUSTOMER


def _accepted(
    draft: TicketDraft, row: Fields, posts: Iterable[Fields], *, solution: str
) -> Resolution | None:
    """The answer that was accepted, if its post is kept."""
    number = row.child("accepted_answer").text("post_number")
    for post in posts:
        is_named = number != "" and post.text("post_number") == number
        if is_named or post.flag("accepted_answer") or post.text("id") == solution:
            text, text_format = _text(post)
            return draft.resolution(
                text,
                markers=_post_markers(post),
                format=text_format,
                message_id=post.identifier("id"),
            )
    return None


def _solutions(source: Source, problems: list[ImportProblem]) -> dict[str, str]:
    """Where the plugin for solutions keeps them, of old and now."""

    def if_solution(row: Fields) -> list[Row]:
        return [row] if row.text("name") == "accepted_answer_post_id" else []

    of_old = index_rows(
        spread(source.table("topic_custom_fields"), if_solution),
        lambda row: row.text("value"),
        problems=problems,
        by="topic_id",
    )
    return of_old | index_rows(
        source.table("discourse_solved_solved_topics"),
        lambda row: row.text("answer_post_id"),
        problems=problems,
        by="topic_id",
    )


def _status(row: Fields, resolution: Resolution | None) -> TicketStatus:
    if resolution is not None:
        return TicketStatus.RESOLVED
    is_closed = row.flag("closed") or row.flag("archived")
    return TicketStatus.CLOSED if is_closed else TicketStatus.OPEN


def _tags(row: Fields) -> tuple[str, ...]:
    """Names, or objects with names."""
    tags = row.raw("tags")
    if isinstance(tags, list) and any(isinstance(tag, dict) for tag in tags):
        return tuple(tag.text("name") for tag in row.children("tags"))
    return row.texts("tags")


def _people(posts: Iterable[Fields], users: dict[str, _User]) -> tuple[Person, ...]:
    """Authors with their names and the names that they are mentioned by."""
    people = People()
    for post in posts:
        user = users.get(post.text("user_id"))
        username = user.username if user else post.text("username")
        if user:
            people.add_person(user.person)
        else:
            people.add(id=post.text("user_id"), name=post.text("name") or username)
        people.add(name=username)
    return people.found


def _with_warning(made: Imported, *, n_given: int, stream: object) -> Imported:
    """The API gives the first twenty posts and the numbers of all."""
    if not isinstance(stream, list) or len(stream) <= n_given:
        return made
    warning = f"the export holds {n_given} of its {len(stream)} posts"
    return made._replace(warnings=(*made.warnings, warning))


def _user(row: Fields) -> _User:
    name = row.text("name", "username")
    person = Person(id=row.text("id"), name=name or None, email=row.text("email") or None)
    is_staff = any(row.flag(name) for name in ("admin", "moderator", "staff"))
    return _User(person, row.text("username"), is_staff)


def _itself(row: Fields) -> Fields:
    return row
