"""Jira and Jira Service Management: issues as the REST API gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, TicketDraft
from kbsearch.importers.fields import Fields
from kbsearch.importers.reading.source import Source
from kbsearch.importers.shared.adf import adf_to_text
from kbsearch.importers.shared.people import People
from kbsearch.models import AuthorRole, Satisfaction, TicketStatus
from kbsearch.visibility import Marker, Verdict

_DESKS = "service-desk-projects"
_PROJECT_TYPES = {
    "service_desk": Verdict.PUBLIC,
    "software": Verdict.INTERNAL,
    "business": Verdict.INTERNAL,
    "product_discovery": Verdict.INTERNAL,
}
_CATEGORIES = {
    "new": TicketStatus.NEW,
    "indeterminate": TicketStatus.OPEN,
    "done": TicketStatus.CLOSED,
}
_NAMED_STATUSES = {
    "resolved": TicketStatus.RESOLVED,
    "pending": TicketStatus.PENDING,
    "waiting for customer": TicketStatus.PENDING,
}
_PUBLIC_COMMENT = "sd.public.comment"
_ACCOUNT_ROLES = {"customer": AuthorRole.CUSTOMER, "app": AuthorRole.BOT}


class JiraImporter(Importer):
    """
    Reads issues with their comments.

    `jsdPublic` is true by default even where there is no service desk, so nothing is
    public unless the issue's project is said to be one: by its own type, or by the option.
    Files stand with the description if the asker attached them; the others may belong
    to internal comments, and Jira does not say to which.
    """

    name = "jira"
    title = "Jira / Jira Service Management"
    reads = 'issues: {"issues": [...]}, or one issue on each line'
    verified = (
        "comment.jsdPublic and its default, visibility, projectTypeKey, statusCategory, document "
        "format: Atlassian's API documentation; sd.public.comment, names of link types, ratings: "
        "general knowledge"
    )
    signs: ClassVar = {"issues": frozenset({"key", "fields", "self"})}
    OPTIONS = (Option(_DESKS, "keys of the projects that are service desks, as IT,HR"),)

    def _read(self, source: Source) -> Iterator[ImportItem]:
        yield from self._each(source.table("issues", main=True), self._issue)

    def _issue(self, row: Fields) -> Imported:
        key = row.identifier("key")
        fields = row.child("fields")
        comments = list(_comments_of(fields))
        asker = fields.child("reporter" if fields.raw("reporter") else "creator")
        draft = TicketDraft(row.place, markers=self._markers(key, fields))
        draft.add(
            _text(fields, "description"),
            author_role=AuthorRole.CUSTOMER,
            markers=(),
            id="description",
            created_at=fields.time("created"),
            attachments=_attached_by(asker, fields),
        )
        for comment in comments:
            author = comment.child("author")
            draft.add(
                _text(comment, "body"),
                author_role=_role_of(author, asker),
                markers=_comment_markers(comment),
                id=comment.identifier("id"),
                created_at=comment.time("created"),
            )
        people = People()
        for person in (asker, fields.child("creator"), fields.child("assignee")):
            _add_to(people, person)
        for comment in comments:
            _add_to(people, comment.child("author"))
        components = (each.text("name") for each in fields.children("components"))
        return draft.build(
            id=self.ticket_id(key),
            subject=fields.text("summary"),
            status=_status_of(fields),
            tags=(*fields.texts("labels"), *(name for name in components if name.strip())),
            satisfaction=_satisfaction(fields),
            n_reopenings=_n_reopenings(row),
            people=people.found,
            created_at=fields.time("created"),
            updated_at=fields.time("updated"),
            resolved_at=fields.time("resolutiondate"),
            **self._links(fields),
        )

    def _markers(self, key: str, fields: Fields) -> Iterator[Marker]:
        project = fields.child("project")
        project_key = project.text("key") or key.rpartition("-")[0]
        level = f"project {project_key}"
        declared = {name.strip() for name in self.options[_DESKS].split(",")} - {""}
        is_declared = project_key in declared
        if is_declared:
            yield Marker(level=level, field=_DESKS, value=project_key, verdict=Verdict.PUBLIC)
        if "projectTypeKey" in project or not is_declared:
            yield project.marker(level, "projectTypeKey", _PROJECT_TYPES)
        if fields.raw("security") is not None:
            yield Marker(level="issue", field="security", value="set", verdict=Verdict.INTERNAL)

    def _links(self, fields: Fields) -> dict[str, tuple[str, ...]]:
        """Linked issues; the one relative of an issue resolved as a duplicate is its original."""
        duplicates, problems, related = dict[str, None](), dict[str, None](), dict[str, None]()
        for link in fields.children("issuelinks"):
            kind = link.child("type").text("name").casefold()
            inward, outward = link.child("inwardIssue"), link.child("outwardIssue")
            other = self.ticket_id(inward.text("key") or outward.identifier("key"))
            if kind == "duplicate":
                duplicates[other] = None
            elif kind == "problem/incident" and inward.text("key"):  # "is caused by"
                problems[other] = None
            else:
                related[other] = None
        is_duplicate = fields.child("resolution").text("name").casefold() == "duplicate"
        if is_duplicate and not duplicates and len(related) == 1:
            duplicates, related = related, {}
        if parent := fields.child("parent").text("key"):
            related[self.ticket_id(parent)] = None
        return {
            "duplicate_ids": tuple(duplicates),
            "problem_ids": tuple(problems),
            "related_ids": tuple(related),
        }


def _text(row: Fields, name: str) -> str:
    """A text, or a document in Atlassian's format as text."""
    value = row.raw(name)
    return adf_to_text(value) if isinstance(value, Mapping) else row.text(name)


def _comments_of(fields: Fields) -> Iterator[Fields]:
    if isinstance(fields.raw("comment"), list):
        return fields.children("comment")
    return fields.child("comment").children("comments")


def _comment_markers(comment: Fields) -> list[Marker]:
    """Whatever speaks of its visibility counts; if nothing does, that is unknown."""
    found = [
        comment.flag_marker("comment", name, public=True)
        for name in ("jsdPublic", "public")
        if name in comment
    ]
    for entry in comment.children("properties"):
        if entry.text("key") == _PUBLIC_COMMENT:
            marker = entry.child("value").flag_marker("comment", "internal", public=False)
            found.append(marker.model_copy(update={"field": f"{_PUBLIC_COMMENT}.internal"}))
    if comment.raw("visibility") is not None:
        found.append(
            Marker(level="comment", field="visibility", value="set", verdict=Verdict.INTERNAL)
        )
    return found or [comment.marker("comment", "jsdPublic", {})]


def _user_id(user: Fields) -> str:
    return user.text("accountId", "key", "name")


def _role_of(author: Fields, asker: Fields) -> AuthorRole:
    is_asker = _user_id(author) == _user_id(asker) != ""
    account = _ACCOUNT_ROLES.get(author.text("accountType"), AuthorRole.AGENT)
    return AuthorRole.CUSTOMER if is_asker else account


def _add_to(people: People, user: Fields) -> None:
    people.add(id=_user_id(user), name=user.text("displayName"), email=user.text("emailAddress"))


def _attached_by(asker: Fields, fields: Fields) -> list[str]:
    found = [
        each.text("filename")
        for each in fields.children("attachment")
        if _user_id(each.child("author")) == _user_id(asker) != ""
    ]
    return [name for name in found if name]


def _status_of(fields: Fields) -> TicketStatus:
    status = fields.child("status")
    category = status.child("statusCategory").text("key")
    by_category = _CATEGORIES.get(category, TicketStatus.OPEN)
    if not category and fields.raw("resolutiondate") is not None:
        by_category = TicketStatus.CLOSED
    named = _NAMED_STATUSES.get(status.text("name").casefold())
    is_done = by_category is TicketStatus.CLOSED
    return named if named and is_done == (named is TicketStatus.RESOLVED) else by_category


def _satisfaction(fields: Fields) -> Satisfaction | None:
    """The rating of a request, in a field of the site's own: 4 and 5 are good, 1 and 2 bad."""
    values = (v.get("rating") for v in fields.values.values() if isinstance(v, Mapping))
    rating = next((v for v in values if isinstance(v, int) and not isinstance(v, bool)), None)
    if rating is None or rating == 3:
        return None
    return Satisfaction.GOOD if rating > 3 else Satisfaction.BAD


def _n_reopenings(row: Fields) -> int | None:
    """How often a resolution was taken back; None without a changelog."""
    if "changelog" not in row:
        return None
    return sum(
        item.text("field") == "resolution" and item.text("from") != "" and item.text("to") == ""
        for history in row.child("changelog").children("histories")
        for item in history.children("items")
    )
