"""Freshservice: tickets, problems and solution articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from kbsearch.importers.base import ImportItem
from kbsearch.importers.building import Imported, TicketDraft
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import Skipped
from kbsearch.importers.reading.source import Source
from kbsearch.importers.vendors.fresh import FreshImporter
from kbsearch.models import AuthorRole, TextFormat, TicketStatus
from kbsearch.visibility import Marker, Verdict

_KNOWN_ERROR = "known error"
_PROBLEM_CLOSED = "3"
_ANALYSIS = ("problem_cause", "problem_symptom", "problem_impact")
_AGENTS_ONLY = Marker(level="problem", field="table", value="problems", verdict=Verdict.INTERNAL)


class FreshserviceImporter(FreshImporter):
    """
    Reads tickets, problems and solution articles of Freshservice.

    Problems and resolution notes are for agents only, whatever surrounds them.
    """

    name = "freshservice"
    title = "Freshservice"
    reads = (
        "tickets with conversations in them or in a table conversations; problems; requesters; "
        "agents; solution_articles; solution_folders; solution_categories"
    )
    verified = (
        "fields, statuses, sources and visibility codes, resolution_notes: constants and types of "
        "pango; problems: FreshservicePS; analysis_fields and what related_tickets and problem "
        "hold within a ticket: general knowledge. Freshservice has no field for duplicates"
    )
    signs: ClassVar[Mapping[str, frozenset[str]]] = {
        "tickets": frozenset({"sub_category", "item_category", "department_id", "workspace_id"}),
        "problems": frozenset({"known_error", "analysis_fields"}),
        "solution_articles": frozenset({"article_type", "approval_status", "keywords"}),
        "solution_folders": frozenset({"requester_group_ids", "manage_by_group_ids"}),
    }
    asks: ClassVar[Mapping[str, AuthorRole]] = {
        "1": AuthorRole.CUSTOMER,  # email
        "2": AuthorRole.CUSTOMER,  # portal
        "3": AuthorRole.CUSTOMER,  # phone: an agent wrote it down for the asker
        "4": AuthorRole.CUSTOMER,  # chat
        "5": AuthorRole.CUSTOMER,  # feedback widget
        "6": AuthorRole.CUSTOMER,  # Yammer
        "7": AuthorRole.SYSTEM,  # AWS CloudWatch
        "8": AuthorRole.SYSTEM,  # PagerDuty
        "9": AuthorRole.CUSTOMER,  # walk-up
        "10": AuthorRole.CUSTOMER,  # Slack
    }
    conversation_sources: ClassVar[Mapping[str, Verdict]] = {
        "0": Verdict.PUBLIC,  # email
        "1": Verdict.PUBLIC,  # form
        "2": Verdict.PUBLIC,  # note: `private` tells which
        "3": Verdict.INTERNAL,  # status
        "4": Verdict.INTERNAL,  # meta
        "5": Verdict.PUBLIC,  # feedback
        "6": Verdict.INTERNAL,  # forwarded: it went to somebody else
    }
    restricted = ("3", "4", "5", "6")  # agents, departments, agent groups, requester groups

    def _read(self, source: Source) -> Iterator[ImportItem]:
        yield from super()._read(source)
        yield from self._each(source.table("problems"), self._problem)

    def _links(self, row: Fields) -> dict[str, tuple[str, ...]]:
        related = row.child("related_tickets")
        children = (child.text("id") for child in related.children("child"))
        problem = row.child("problem").text("id")
        return {
            "problem_ids": self._ids([f"problem-{problem}"] if problem else []),
            "related_ids": self._ids([related.child("parent").text("id"), *children]),
        }

    def _problem(self, row: Fields) -> Imported | Skipped:
        """A problem, kept like a ticket: incidents name it in their `problem_ids`."""
        problem_id = self.ticket_id(f"problem-{row.identifier('id')}")
        if row.flag("deleted"):
            return Skipped(row.place, "it is deleted", problem_id)
        draft = TicketDraft(row.place)
        analysis = row.child("analysis_fields")
        texts = {"description": row.text("description")}
        texts |= {field: analysis.child(field).text("description") for field in _ANALYSIS}
        for field, text in texts.items():
            draft.add(
                text,
                id=field,
                author_role=AuthorRole.AGENT,
                format=TextFormat.HTML,
                markers=[_AGENTS_ONLY],
            )
        is_closed = row.text("status") == _PROBLEM_CLOSED
        return draft.build(
            id=problem_id,
            subject=row.text("subject"),
            status=TicketStatus.CLOSED if is_closed else TicketStatus.OPEN,
            product=row.text("category") or None,
            tags=(_KNOWN_ERROR,) if row.flag("known_error") else (),
            created_at=row.time("created_at"),
            updated_at=row.time("updated_at"),
        )
