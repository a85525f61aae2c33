"""GitHub: issues and their comments, which are public where the repository is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, TicketDraft
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.reading.source import Group, Source
from kbsearch.importers.shared.parts import hiding_marker
from kbsearch.importers.shared.people import People
from kbsearch.importers.shared.rows import index_rows
from kbsearch.models import Audience, AuthorRole, Person, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict, decide, marker_from

_COMMENTS = ("issue_comments", "comments")
_PARENTS = ("issue_url", "issue_number", "issue")
"""What a comment of a table may name its issue by; one without any stands within its issue."""

_UNMARKED = Marker(level="repository", field="private", value="missing", verdict=Verdict.UNKNOWN)
_STEPS_OF_ISSUE = 3  # of an address that ends in owner/name/issues/12
_STAFF = ("OWNER", "MEMBER", "COLLABORATOR")
_ABUSIVE = ("spam", "abuse")
_VISIBILITIES = {
    "public": Verdict.PUBLIC,
    "private": Verdict.INTERNAL,
    "internal": Verdict.INTERNAL,
}

# GitHub takes it as a link where a line begins with it: a mention is no verdict
_DUPLICATE = re.compile(
    r"^[ \t]*+duplicate of[ \t]++(?:https://[^\s/]++/)?+"
    r"([\w.-]++/[\w.-]++)?+(?:#|/issues/)(\d{1,20})",
    re.IGNORECASE | re.MULTILINE,
)


class GitHubImporter(Importer):
    """
    Reads issues; everybody may read those of a public repository.

    A repository is public if the export says so, or the option, and neither
    says otherwise. Pull requests, and what bots and spammers wrote, are left out.
    """

    name = "github"
    title = "GitHub Issues"
    reads = (
        "issues as the REST API or `gh issue list --json` writes them, with comments in them or "
        "in a table comments (by issue_url or issue_number); repositories"
    )
    verified = (
        "fields of the REST API: openapi-github; fields of gh: its manual; that GitHub links "
        "“Duplicate of #n” at the start of a line: general knowledge"
    )
    signs: ClassVar[Mapping[str, frozenset[str]]] = {
        "issues": frozenset({"author_association", "repository_url", "comments_url"}),
        "comments": frozenset({"author_association", "issue_url", "node_id"}),
    }
    OPTIONS = (
        Option(
            "repository-visibility",
            "`public` or `private`, where the export does not tell; both must say public",
        ),
    )

    def _read(self, source: Source) -> Iterator[ImportItem]:
        stated = self._stated_visibility()
        problems: list[ImportProblem] = []
        repositories = index_rows(
            source.table("repositories", "repository"),
            lambda row: row,
            problems=problems,
            by="full_name",
        )
        yield from problems
        key = _parent_key(source)
        comments = source.group(*_COMMENTS, by=key) if key else None
        yield from comments.problems if comments is not None else ()
        yield from self._each(
            source.table("issues", "issue", main=True),
            lambda row: self._issue(row, comments, [*_of_repository(row, repositories), *stated]),
        )
        yield from comments.unclaimed() if comments is not None else ()

    def _stated_visibility(self) -> list[Marker]:
        """What the option says, if it is given."""
        name = self.OPTIONS[0].name
        chosen = self.options[name]
        if not chosen:
            return []
        if chosen not in _VISIBILITIES:
            raise ConfigError(f"The option {name!r} is {chosen!r}; it must be public or private.")
        return [marker_from("repository", f"option {name}", chosen, says=_VISIBILITIES)]

    def _issue(
        self, row: Fields, table: Group | None, markers: Sequence[Marker]
    ) -> Imported | Skipped:
        number, repository = row.identifier("number"), _repository_of(row)
        comments = [*_nested(row), *_apart(row, table)]
        if reason := _reason_to_skip(row):
            return Skipped(row.place, reason, self._id(repository, number))
        markers = markers or [_UNMARKED]
        draft = TicketDraft(row.place, markers=markers, publication=markers)
        kept = [row, *(comment for comment in comments if not _is_noise(comment))]
        for part in kept:
            _add(draft, part, is_issue=part is row)
        reason_closed = row.text("state_reason", "stateReason").lower()
        title = row.text("title")
        is_public = decide(markers).audience is Audience.EXTERNAL
        return draft.build(
            id=self._id(repository, number),
            subject=title,
            public_subject=title if is_public else None,
            status=_status(row, reason_closed),
            tags=_labels(row),
            duplicate_ids=self._duplicates(kept[1:], repository),
            n_reopenings=1 if reason_closed == "reopened" else None,  # at least once
            people=_people(kept),
            created_at=row.time("created_at", "createdAt"),
            updated_at=row.time("updated_at", "updatedAt"),
            resolved_at=row.time("closed_at", "closedAt"),
        )

    def _id(self, repository: str, number: str) -> str:
        """Numbers are given once per repository: `github:octo/parser#12`."""
        return self.ticket_id(f"{repository}#{number}" if repository else number)

    def _duplicates(self, comments: Iterable[Fields], repository: str) -> tuple[str, ...]:
        found = (match for c in comments for match in _DUPLICATE.finditer(c.text("body")))
        return tuple(dict.fromkeys(self._id(match[1] or repository, match[2]) for match in found))


def _parent_key(source: Source) -> str | None:
    """By which field the comments of a table name their issue; None without such a table."""
    for row in source.table(*_COMMENTS):
        if isinstance(row, Fields):
            for key in _PARENTS:
                if row.raw(key) is not None:
                    return key
    return None


def _nested(row: Fields) -> Iterator[Fields]:
    """Comments within an issue; the REST API has their number there instead."""
    return row.children("comments") if isinstance(row.raw("comments"), list) else iter(())


def _apart(row: Fields, table: Group | None) -> list[Fields]:
    keys = (row.text("url"), row.text("html_url"), row.text("number"))
    return [comment for key in keys if key and table is not None for comment in table.of(key)]


def _repository_of(row: Fields) -> str:
    """`owner/name`, from the repository or else from an address; blank if neither tells."""
    if name := _repository(row).text("full_name", "nameWithOwner"):
        return name
    for address in (row.text("url"), row.text("html_url")):
        steps = address.split("/")
        if len(steps) > _STEPS_OF_ISSUE and steps[-2] in ("issues", "pull"):
            return "/".join(steps[-4:-2])
    return "/".join(row.text("repository_url").split("/")[-2:])


def _repository(row: Fields) -> Fields:
    nested = isinstance(row.raw("repository"), Mapping)
    return row.child("repository") if nested else Fields(row.place, {})


def _of_repository(row: Fields, repositories: Mapping[str, Fields]) -> Iterator[Marker]:
    """What the export says of an issue's repository, in each place where it does."""
    named = repositories.get(_repository_of(row))
    for part in (row, _repository(row), *([named] if named else [])):
        if "private" in part:
            yield part.flag_marker("repository", "private", public=False)
        if "visibility" in part:
            yield part.marker("repository", "visibility", _VISIBILITIES)


def _reason_to_skip(row: Fields) -> str | None:
    is_pull_request = row.raw("pull_request") not in (None, False)
    if is_pull_request or "/pull/" in row.text("html_url", "url"):
        return "it is a pull request"
    if row.text("active_lock_reason", "activeLockReason").lower() == "spam":
        return "it is locked as spam"
    return "a bot wrote it" if _is_bot(row) else None


def _is_noise(comment: Fields) -> bool:
    return _is_bot(comment) or comment.text("minimizedReason").lower() in _ABUSIVE


def _is_bot(row: Fields) -> bool:
    author = _author(row)
    is_app = author.text("type") == "Bot" or author.text("login").endswith("[bot]")
    return is_app or author.flag("is_bot") is True


def _author(row: Fields) -> Fields:
    """A user as an object, or as an address in archives of migrations; empty for a deleted one."""
    value = row.raw("user", "author")
    if isinstance(value, str):
        return Fields(row.place, {"login": value.rsplit("/", 1)[-1]})
    return row.child("user", "author")


def _add(draft: TicketDraft, part: Fields, *, is_issue: bool) -> None:
    association = part.text("author_association", "authorAssociation")
    is_staff = association in _STAFF and not is_issue  # who asks is a customer here
    is_marked = part.raw("isMinimized") is not None
    draft.add(
        part.text("body"),
        id="issue" if is_issue else part.text("id") or None,
        author_role=AuthorRole.AGENT if is_staff else AuthorRole.CUSTOMER,
        format=TextFormat.MARKDOWN,
        created_at=part.time("created_at", "createdAt"),
        markers=[hiding_marker(part, "comment", "isMinimized")] if is_marked else [],
    )


def _status(row: Fields, reason_closed: str) -> TicketStatus:
    if row.text("state").lower() != "closed":
        return TicketStatus.OPEN
    return TicketStatus.RESOLVED if reason_closed == "completed" else TicketStatus.CLOSED


def _labels(row: Fields) -> tuple[str, ...]:
    labels = row.raw("labels")
    if isinstance(labels, list) and all(isinstance(label, Mapping) for label in labels):
        names = (label.text("name") for label in row.children("labels"))
        return tuple(dict.fromkeys(name for name in names if name.strip()))
    return row.texts("labels")


def _people(parts: Iterable[Fields]) -> tuple[Person, ...]:
    people = People()
    for part in parts:
        author = _author(part)
        people.add(id=author.text("login"), name=author.text("name"), email=author.text("email"))
    return people.found
