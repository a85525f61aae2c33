"""What fixed similar tickets: groups, records and orders worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from kbsearch import ArticleStatus, Audience, TicketStatus
from kbsearch.models import Satisfaction
from kbsearch.search.cases import Case, Told
from kbsearch.search.fixes import find_fixes
from kbsearch.search.outdated import Outdated, outdated_articles
from tests.builders import article, ticket

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
NOTHING = Outdated()
WAYS = {"restart": 0, "update": 1, "cable": 2}
"""Words that fixes are told with, each a direction of its own."""


def days_ago(n: int) -> datetime:
    return NOW - timedelta(days=n)


def case(
    number: str, text: str, *, score: float = 1.0, shelf: str = "internal", **more: Any
) -> Case:
    """A resolved ticket that tells a fix; its vector is that of the first word of `WAYS`."""
    vector = np.zeros(3, dtype=np.float32)
    vector[next(way for word, way in WAYS.items() if word in text.casefold())] = 1.0
    public = more.pop("public", True)
    more.setdefault("status", TicketStatus.RESOLVED)
    told = Told(text, public, f"{number}#2", vector, frozenset(text.casefold().split()))
    return Case(ticket(number, "vpn", **more), shelf, score, told)


class TestGroups:
    """One fix is one group, however it is worded."""

    def test_paraphrases_go_together_and_other_fixes_do_not(self) -> None:
        """By hand: cosine 1 and one word of two in common, .65 + .35 / 2; else 0."""
        fixes = find_fixes(
            [case("1", "restart it"), case("2", "restart now"), case("3", "new cable")],
            NOTHING,
            NOW,
        )

        assert [fix.ticket_ids for fix in fixes] == [("desk:1", "desk:2"), ("desk:3",)]

    def test_a_link_to_the_same_article_is_the_same_fix(self) -> None:
        """Whatever words it comes with."""
        fixes = find_fixes(
            [
                case("1", "restart it", article_ids=("kb:1",)),
                case("2", "new cable", article_ids=("kb:2", "kb:1")),
            ],
            NOTHING,
            NOW,
        )

        assert [fix.ticket_ids for fix in fixes] == [("desk:1", "desk:2")]
        assert fixes[0].article_ids == ("kb:1", "kb:2")

    def test_no_cases_have_no_fix(self) -> None:
        """Nothing to group."""
        assert find_fixes([], NOTHING, NOW) == ()

    def test_one_case_is_a_fix_of_its_own(self) -> None:
        """By hand: one success of one shows .5."""
        (fix,) = find_fixes([case("1", "Restart it", resolved_at=days_ago(12))], NOTHING, NOW)

        assert (fix.text, fix.ticket_id, fix.message_id) == ("Restart it", "desk:1", "1#2")
        assert (fix.n_worked, fix.n_tried, fix.n_reopened) == (1, 1, 0)
        assert fix.evidence == pytest.approx(0.5)
        assert fix.summary == "worked in 1 of 1 ticket, last 12 days ago"


class TestTheRecord:
    """Worked is: resolved, and not reopened, followed up or rated bad."""

    @pytest.mark.parametrize(
        ("what", "n_worked", "n_reopened"),
        [
            ({}, 1, 0),
            ({"n_reopenings": 0, "satisfaction": Satisfaction.GOOD}, 1, 0),
            ({"n_reopenings": 2}, 0, 1),
            ({"followup_ids": ("desk:9",)}, 0, 0),
            ({"satisfaction": Satisfaction.BAD}, 0, 0),
            ({"status": TicketStatus.OPEN, "n_reopenings": 1}, 0, 1),
        ],
    )
    def test_counts_what_is_known(
        self, what: dict[str, Any], n_worked: int, n_reopened: int
    ) -> None:
        """One ticket each."""
        (fix,) = find_fixes([case("1", "restart it", **what)], NOTHING, NOW)

        assert (fix.n_worked, fix.n_tried, fix.n_reopened) == (n_worked, 1, n_reopened)

    @pytest.mark.parametrize("n_reopenings", [None, 0, 1])
    @pytest.mark.parametrize("satisfaction", [None, *Satisfaction])
    @pytest.mark.parametrize("followup_ids", [(), ("desk:9",)])
    def test_a_resolved_ticket_has_worked_unless_its_outcome_is_bad(
        self,
        n_reopenings: int | None,
        satisfaction: Satisfaction | None,
        followup_ids: tuple[str, ...],
    ) -> None:
        """One notion for the record of a fix and for the ranking's prior."""
        told: dict[str, Any] = {"satisfaction": satisfaction, "followup_ids": followup_ids}
        one = case("1", "restart it", n_reopenings=n_reopenings, **told)
        is_bad = n_reopenings == 1 or satisfaction is Satisfaction.BAD or followup_ids != ()

        assert one.ticket.has_bad_outcome is is_bad
        assert one.has_worked is not is_bad

    def test_of_many_is_told_in_a_line(self) -> None:
        """Fourteen held; one was reopened, one rated bad, and the newest that held counts."""
        held = [case(str(n), "restart it", resolved_at=days_ago(12 + n)) for n in range(14)]
        failed = [
            case("20", "restart it", n_reopenings=3, resolved_at=days_ago(1)),
            case("21", "restart it", satisfaction=Satisfaction.BAD, resolved_at=days_ago(2)),
        ]

        (fix,) = find_fixes([*held, *failed], NOTHING, NOW)

        assert fix.summary == "worked in 14 of 16 tickets, last 12 days ago, reopened once"
        assert fix.last_at == days_ago(12)
        assert fix.evidence == pytest.approx(0.769752, abs=1e-6)

    def test_of_what_never_held_has_no_evidence_and_no_date(self) -> None:
        """It is shown all the same: so it is not tried again."""
        cases = [case(str(n), "restart it", n_reopenings=1) for n in range(2)]

        (fix,) = find_fixes(cases, NOTHING, NOW)

        assert (fix.evidence, fix.last_at) == (0.0, None)
        assert fix.summary == "worked in 0 of 2 tickets, reopened twice"

    def test_of_public_faces_claims_nothing_that_they_do_not_tell(self) -> None:
        """Customers know that a ticket is resolved, not whether it was reopened."""
        cases = [case(str(n), "restart it", shelf="external") for n in range(2)]

        (fix,) = find_fixes(cases, NOTHING, NOW)

        assert (fix.n_tried, fix.n_worked, fix.n_reopened) == (2, None, None)
        assert fix.summary == "told in 2 resolved tickets"

    @pytest.mark.parametrize(
        ("days", "told"),
        [
            (0, "today"),
            (1, "yesterday"),
            (59, "59 days ago"),
            (60, "2 months ago"),
            (729, "24 months ago"),
            (730, "2 years ago"),
        ],
    )
    def test_tells_how_long_ago(self, days: int, told: str) -> None:
        """In a unit that is worth reading."""
        (fix,) = find_fixes([case("1", "restart", resolved_at=days_ago(days))], NOTHING, NOW)

        assert fix.summary == f"worked in 1 of 1 ticket, last {told}"


class TestTheOrder:
    """What is best shown to work, for what is most alike, comes first."""

    def test_many_successes_go_before_one(self) -> None:
        """By hand: .75 for three of three, .5 for one."""
        cases = [case("1", "new cable"), *(case(f"2{n}", "restart it") for n in range(3))]

        fixes = find_fixes(cases, NOTHING, NOW)

        assert [fix.ticket_id for fix in fixes] == ["desk:20", "desk:1"]
        assert [fix.evidence for fix in fixes] == pytest.approx([0.75, 0.5])

    def test_what_is_half_as_alike_counts_a_sixteenth(self) -> None:
        """By hand: two cases of weight .5⁴ show .125 / 1.125, the one that is alike .5."""
        cases = [case("1", "new cable"), *(case(f"2{n}", "restart", score=0.5) for n in range(2))]

        fixes = find_fixes(cases, NOTHING, NOW)

        assert [fix.ticket_id for fix in fixes] == ["desk:1", "desk:20"]
        assert fixes[1].evidence == pytest.approx(0.125 / 1.125)

    def test_of_equal_evidence_the_newest_goes_first(self) -> None:
        """And of equally old ones the one with the smaller id."""
        cases = [
            case("3", "update it", resolved_at=days_ago(9)),
            case("2", "restart it", resolved_at=days_ago(9)),
            case("1", "new cable", resolved_at=days_ago(3)),
        ]

        fixes = find_fixes(cases, NOTHING, NOW)

        assert [fix.ticket_id for fix in fixes] == ["desk:1", "desk:2", "desk:3"]


class TestTheTextThatIsShown:
    """One ticket's own words, never made up."""

    def test_is_of_a_ticket_in_which_it_worked(self) -> None:
        """Even if the other one is more alike."""
        cases = [case("1", "restart it", n_reopenings=1), case("2", "restart it", score=0.8)]

        (fix,) = find_fixes(cases, NOTHING, NOW)

        assert fix.ticket_id == "desk:2"

    def test_holds_the_words_that_the_group_shares(self) -> None:
        """By hand: the second is more central (its words stand in both others) and complete."""
        cases = [
            case("1", "restart"),
            case("2", "restart the gateway"),
            case("3", "restart the gateway"),
        ]

        (fix,) = find_fixes(cases, NOTHING, NOW)

        assert (fix.ticket_id, fix.text) == ("desk:2", "restart the gateway")

    def test_is_the_newest_of_equals(self) -> None:
        """Word for word the same; the record leads to the ticket of last week."""
        cases = [
            case("1", "restart it", resolved_at=days_ago(400)),
            case("2", "restart it", resolved_at=days_ago(7), public=False),
        ]

        (fix,) = find_fixes(cases, NOTHING, NOW)

        assert (fix.ticket_id, fix.message_id, fix.public) == ("desk:2", "2#2", False)


class TestOutdatedFixes:
    """Marked, and after all others."""

    def test_a_fix_by_an_archived_or_expired_article_has_expired(self) -> None:
        """Its steps may not hold any more."""
        old = article("old", "Restart", Audience.INTERNAL, status=ArticleStatus.ARCHIVED)
        late = article("late", "Update", Audience.EXTERNAL, valid_until=days_ago(1))
        good = article("good", "Cable", Audience.EXTERNAL)
        cases = [
            case("1", "restart it", article_ids=("kb:old",)),
            case("2", "update it", article_ids=("kb:late",)),
            case("3", "new cable", article_ids=("kb:good",), score=0.5),
        ]

        fixes = find_fixes(cases, outdated_articles([old, late, good], [], NOW), NOW)

        assert [(fix.ticket_id, fix.is_expired) for fix in fixes] == [
            ("desk:3", False),
            ("desk:1", True),
            ("desk:2", True),
        ]
        assert fixes[1].summary == "worked in 1 of 1 ticket, its article has expired"

    def test_a_fix_by_a_superseded_article_names_the_newer_one(self) -> None:
        """So the reader is one step from what holds now."""
        old = article("old", "Restart", Audience.EXTERNAL)
        new = article("new", "Update", Audience.EXTERNAL, supersedes=("kb:old",))
        cases = [case("1", "restart it", article_ids=("kb:old",))]

        (fix,) = find_fixes(cases, outdated_articles([old], [new], NOW), NOW)

        assert fix.superseded_by == "kb:new"
        assert fix.summary == "worked in 1 of 1 ticket, superseded by kb:new"

    def test_a_draft_supersedes_nothing(self) -> None:
        """Nobody has approved it yet."""
        old = article("old", "Restart", Audience.EXTERNAL)
        new = article(
            "new", "Update", Audience.INTERNAL, supersedes=("kb:old",), status=ArticleStatus.DRAFT
        )
        cases = [case("1", "restart it", article_ids=("kb:old",))]

        (fix,) = find_fixes(cases, outdated_articles([old], [new], NOW), NOW)

        assert fix.superseded_by is None

    def test_one_article_that_still_holds_is_enough(self) -> None:
        """And an id that leads nowhere says nothing."""
        old = article("old", "Restart", Audience.INTERNAL, status=ArticleStatus.ARCHIVED)
        good = article("good", "Restart", Audience.EXTERNAL)
        known = outdated_articles([old, good], [], NOW)

        (fix,) = find_fixes(
            [case("1", "restart it", article_ids=("kb:old", "kb:good", "kb:gone"))], known, NOW
        )

        assert not fix.is_expired

    def test_a_newer_fix_for_the_same_product_supersedes_an_older_one(self) -> None:
        """It came after the last use of the other one, and has worked twice."""
        older = [case(f"1{n}", "restart it", product="VPN", resolved_at=days_ago(90)) for n in "ab"]
        newer = [
            case("20", "update it", product="VPN", resolved_at=days_ago(5)),
            case("21", "update it", product="VPN", resolved_at=days_ago(3)),
        ]

        fixes = find_fixes([*older, *newer], NOTHING, NOW)

        assert [(fix.ticket_id, fix.superseded_by) for fix in fixes] == [
            ("desk:21", None),
            ("desk:1a", "desk:21"),
        ]

    @pytest.mark.parametrize(
        ("n_newer", "product", "days"), [(1, "VPN", 5), (2, "Mail", 5), (2, "VPN", 100)]
    )
    def test_not_by_a_single_success_nor_of_another_product_nor_at_the_same_time(
        self, n_newer: int, product: str, days: int
    ) -> None:
        """Two fixes for two causes are no progress."""
        older = [case("1", "restart it", product="VPN", resolved_at=days_ago(90))]
        newer = [
            case(f"2{n}", "update it", product=product, resolved_at=days_ago(days))
            for n in range(n_newer)
        ]

        fixes = find_fixes([*older, *newer], NOTHING, NOW)

        assert {fix.superseded_by for fix in fixes} == {None}
