"""What customers may read of a ticket is made of public messages, never cut from the whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch import Audience, Message, Person, Resolution, Satisfaction, Ticket, TicketStatus
from tests.builders import agent_says, article, customer_says, ticket

T0 = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def escalated_ticket() -> Ticket:
    """Published, resolved, with everything around it that is the staff's own."""
    return ticket(
        "1",
        "",
        subject="Angry caller about SSO",
        public_subject="Sign-in fails",
        messages=(
            agent_says("Caller owes us two invoices", public=False, id="n1", created_at=T0 - HOUR),
            customer_says("I cannot sign in", id="m1", created_at=T0),
            agent_says("Root cause is tenant 42", public=False, id="n2", created_at=T0 + HOUR),
            agent_says("Please clear your cookies", public=True, id="m2", created_at=T0 + 2 * HOUR),
            agent_says("Refund promised", public=False, id="n3", created_at=T0 + 3 * HOUR),
        ),
        status=TicketStatus.CLOSED,
        resolution=Resolution(text="Clear the cookies", public=True, message_id="n2"),
        product="Portal",
        language="en",
        tags=("vip", "churn-risk"),
        published=True,
        article_ids=("kb:internal-9",),
        duplicate_ids=("desk:77",),
        merged_ids=("desk:78",),
        problem_ids=("desk:79",),
        followup_ids=("desk:80",),
        related_ids=("desk:81",),
        satisfaction=Satisfaction.BAD,
        n_reopenings=2,
        people=(Person(id="u7", name="Ada Quill", email="ada@quill.example"),),
        created_at=T0 - 5 * HOUR,
        updated_at=T0 + 5 * HOUR,
        resolved_at=T0 + 4 * HOUR,
    )


def test_the_face_holds_the_public_messages_and_what_they_say() -> None:
    """Written out whole: a field added to tickets later must be decided here."""
    whole = escalated_ticket()

    assert whole.public_face() == Ticket(
        id="desk:1",
        subject="Sign-in fails",
        public_subject="Sign-in fails",
        messages=(whole.messages[1], whole.messages[3]),
        status=TicketStatus.RESOLVED,
        resolution=Resolution(text="Clear the cookies", public=True, message_id=None),
        product="Portal",
        language="en",
        published=True,
        created_at=T0,
        updated_at=T0 + 2 * HOUR,
    )


@pytest.mark.parametrize(
    "private",
    "invoices tenant Refund Angry vip churn internal-9 desk:77 desk:78 n1 n2 n3 "
    "04:00 08:00 10:00 12:00 13:00 14:00".split(),
)
def test_the_face_holds_nothing_private(private: str) -> None:
    """Texts, subject, tags, links, ids and times of notes: searched for in the stored form."""
    whole = escalated_ticket()
    face = whole.public_face()

    assert private in whole.model_dump_json()
    assert face is not None
    assert private not in face.model_dump_json()


def test_the_face_does_not_tell_how_it_went() -> None:
    """So customers' order cannot depend on it."""
    whole = escalated_ticket()

    face = whole.public_face()

    assert whole.has_bad_outcome
    assert face is not None
    assert not face.has_bad_outcome


def test_a_ticket_that_nobody_published_has_no_face() -> None:
    """Public replies were written for one customer, not for all of them."""
    assert escalated_ticket().model_copy(update={"published": False}).public_face() is None


@pytest.mark.parametrize("blank", ["", " \n", "\u200b"])
def test_a_ticket_whose_public_messages_are_blank_has_no_face(blank: str) -> None:
    """A public subject alone would be an empty page."""
    noted = agent_says("Only a note", public=False)
    blank_ticket = ticket(
        "1",
        "",
        subject="s",
        public_subject="p",
        messages=(noted, customer_says(blank)),
        published=True,
    )

    assert blank_ticket.public_face() is None


def test_without_a_public_subject_the_staffs_is_not_shown() -> None:
    """Subjects are rewritten by agents; the first public message stands in for it."""
    face = ticket("1", "It jams", subject="Blames us again", published=True).public_face()

    assert face is not None
    assert face.subject == ""


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (TicketStatus.NEW, TicketStatus.OPEN),
        (TicketStatus.PENDING, TicketStatus.OPEN),
        (TicketStatus.RESOLVED, TicketStatus.RESOLVED),
        (TicketStatus.CLOSED, TicketStatus.RESOLVED),
    ],
)
def test_customers_see_only_open_or_resolved(status: TicketStatus, shown: TicketStatus) -> None:
    """How the staff works a ticket is the staff's."""
    face = ticket("1", "It jams", published=True, status=status).public_face()

    assert face is not None
    assert face.status is shown


class TestResolutions:
    """What counts as the fix, for each of the two kinds of readers."""

    ANSWER = agent_says("Clear the cookies", public=True, id="m2")
    NOTE = agent_says("Tenant 42 was locked", public=False, id="n2")

    def closed(self, *messages: Message, resolution: Resolution | None = None) -> Ticket:
        return ticket(
            "1",
            "",
            subject="s",
            messages=(customer_says("I cannot sign in", id="m1"), *messages),
            status=TicketStatus.CLOSED,
            resolution=resolution,
            published=True,
        )

    def test_a_private_resolution_is_never_the_public_one(self) -> None:
        """The last public reply is, even if the note explains it better."""
        fixed = self.closed(
            self.ANSWER, self.NOTE, resolution=Resolution(text="Unlocked tenant 42")
        )
        face = fixed.public_face()

        assert fixed.private_resolution == Resolution(text="Unlocked tenant 42")
        assert face is not None
        assert face.public_resolution == Resolution(
            text="Clear the cookies", public=True, message_id="m2"
        )

    def test_without_one_the_last_reply_and_the_last_note_stand_in(self) -> None:
        """Most desks never fill in the field."""
        later = agent_says("Also try another browser", public=True, id="m3")
        fixed = self.closed(self.ANSWER, self.NOTE, later, customer_says("Thanks!", id="m4"))

        assert fixed.public_resolution == Resolution(text=later.text, public=True, message_id="m3")
        assert fixed.private_resolution == Resolution(text=self.NOTE.text, message_id="n2")

    def test_an_open_ticket_has_no_fix_but_a_written_one(self) -> None:
        """The last reply of an open ticket is a question as often as an answer."""
        opened = self.closed(self.ANSWER, self.NOTE).model_copy(
            update={"status": TicketStatus.OPEN}
        )
        written = Resolution(text="Workaround", public=True)

        assert opened.public_resolution is None
        assert opened.private_resolution is None
        assert opened.model_copy(update={"resolution": written}).public_resolution == written

    def test_blank_replies_and_customers_thanks_fix_nothing(self) -> None:
        """Nor does a ticket without any reply have a fix."""
        blank = agent_says(" \n", public=True, id="m3")

        assert self.closed(blank, customer_says("Thanks", id="m4")).public_resolution is None

    def test_a_public_resolution_keeps_the_id_of_a_public_message_only(self) -> None:
        """An id of a note would tell that there is one."""
        for message_id, shown in [("m2", "m2"), ("n2", None), ("gone", None), (None, None)]:
            resolution = Resolution(text="Clear the cookies", public=True, message_id=message_id)
            face = self.closed(self.ANSWER, self.NOTE, resolution=resolution).public_face()

            assert face is not None
            assert face.resolution == resolution.model_copy(update={"message_id": shown})


_PRIVATE_MESSAGES = st.lists(
    st.builds(
        agent_says,
        st.text(max_size=20),
        public=st.just(False),
        created_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=3,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(
    notes=st.lists(_PRIVATE_MESSAGES, min_size=3, max_size=3),
    subject=st.text(max_size=20),
    tags=st.lists(st.sampled_from(["vip", "legal", "new"]), max_size=2),
    resolution=st.none() | st.builds(Resolution, text=st.text(max_size=20)),
)
def test_nothing_private_moves_the_face(
    notes: list[list[Message]], subject: str, tags: list[str], resolution: Resolution | None
) -> None:
    """Whatever the staff writes, and wherever between the public messages, the face is the same."""
    question, answer = customer_says("I cannot sign in"), agent_says("Clear cookies", public=True)
    plain = ticket("1", "", messages=(question, answer), status=TicketStatus.CLOSED, published=True)
    noted = ticket(
        "1",
        "",
        subject=subject,
        messages=(*notes[0], question, *notes[1], answer, *notes[2]),
        status=TicketStatus.CLOSED,
        tags=tuple(tags),
        resolution=resolution,
        published=True,
    )

    assert noted.public_face() == plain.public_face()


def test_the_face_of_a_face_is_itself() -> None:
    """A customer's host that reads its own shelf and writes it again loses nothing."""
    face = escalated_ticket().public_face()

    assert face is not None
    assert face.public_face() == face


def test_an_article_for_customers_does_not_name_its_internal_twin() -> None:
    """The id alone would tell that staff have a page of their own."""
    page = article("1", "Reset the router", Audience.EXTERNAL, twin_id="kb:internal-9")
    draft = page.model_copy(update={"audience": Audience.INTERNAL})

    assert page.public_face() == article("1", "Reset the router", Audience.EXTERNAL)
    assert draft.public_face() is None
