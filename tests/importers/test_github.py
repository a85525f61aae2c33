"""GitHub: repositories that are public, duplicates, bots and pull requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.building import Imported
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.importers.vendors.github import GitHubImporter
from kbsearch.models import AuthorRole, Ticket, TicketStatus
from tests.importers.contract import SAMPLES, ImporterContract

FULL = SAMPLES / "github/full/export"
GH = SAMPLES / "github/gh/export.json"


class TestGitHub(ImporterContract):
    """The contract of importers, for GitHub."""

    importer = GitHubImporter
    cases: ClassVar[dict[str, dict[str, str]]] = {"full": {}, "gh": {}}
    markers = ("private", "visibility", "isMinimized")


def issues(path: Path, **options: str) -> dict[str, Ticket]:
    given = {name.replace("_", "-"): value for name, value in options.items()}
    found = {}
    for item in GitHubImporter(given).read(path):
        if isinstance(item, Imported):
            assert isinstance(item.document, Ticket)
            found[item.document.id.removeprefix("github:")] = item.document
    return found


def written(tmp_path: Path, *comments: str) -> Path:
    rows = [{"id": n, "body": body} for n, body in enumerate(comments)]
    issue = {"number": 7, "title": "t", "url": "https://github.com/o/r/issues/7", "comments": rows}
    path = tmp_path / "issues.json"
    path.write_text(json.dumps([issue]), encoding="utf-8")
    return path


def test_issues_of_a_public_repository_are_for_everybody() -> None:
    """The whole conversation and its title stand on the external shelf."""
    issue = issues(FULL)["lantern/parser#12"]

    face = issue.public_face()

    assert face is not None
    assert face.subject == "Parser fails on `\\u0000`"
    assert [message.id for message in face.messages] == ["issue", "9001", "9002", "9004"]
    assert face.public_resolution is not None
    assert face.public_resolution.text == "Fixed in 4.3: strip NUL before parsing."


@pytest.mark.parametrize(
    "number", ["lantern/vault#12", "lantern/lost#1", "lantern/vault#3", "lantern/new#5"]
)
def test_issues_of_private_and_unknown_repositories_are_for_nobody_else(number: str) -> None:
    """Private, not in the export, private in one of two places, neither true nor false."""
    issue = issues(FULL)[number]

    assert not issue.published
    assert issue.public_subject is None
    assert not any(message.public for message in issue.messages)


def test_the_option_tells_what_the_export_does_not() -> None:
    """An export of one repository seldom says whether it is public; a private one stays so."""
    found = issues(FULL, repository_visibility="public")

    assert found["lantern/lost#1"].published
    assert not found["lantern/vault#12"].published


def test_the_option_can_close_a_public_repository() -> None:
    """One internal marker outweighs every public one."""
    found = issues(FULL, repository_visibility="private")

    assert not any(issue.published for issue in found.values())


def test_another_value_of_the_option_is_refused() -> None:
    """A misspelt visibility must not fall back to one in silence."""
    with pytest.raises(ConfigError, match="must be public or private"):
        issues(FULL, repository_visibility="Public")


def test_pull_requests_bots_and_spam_are_left_out_with_their_comments() -> None:
    """They are skipped by name; no comment of theirs is reported as lost."""
    items = list(GitHubImporter().read(FULL))

    skipped = {item.reason for item in items if isinstance(item, Skipped)}
    lost = [str(i.place) for i in items if isinstance(i, ImportProblem) and "belongs" in i.reason]

    assert skipped == {"it is a pull request", "a bot wrote it", "it is locked as spam"}
    assert lost == ["comments.jsonl:9", "comments.jsonl:10"]


def test_spam_is_left_out_and_what_was_minimized_is_private() -> None:
    """A minimized comment is folded away for a reason that a person gave."""
    messages = issues(GH)["lantern/docs#31"].messages

    assert [(m.id, m.public) for m in messages] == [
        ("issue", True),
        ("IC_1", True),
        ("IC_3", False),
    ]


def test_numbers_are_given_once_per_repository() -> None:
    """Issue 12 of one repository is not issue 12 of another."""
    found = issues(FULL)

    assert found["lantern/parser#12"].subject != found["lantern/vault#12"].subject


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Duplicate of #5", "github:o/r#5"),
        ("Thanks!\r\n  duplicate of   #5.", "github:o/r#5"),
        ("Duplicate of other/repo#5", "github:other/repo#5"),
        ("Duplicate of https://github.com/other/repo/issues/5", "github:other/repo#5"),
        ("This is no duplicate of #5", None),
        ("Duplicate of that other one", None),
        ("> Is it a duplicate of #5?", None),
    ],
)
def test_a_line_that_begins_with_duplicate_of_is_a_link(
    tmp_path: Path, comment: str, expected: str | None
) -> None:
    """GitHub reads it so; a question or a denial in a sentence is none."""
    issue = issues(written(tmp_path, comment))["o/r#7"]

    assert issue.duplicate_ids == ((expected,) if expected else ())


def test_a_hostile_comment_is_searched_in_linear_time(tmp_path: Path) -> None:
    """A megabyte that nearly matches again and again; quadratic time would take minutes."""
    hostile = "duplicate of " + "a" * 500_000 + "/" + "b." * 250_000

    issue = issues(written(tmp_path, hostile))["o/r#7"]

    assert issue.duplicate_ids == ()


def test_members_answer_and_whoever_asks_is_a_customer() -> None:
    """An owner may ask, too: the body of an issue is a question."""
    found = issues(FULL)

    asked, answered = found["lantern/vault#12"].messages

    assert asked.author_role is AuthorRole.CUSTOMER
    assert answered.author_role is AuthorRole.AGENT


def test_only_what_was_completed_is_resolved() -> None:
    """A duplicate, a refusal and an old issue without a reason are closed."""
    found = issues(FULL) | issues(GH)

    assert found["lantern/parser#12"].status is TicketStatus.RESOLVED
    assert found["lantern/parser#15"].status is TicketStatus.CLOSED
    assert found["lantern/lost#1"].status is TicketStatus.CLOSED
    assert found["lantern/docs#31"].status is TicketStatus.RESOLVED
    assert found["lantern/handbook#33"].status is TicketStatus.CLOSED


def test_comments_of_a_table_may_name_the_number_of_their_issue(tmp_path: Path) -> None:
    """Exports of one repository often hold `issue_number` instead of an address."""
    rows = [{"id": 1, "issue_number": 7, "body": "Hello."}]
    (tmp_path / "issues.json").write_text(json.dumps([{"number": 7, "title": "t"}]))
    (tmp_path / "comments.json").write_text(json.dumps(rows))

    found = issues(tmp_path)

    assert [message.text for message in found["7"].messages] == ["Hello."]
