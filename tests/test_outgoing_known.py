"""What customers can read now is known to them; what they can no longer, or not yet, is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kbsearch import KnowledgeBase
from kbsearch.models import FindingKind
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL
from tests.test_outgoing import COMPLAINT, FUTURE, PUBLIC, SECRET, answered, found

PAST = datetime(2001, 1, 1, tzinfo=UTC)


class TestDates:
    """An article stands on customers' shelf before its day and after it."""

    @pytest.mark.parametrize("folded", [False, True])
    @pytest.mark.parametrize(
        "dates",
        [{"valid_from": FUTURE}, {"valid_until": PAST}],
        ids=["embargoed", "expired"],
    )
    def test_an_article_that_customers_cannot_read_now_is_a_source(
        self, desk: KnowledgeBase, dates: dict[str, datetime], folded: bool
    ) -> None:
        """It stands on their shelf, and a draft tells it before its day. Control: of no dates."""
        hidden = article("p", f"{SECRET} {PUBLIC}", EXTERNAL, **dates)
        near = [article(f"n{n}", f"Printer {n} of the edge servers", EXTERNAL) for n in range(20)]
        desk.upsert([hidden, *near])
        if folded:
            desk.rebuild()

        (finding,) = desk.check_outgoing(f"Hello. {SECRET} See kb:n1.").findings
        named = desk.check_outgoing("Please see kb:p.")
        own = desk.check_outgoing(f"{SECRET} This is kb:p.", draft_of="kb:p")
        desk.upsert([article("p", f"{SECRET} {PUBLIC}", EXTERNAL)])

        assert (finding.kind, finding.source_id) == (FindingKind.COPY, "kb:p")
        assert finding.why == "It is copied from an article that customers cannot read now, kb:p."
        assert found(named) == [(FindingKind.LINK, "kb:p")]
        assert own.is_clear
        assert desk.check_outgoing(f"{SECRET} Please see kb:p.").is_clear

    def test_the_clock_decides_what_customers_can_read(self, desk: KnowledgeBase) -> None:
        """The same draft, before and after the article's day."""
        desk.upsert([article("p", SECRET, EXTERNAL, valid_from=FUTURE)])

        assert not desk.check_outgoing(SECRET).is_clear
        assert desk.check_outgoing(SECRET, clock=lambda: FUTURE).is_clear


class TestPartsOfIt:
    """Of a sentence some words are public, or some tickets are of who asked."""

    @pytest.mark.parametrize(
        ("public", "is_clear"),
        [
            (["Our edge servers"], False),
            (["The reaper skips some."], False),
            (["The reaper on the edge servers skips some."], False),
            (["The reaper on the edge servers skips half-open sessions."], False),
            (["The reaper on the edge servers skips sessions since build 1.18."], True),
            (
                [
                    "The reaper on the edge servers skips some.",
                    "Half-open sessions came since build 1.18.",
                ],
                True,
            ),
        ],
        ids=["two words", "two others", "half", "no build", "most", "both halves"],
    )
    def test_what_customers_know_in_part_is_known_if_hardly_anything_is_new(
        self, desk: KnowledgeBase, public: list[str], is_clear: bool
    ) -> None:
        """A public title of two words must not set free every sentence that holds them."""
        told = [article(f"p{n}", text, EXTERNAL, title="x") for n, text in enumerate(public)]
        desk.upsert([article("s", SECRET, INTERNAL), *told])

        assert desk.check_outgoing(SECRET).is_clear is is_clear

    def test_the_ticket_answered_is_not_another_customers(self, desk: KnowledgeBase) -> None:
        """Helpdesks may give its last message alone; who asked has written the others too."""
        desk.upsert([answered()])
        newest = ticket("7", "It is amber again.")

        assert desk.check_outgoing(f"You wrote: {COMPLAINT}", ticket=newest).is_clear
        assert found(desk.check_outgoing(f"You wrote: {COMPLAINT}")) == [
            (FindingKind.COPY, "desk:7")
        ]
