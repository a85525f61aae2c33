"""Freshdesk: tickets and solution articles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from kbsearch.importers.fields import Fields
from kbsearch.importers.vendors.fresh import FreshImporter
from kbsearch.models import AuthorRole
from kbsearch.visibility import Verdict

_RELATED_TO_TRACKER = "4"  # `association_type`: an incident, its list names the tracker


class FreshdeskImporter(FreshImporter):
    """Reads tickets and solution articles of Freshdesk."""

    name = "freshdesk"
    title = "Freshdesk"
    reads = (
        "tickets with conversations in them or in a table conversations; contacts; agents; "
        "products; satisfaction_ratings; solution_articles; solution_folders; solution_categories"
    )
    verified = (
        "fields, statuses, sources and visibility codes: schemas of Airbyte, constants of pango; "
        "codes of association_type and of ratings, stats.resolved_at: general knowledge"
    )
    signs: ClassVar[Mapping[str, frozenset[str]]] = {
        "tickets": frozenset({"association_type", "company_id", "fr_escalated", "product_id"}),
        "conversations": frozenset({"body_text", "incoming", "source_additional_info"}),
        "solution_articles": frozenset({"seo_data", "hits", "thumbs_up"}),
        "solution_folders": frozenset({"company_segment_ids", "contact_segment_ids"}),
    }
    asks: ClassVar[Mapping[str, AuthorRole]] = {
        "1": AuthorRole.CUSTOMER,  # email
        "2": AuthorRole.CUSTOMER,  # portal
        "3": AuthorRole.CUSTOMER,  # phone: an agent wrote it down for the asker
        "7": AuthorRole.CUSTOMER,  # chat
        "9": AuthorRole.CUSTOMER,  # feedback widget
        "10": AuthorRole.AGENT,  # outbound email
    }
    conversation_sources: ClassVar[Mapping[str, Verdict]] = {
        "0": Verdict.PUBLIC,  # reply
        "2": Verdict.PUBLIC,  # note: `private` tells which
        "5": Verdict.PUBLIC,  # tweet
        "6": Verdict.PUBLIC,  # survey
        "7": Verdict.PUBLIC,  # Facebook
        "8": Verdict.INTERNAL,  # forwarded: it went to somebody else
        "9": Verdict.PUBLIC,  # phone
        "11": Verdict.PUBLIC,  # e-commerce
    }
    restricted = ("3", "4", "5", "6", "7")  # agents, companies, bots, contact, company segments

    def _links(self, row: Fields) -> dict[str, tuple[str, ...]]:
        associated = self._ids(row.texts("associated_tickets_list"))
        parents = self._ids([row.text("parent_id")])
        if row.text("association_type") == _RELATED_TO_TRACKER:
            return {"problem_ids": associated, "related_ids": parents}
        return {"related_ids": parents + associated}
