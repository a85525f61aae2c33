"""Adding and changing documents: what the report says, and where each document stands then."""

from __future__ import annotations

import pytest

from kbsearch import ArticleStatus, Audience, AuthorRole, KnowledgeBase, Message, TextFormat
from kbsearch.models import Document
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL


def shelves_of(kb: KnowledgeBase, document_id: str) -> list[str]:
    """Names of the shelves on which a document is found, by a search that fits all."""
    return [
        stats.shelf
        for stats in kb.stats(INTERNAL)
        if (stats.n_articles, stats.n_tickets) != (0, 0)
        and any(
            hit.id == document_id and hit.shelf == stats.shelf
            for audience in Audience
            for hit in kb.searcher(audience).search("printer")
        )
    ]


class TestTheReport:
    """Every document that was sent is in one place of it."""

    def test_names_what_was_added_changed_and_unchanged(self, desk: KnowledgeBase) -> None:
        """What an import prints at its end."""
        first = [article(n, f"printer {n} is jammed", INTERNAL) for n in ("1", "2")]
        changed = article("2", "printer 2 is on fire", INTERNAL)
        desk.upsert(first)

        report = desk.upsert([first[0], changed, ticket("3", "printer 3 is offline")])

        assert report.added == ("desk:3",)
        assert report.changed == ("kb:2",)
        assert report.unchanged == ("kb:1",)
        assert (report.rejected, report.withdrawn, report.held_back) == ((), (), {})
        assert report.n_embedded == 4  # a text and a title each
        assert str(report) == "1 added, 1 changed, 1 unchanged, 0 rejected"

    def test_of_nothing_is_empty(self, desk: KnowledgeBase) -> None:
        """An import that found nothing new."""
        report = desk.upsert([])

        assert str(report) == "0 added, 0 changed, 0 unchanged, 0 rejected"
        assert desk.searcher(INTERNAL).count() == 0

    def test_takes_any_iterable_once(self, desk: KnowledgeBase) -> None:
        """Importers yield documents; a list of millions need not be made."""
        report = desk.upsert(ticket(str(n), f"printer {n} is jammed") for n in range(3))

        assert report.added == ("desk:0", "desk:1", "desk:2")

    def test_names_what_was_withdrawn_and_held_back(self, desk: KnowledgeBase) -> None:
        """The two lists that somebody must look at."""
        desk.upsert([article("1", "printer is jammed", EXTERNAL)])

        report = desk.upsert(
            [
                article("1", "printer is jammed", EXTERNAL, status=ArticleStatus.ARCHIVED),
                article("2", "printer is offline", EXTERNAL, status=ArticleStatus.DRAFT),
            ]
        )

        assert report.changed == report.withdrawn == ("kb:1",)
        assert report.added == ("kb:2",)
        assert report.held_back == {
            "kb:1": "its status is archived, not published",
            "kb:2": "its status is draft, not published",
        }
        assert str(report).endswith("1 withdrawn from customers, 2 held back from customers")

    def test_counts_a_ticket_of_two_shelves_once(self, desk: KnowledgeBase) -> None:
        """One ticket, whatever faces of it are kept."""
        report = desk.upsert([ticket("1", "printer is jammed", published=True)])

        assert report.added == ("desk:1",)
        assert report.n_embedded == 3  # customers' face has no subject


class TestADuplicateIdInOneBatch:
    """Which of two contents holds is not guessed."""

    def test_with_different_content_is_rejected_at_every_occurrence(
        self, desk: KnowledgeBase
    ) -> None:
        """The first or the last one would each be right in some feed, and wrong in another."""
        jammed, offline = (
            article("1", f"printer is {how}", EXTERNAL) for how in ("jammed", "offline")
        )

        report = desk.upsert([jammed, ticket("2", "printer smells"), offline, jammed])

        assert [(r.position, r.document_id) for r in report.rejected] == [
            (0, "kb:1"),
            (2, "kb:1"),
            (3, "kb:1"),
        ]
        assert "more than once, with different content" in report.rejected[0].reason
        assert report.added == ("desk:2",)
        assert shelves_of(desk, "kb:1") == []

    def test_with_different_content_leaves_what_stood_there(self, desk: KnowledgeBase) -> None:
        """A bad feed takes nothing away."""
        desk.upsert([article("1", "printer is jammed", EXTERNAL)])

        desk.upsert([article("1", f"printer is {how}", EXTERNAL) for how in ("hot", "offline")])

        (hit,) = desk.searcher(EXTERNAL).search("printer")
        assert hit.title == "printer is jammed"

    def test_of_a_ticket_and_an_article_is_rejected(self, desk: KnowledgeBase) -> None:
        """Ids are one space: two sources were given one name."""
        page = article("1", "printer is jammed", INTERNAL).model_copy(update={"id": "desk:1"})

        report = desk.upsert([page, ticket("1", "printer is jammed")])

        assert [r.position for r in report.rejected] == [0, 1]

    def test_with_the_same_content_is_folded(self, desk: KnowledgeBase) -> None:
        """A feed that repeats a page is common, and harmless."""
        report = desk.upsert([article("1", "printer is jammed", EXTERNAL) for _ in range(3)])

        assert (report.added, report.rejected) == (("kb:1",), ())
        assert report.n_embedded == 2  # its text and its title


class TestWhatCannotBeIndexed:
    """It is named with its place in the batch; the others are taken."""

    def test_a_text_that_is_too_long_is_rejected_and_the_rest_is_taken(
        self, desk: KnowledgeBase
    ) -> None:
        """One runaway log must not stop a night's import."""
        report = desk.upsert(
            [
                ticket("1", "printer is jammed"),
                article("2", "log " * 250_001, INTERNAL, title="printer log"),
                ticket("3", "printer is offline"),
            ]
        )

        (rejection,) = report.rejected
        assert (rejection.position, rejection.document_id) == (1, "kb:2")
        assert rejection.reason == (
            "it has 1000015 characters; at most 1000000 are indexed. Split it."
        )
        assert report.added == ("desk:1", "desk:3")

    def test_a_text_of_just_the_longest_size_is_taken(self, desk: KnowledgeBase) -> None:
        """The limit itself is allowed."""
        body = ("printer " * 125_000)[: 1_000_000 - len("log")]

        report = desk.upsert([article("1", body, INTERNAL, title="log")])

        assert report.added == ("kb:1",)

    @pytest.mark.parametrize("body", ["<script>alert('printer')</script>", "<br><!-- printer -->"])
    def test_markup_that_leaves_no_text_is_rejected(self, desk: KnowledgeBase, body: str) -> None:
        """Nothing could ever find it."""
        report = desk.upsert([article("1", body, EXTERNAL, title="", format=TextFormat.HTML)])

        assert [r.reason for r in report.rejected] == [
            "no text is left of it once its markup is read."
        ]
        assert report.added == ()

    def test_a_title_alone_is_enough(self, desk: KnowledgeBase) -> None:
        """An article that is a picture is found by what it is called."""
        report = desk.upsert(
            [article("1", "<img src=x>", EXTERNAL, title="printer", format=TextFormat.HTML)]
        )

        assert report.added == ("kb:1",)
        assert shelves_of(desk, "kb:1") == ["external"]

    def test_a_change_that_is_rejected_leaves_what_stood_there(self, desk: KnowledgeBase) -> None:
        """Yesterday's text is better than none."""
        desk.upsert([article("1", "printer is jammed", EXTERNAL)])

        report = desk.upsert([article("1", "log " * 250_001, EXTERNAL)])

        assert len(report.rejected) == 1
        assert shelves_of(desk, "kb:1") == ["external"]

    @pytest.mark.parametrize("kind", ["article", "ticket"])
    def test_a_withdrawal_acts_even_if_the_new_text_is_rejected(
        self, desk: KnowledgeBase, kind: str
    ) -> None:
        """Whoever takes a document from customers has a reason that cannot wait."""
        too_long = "log " * 250_001
        before: dict[str, Document] = {
            "article": article("1", "printer is jammed", EXTERNAL),
            "ticket": ticket("1", "printer is jammed", published=True),
        }
        after: dict[str, Document] = {
            "article": article("1", too_long, INTERNAL),
            "ticket": ticket("1", too_long, published=False),
        }
        desk.upsert([before[kind]])

        report = desk.upsert([after[kind]])

        assert len(report.rejected) == 1
        assert report.withdrawn == (before[kind].id,)
        assert desk.searcher(EXTERNAL).search("printer").hits == ()

    @pytest.mark.parametrize(
        "public",
        [
            Message(author_role=AuthorRole.BOT, text="We received your mail.", public=True),
            agent_says("<img src='cid:1'>", public=True, format=TextFormat.HTML),
        ],
        ids=["written by a bot", "a picture without a description"],
    )
    def test_a_public_face_without_readable_text_is_held_back_and_agents_find_the_ticket(
        self, desk: KnowledgeBase, public: Message
    ) -> None:
        """There is nothing to show customers, but all of it to show agents."""
        messages = (customer_says("printer is jammed", public=False), public)

        report = desk.upsert([ticket("1", "printer", messages=messages, published=True)])

        assert (report.added, report.rejected) == (("desk:1",), ())
        assert list(report.held_back) == ["desk:1"]
        assert shelves_of(desk, "desk:1") == ["internal"]


class TestTheShelfOfADocument:
    """Where its audience says, and nowhere else."""

    def test_an_article_that_moves_is_on_exactly_one_shelf_each_time(
        self, desk: KnowledgeBase
    ) -> None:
        """Internal, then external, then internal again."""
        seen = []

        for audience in (INTERNAL, EXTERNAL, INTERNAL):
            report = desk.upsert([article("1", "printer is jammed", audience)])
            seen.append((shelves_of(desk, "kb:1"), report.added + report.changed, report.withdrawn))

        assert seen == [
            (["internal"], ("kb:1",), ()),
            (["external"], ("kb:1",), ()),
            (["internal"], ("kb:1",), ("kb:1",)),
        ]

    def test_an_article_that_moves_out_of_a_snapshot_is_on_one_shelf(
        self, desk: KnowledgeBase
    ) -> None:
        """The old shelf's snapshot still holds its row."""
        desk.upsert([article("1", "printer is jammed", EXTERNAL)])
        desk.rebuild()

        desk.upsert([article("1", "printer is jammed", INTERNAL)])

        assert shelves_of(desk, "kb:1") == ["internal"]

    @pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.ARCHIVED])
    def test_an_external_article_that_is_not_published_is_kept_for_agents(
        self, desk: KnowledgeBase, status: ArticleStatus
    ) -> None:
        """A draft for customers is staff's text until somebody publishes it."""
        report = desk.upsert([article("1", "printer is jammed", EXTERNAL, status=status)])

        assert report.held_back == {"kb:1": f"its status is {status.value}, not published"}
        assert [s.n_articles for s in desk.stats(INTERNAL)] == [1, 0]

    def test_a_ticket_that_is_published_later_is_on_both_shelves(self, desk: KnowledgeBase) -> None:
        """Agents keep the whole one; customers get its public face."""
        desk.upsert([resolved_ticket("1", "printer is jammed", "open tray two")])

        report = desk.upsert(
            [resolved_ticket("1", "printer is jammed", "open tray two", published=True)]
        )

        assert (report.changed, report.withdrawn, report.held_back) == (("desk:1",), (), {})
        assert shelves_of(desk, "desk:1") == ["internal", "external"]

    def test_a_ticket_that_is_published_no_more_is_withdrawn(self, desk: KnowledgeBase) -> None:
        """The next customer's search does not have it."""
        customers = desk.searcher(EXTERNAL)
        desk.upsert([ticket("1", "printer is jammed", published=True)])
        before = [hit.id for hit in customers.search("printer")]

        report = desk.upsert([ticket("1", "printer is jammed")])

        assert (report.changed, report.withdrawn) == (("desk:1",), ("desk:1",))
        assert (before, customers.search("printer").hits) == (["desk:1"], ())

    def test_a_published_ticket_without_public_text_is_held_back(self, desk: KnowledgeBase) -> None:
        """A tick in the wrong box publishes nothing."""
        silent = (customer_says("printer is jammed", public=False),)

        report = desk.upsert([ticket("1", "printer", messages=silent, published=True)])

        assert report.held_back == {"desk:1": "it is published, but no public message has text"}
        assert shelves_of(desk, "desk:1") == ["internal"]
