"""Questions made of a document's own parts."""

from __future__ import annotations

from itertools import permutations

import pytest

from kbsearch import Article, TextFormat, Ticket, TicketStatus
from kbsearch.evaluation import LabelSource
from kbsearch.evaluation.imitating import (
    Imitated,
    imitate,
    imitated_labels,
    sample_imitated,
    without,
)
from kbsearch.models import Document
from kbsearch.text import CleanDocument, Cleaner
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.library import EXTERNAL, INTERNAL

CLEANER = Cleaner()
FIRST = "Open the settings of the adapter and look for power."
LONGEST = "Switch off whatever lets the computer put the adapter to sleep, then start again."
LAST = "If that does not help, call us: we shall look into it together with you, any day."


def guide(**fields: object) -> Article:
    body = "\n\n".join([FIRST, LONGEST, LAST[:60]])
    return article("vpn", body, EXTERNAL, title="Keep the tunnel up", **fields)


def story() -> Ticket:
    return resolved_ticket(
        "1", "The tunnel drops whenever I close the lid", "Keep the adapter awake", subject="Tunnel"
    )


def made(document: Document) -> dict[LabelSource, Imitated]:
    return {one.label.source: one for one in imitate(document, CLEANER, INTERNAL)}


def rest(document: Document, source: LabelSource) -> CleanDocument:
    return without(CLEANER.document(document), made(document)[source].left_out)


class TestTitles:
    """A title is asked; the body must answer."""

    def test_are_asked_and_left_out(self) -> None:
        """What is left holds every word of the body and none of the title."""
        one = made(guide())[LabelSource.TITLE_TO_BODY]

        assert one.question.text == "Keep the tunnel up"
        assert (one.label.document_id, one.label.relevance) == ("kb:vpn", 1)
        left = rest(guide(), LabelSource.TITLE_TO_BODY)
        assert (left.title, left.text) == ("", CLEANER.document(guide()).text)

    def test_of_tickets_are_asked_without_what_mail_puts_before(self) -> None:
        """Nobody would search for "Re:"."""
        mail = ticket("1", "It drops when I close the lid", subject="Re: Fwd: Tunnel is unsteady")

        assert made(mail)[LabelSource.TITLE_TO_BODY].question.text == "Tunnel is unsteady"

    @pytest.mark.parametrize(
        "document",
        [
            article(
                "1", "Whatever you do, Keep THE tunnel up.", INTERNAL, title="Keep the tunnel up"
            ),
            article("1", "Open the settings of the adapter.", INTERNAL, title="VPN"),
            article("1", "", INTERNAL, title="Keep the tunnel up"),
            ticket("1", "It drops when I close the lid", subject=""),
        ],
        ids=["said again in the body", "too short", "no body", "no title"],
    )
    def test_that_would_ask_nothing_are_not_asked(self, document: Document) -> None:
        """A title that the body repeats would still be there, word by word."""
        assert LabelSource.TITLE_TO_BODY not in made(document)


class TestProblems:
    """A problem is asked; replies and resolution must answer."""

    def test_are_asked_and_left_out_with_the_title(self) -> None:
        """What is left is what the agent wrote."""
        one = made(story())[LabelSource.PROBLEM_TO_RESOLUTION]

        assert one.question.text == "Tunnel\nThe tunnel drops whenever I close the lid"
        left = rest(story(), LabelSource.PROBLEM_TO_RESOLUTION)
        assert (left.title, left.text) == ("", "Keep the adapter awake")
        (section,) = left.sections
        assert left.text[section.start : section.end] == "Keep the adapter awake"

    def test_leave_all_out_that_the_asker_wrote(self) -> None:
        """What is said later repeats the problem, as often as not."""
        told = ticket(
            "1",
            "x",
            subject="Tunnel",
            messages=(
                customer_says("The tunnel drops whenever I close the lid"),
                agent_says("Keep the adapter awake", public=True),
                customer_says("It did, the tunnel stays now"),
            ),
            status=TicketStatus.RESOLVED,
        )

        left = rest(told, LabelSource.PROBLEM_TO_RESOLUTION)

        assert left.text == "Keep the adapter awake"

    @pytest.mark.parametrize(
        "document",
        [
            ticket("1", "The tunnel drops whenever I close the lid"),
            resolved_ticket("1", "The tunnel drops whenever I close the lid", "You're welcome!"),
            resolved_ticket("1", "Help", "Keep the adapter awake"),
        ],
        ids=["not resolved", "a courtesy", "too short"],
    )
    def test_that_nothing_answers_are_not_asked(self, document: Document) -> None:
        """Nobody could find a courtesy by the problem before it."""
        assert LabelSource.PROBLEM_TO_RESOLUTION not in made(document)


class TestSections:
    """A section of an article is asked; the rest must answer."""

    def test_are_asked_and_left_out(self) -> None:
        """The longest that leaves as much behind; the title stays."""
        one = made(guide())[LabelSource.SECTION_TO_ARTICLE]

        assert one.question.text == LONGEST
        left = rest(guide(), LabelSource.SECTION_TO_ARTICLE)
        assert left.title == "Keep the tunnel up"
        assert left.text == f"{FIRST}\n\n{LAST[:60]}"
        assert [(s.start, s.end) for s in left.sections] == [(0, len(left.text))]

    def test_of_marked_up_articles_are_read_as_they_are_searched(self) -> None:
        """Offsets are those of the cleaned text."""
        body = f"<p>{FIRST}</p><p>{LONGEST}</p><p>{LAST[:60]}</p>"
        page = article("1", body, EXTERNAL, title="Tunnel", format=TextFormat.HTML)

        assert made(page)[LabelSource.SECTION_TO_ARTICLE].question.text == LONGEST
        assert LONGEST not in rest(page, LabelSource.SECTION_TO_ARTICLE).text

    def test_that_are_long_are_asked_in_part_and_left_out_whole(self) -> None:
        """Nobody types a page; its end would still answer the beginning."""
        long = "word " * 150
        page = article("1", f"{long.strip()}\n\n{'other ' * 200}", INTERNAL, title="Tunnel")

        one = made(page)[LabelSource.SECTION_TO_ARTICLE]

        assert one.question.text is not None
        assert 490 < len(one.question.text) <= 500
        assert "word" not in rest(page, LabelSource.SECTION_TO_ARTICLE).text

    def test_are_not_made_of_an_article_in_one_piece(self) -> None:
        """Nothing would be left to answer."""
        assert LabelSource.SECTION_TO_ARTICLE not in made(article("1", LONGEST, INTERNAL))

    def test_are_of_articles_alone(self) -> None:
        """A ticket's parts are problem and resolution."""
        assert LabelSource.SECTION_TO_ARTICLE not in made(story())


class TestSamples:
    """So many of each kind, whatever the size of the desk."""

    def documents(self, n: int) -> list[tuple[Document, Cleaner]]:
        return [
            (
                article(f"{i}", f"Page {i} of the manual", INTERNAL, title=f"Chapter {i} of all"),
                CLEANER,
            )
            for i in range(n)
        ]

    def test_are_the_same_in_whatever_order_documents_come(self) -> None:
        """Control: another desk gives another sample."""
        taken = {
            tuple(one.question.id for one in sample_imitated(order, INTERNAL, n_per_source=2))
            for order in permutations(self.documents(5))
        }

        assert len(taken) == 1
        assert len(next(iter(taken))) == 2

    def test_hardly_change_as_the_desk_grows(self) -> None:
        """By hand: with 10 more documents, about 100/110 of a sample of 50 stays."""
        small = {
            s.question.id for s in sample_imitated(self.documents(100), INTERNAL, n_per_source=50)
        }
        large = {
            s.question.id for s in sample_imitated(self.documents(110), INTERNAL, n_per_source=50)
        }

        assert len(small & large) > 40

    def test_take_a_document_once(self) -> None:
        """A ticket restricted to two groups stands on the shelves of both."""
        documents = self.documents(3)

        assert len(sample_imitated(documents * 2, INTERNAL)) == 3

    def test_are_labels_whose_ids_no_document_can_have(self) -> None:
        """Otherwise a ticket's id could be that of another question."""
        labels = imitated_labels(
            sample_imitated([(guide(), CLEANER), (story(), CLEANER)], EXTERNAL)
        )

        assert sorted(one.id for one in labels.questions) == [
            "problem_to_resolution/desk:1",
            "section_to_article/kb:vpn",
            "title_to_body/kb:vpn",
        ]
        assert {one.audience for one in labels.questions} == {EXTERNAL}
        assert all(one.source.is_imitated for one in labels.labels)
        with pytest.raises(ValueError, match="should match pattern"):
            ticket("1", "x").model_validate(
                ticket("1", "x").model_dump() | {"id": "title_to_body/kb:vpn"}
            )

    def test_of_an_empty_desk_are_empty(self) -> None:
        """Nothing to ask."""
        assert sample_imitated([], INTERNAL) == []
