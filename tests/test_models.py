"""Documents at the door: what is refused, what is never guessed, and that errors repeat no text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from kbsearch import (
    Article,
    ArticleStatus,
    Audience,
    AuthorRole,
    Filters,
    Message,
    Resolution,
    Ticket,
    parse_document,
)
from kbsearch.errors import AudienceError, InvalidDocumentError
from tests.builders import agent_says, article, customer_says, ticket

MORNING = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
SECRET = "the vault code is 4711"


def article_fields(**changes: Any) -> dict[str, Any]:
    fields = {"kind": "article", "id": "kb:1", "title": "t", "body": "b", "audience": "internal"}
    return fields | changes


def ticket_fields(**changes: Any) -> dict[str, Any]:
    return {"kind": "ticket", "id": "desk:1", "subject": "s"} | changes


class TestAudience:
    """Nothing about readers is ever assumed."""

    def test_an_article_without_an_audience_is_refused(self) -> None:
        """A default would publish, or hide, what nobody decided about."""
        with pytest.raises(ValidationError, match=r"audience\n  Field required"):
            Article(id="kb:1", title="t", body="b")  # type: ignore[call-arg]

    @pytest.mark.parametrize("given", ["public", "Internal", "EXTERNAL", "external ", "", None, 1])
    def test_an_article_for_unknown_readers_is_refused(self, given: object) -> None:
        """Not even another case of letters is repaired."""
        with pytest.raises(ValidationError, match="'internal' or 'external'"):
            Article.model_validate(article_fields(audience=given))

    @pytest.mark.parametrize("given", ["public", "Internal", "EXTERNAL", "external ", "", None])
    def test_an_unknown_audience_is_an_audience_error(self, given: str | None) -> None:
        """The one error a caller catches to ask again."""
        with pytest.raises(AudienceError, match="not one of 'internal', 'external'") as caught:
            Audience.parse(given)

        assert caught.value.given == repr(given)

    def test_the_two_names_are_read(self) -> None:
        """And a value that is an audience already stays one."""
        assert Audience.parse("internal") is Audience.INTERNAL
        assert Audience.parse("external") is Audience.EXTERNAL
        assert Audience.parse(Audience.EXTERNAL) is Audience.EXTERNAL


class TestArticle:
    """What an article must have and where it stands."""

    @pytest.mark.parametrize(
        ("audience", "status", "shelf"),
        [
            (Audience.EXTERNAL, ArticleStatus.PUBLISHED, Audience.EXTERNAL),
            (Audience.EXTERNAL, ArticleStatus.DRAFT, Audience.INTERNAL),
            (Audience.EXTERNAL, ArticleStatus.ARCHIVED, Audience.INTERNAL),
            (Audience.INTERNAL, ArticleStatus.PUBLISHED, Audience.INTERNAL),
        ],
    )
    def test_only_a_published_article_for_customers_stands_on_their_shelf(
        self, audience: Audience, status: ArticleStatus, shelf: Audience
    ) -> None:
        """A draft for customers is still the staff's."""
        assert article("1", "Reset the router", audience, status=status).shelf is shelf

    @pytest.mark.parametrize("blank", ["", " \n\t", "\u200b\u202e"])
    def test_an_article_without_title_and_body_is_refused(self, blank: str) -> None:
        """Characters that nobody sees are no text."""
        with pytest.raises(InvalidDocumentError, match="neither title nor body"):
            article("1", blank, Audience.INTERNAL, title=blank)

    def test_a_title_alone_or_a_body_alone_is_enough(self) -> None:
        """Stubs and untitled notes exist on every desk."""
        assert article("1", "", Audience.INTERNAL, title="VPN").body == ""
        assert article("1", "Restart it", Audience.INTERNAL, title="").title == ""

    def test_an_article_expires_at_the_moment_it_names(self) -> None:
        """Valid until nine means no longer valid at nine, in whatever zone it is asked."""
        expiring = article("1", "Old price list", Audience.INTERNAL, valid_until=MORNING)
        same_moment = MORNING.astimezone(timezone(timedelta(hours=5)))

        assert not expiring.is_expired(MORNING - timedelta(microseconds=1))
        assert expiring.is_expired(same_moment)
        assert not article("2", "Timeless", Audience.INTERNAL).is_expired(MORNING)


class TestTicket:
    """What a ticket must have, and what it takes for public."""

    def test_messages_and_resolutions_are_private_unless_they_say_otherwise(self) -> None:
        """A forgotten field must not publish a note."""
        assert Message(author_role=AuthorRole.AGENT, text="x").public is False
        assert Resolution(text="x").public is False
        assert ticket("1", "Printer jams").published is False

    @pytest.mark.parametrize("given", [1, "true", "yes", "public", None])
    @pytest.mark.parametrize("model", [Message, Resolution])
    def test_public_is_true_or_false_and_nothing_like_it(
        self, model: type[Message | Resolution], given: object
    ) -> None:
        """A column read wrongly (a role, a flag of another meaning) is an error, not a reply."""
        fields = {"text": "x", "public": given}
        if model is Message:
            fields["author_role"] = "agent"

        with pytest.raises(ValidationError, match=r"public\n  Input should be a valid boolean"):
            model.model_validate(fields)

    @pytest.mark.parametrize("given", [1, "true"])
    def test_published_is_true_or_false_and_nothing_like_it(self, given: object) -> None:
        """It decides whether customers see the ticket at all."""
        with pytest.raises(ValidationError, match=r"published\n  Input should be a valid boolean"):
            Ticket.model_validate(ticket_fields(published=given))

    @pytest.mark.parametrize("blank", ["", "  \n", "\ufeff\u200b"])
    def test_a_ticket_without_text_is_refused_with_its_id(self, blank: str) -> None:
        """It could never be found; the id tells the importer which one it was."""
        with pytest.raises(InvalidDocumentError, match="has no text; give it") as caught:
            ticket("7", blank, subject=blank)

        assert caught.value.document_id == "desk:7"

    def test_a_subject_alone_or_one_message_alone_is_enough(self) -> None:
        """Both occur: calls that were only noted, and mails without a subject."""
        assert ticket("1", "", subject="Printer jams", messages=()).messages == ()
        assert ticket("2", "It jams", subject="").subject == ""

    def test_two_messages_with_one_id_are_refused(self) -> None:
        """A hit names the message that it quotes; it must name one."""
        messages = (customer_says("a", id="m1"), agent_says("b", public=False, id="m1"))

        with pytest.raises(InvalidDocumentError, match="two of its messages have the same id"):
            ticket("1", "a", messages=messages)

    def test_messages_without_ids_are_accepted(self) -> None:
        """Not every source has them; two that have none are not duplicates."""
        messages = (customer_says("a"), customer_says("b"))

        assert ticket("1", "a", messages=messages).messages == messages


class TestEveryDocument:
    """Ids, times, immutability, characters: alike for articles and tickets."""

    @pytest.mark.parametrize("accepted", ["kb:1", "zen_desk-2.eu:ABC#4/7:x", "kb:ß"])
    def test_ids_name_a_source_and_an_external_id(self, accepted: str) -> None:
        """What follows the first colon is the source's own business."""
        assert parse_document(article_fields(id=accepted)).id == accepted

    def test_an_id_is_the_same_however_its_letters_are_composed(self) -> None:
        """One system writes é as one character, another as two."""
        assert parse_document(article_fields(id="kb:cafe\u0301")).id == "kb:caf\u00e9"

    @pytest.mark.parametrize(
        "refused",
        [
            *("", "kb", "kb:", ":1", "kb 1:2", "kb:a b", "kb:1\n", "kb:\x001", "é:1", "k:\ud800"),
            *("kb:1\u200b", "kb:\x9b1", "kb:\u202e1"),
        ],
    )
    def test_other_ids_are_refused(self, refused: str) -> None:
        """Ids travel in logs, links and files: no blanks, no control characters."""
        with pytest.raises(
            InvalidDocumentError, match=r"id: (String should|Input should|Value error)"
        ):
            parse_document(article_fields(id=refused))

    def test_an_id_longer_than_300_characters_is_refused(self) -> None:
        """And is not repeated at full length."""
        with pytest.raises(InvalidDocumentError, match="at most 300") as caught:
            parse_document(article_fields(id="kb:" + "x" * 10_000))

        assert len(caught.value.document_id) == 300

    @pytest.mark.parametrize("field", ["created_at", "updated_at", "valid_from", "valid_until"])
    @pytest.mark.parametrize("naive", [datetime(2024, 3, 5), "2024-03-05T09:00:00", "2024-03-05"])
    def test_a_time_without_an_offset_is_refused(self, field: str, naive: object) -> None:
        """Guessing a zone would move resolutions by hours, and date filters with them."""
        with pytest.raises(InvalidDocumentError, match=rf"{field}: .*timezone"):
            parse_document(article_fields(**{field: naive}))

    def test_a_message_without_an_offset_in_its_time_is_refused(self) -> None:
        """The place in the ticket is named."""
        message = {"author_role": "agent", "text": "x", "created_at": "2024-03-05T09:00:00"}

        with pytest.raises(InvalidDocumentError, match=r"messages\.0\.created_at: .*timezone"):
            parse_document(ticket_fields(messages=[message]))

    def test_a_filter_without_an_offset_in_its_time_is_refused(self) -> None:
        """The same rule for what is asked as for what is stored."""
        with pytest.raises(ValidationError, match="timezone"):
            Filters(created_from=datetime(2024, 3, 5))

    def test_times_in_two_zones_are_one_moment(self) -> None:
        """The offset is kept, the comparison is by moment."""
        parsed = parse_document(article_fields(created_at="2024-03-05T14:00:00+05:00"))

        assert parsed.created_at == MORNING

    @pytest.mark.parametrize(
        "frozen",
        [article("1", "x", Audience.INTERNAL), ticket("1", "x"), customer_says("x"), Filters()],
        ids=lambda document: type(document).__name__,
    )
    def test_documents_cannot_be_changed(self, frozen: Any) -> None:
        """What was checked stays what was checked."""
        field = next(iter(type(frozen).model_fields))

        with pytest.raises(ValidationError, match="frozen"):
            setattr(frozen, field, "other")

    @pytest.mark.parametrize("fields", [article_fields(color="red"), ticket_fields(color="red")])
    def test_an_unknown_field_is_refused_by_name(self, fields: dict[str, Any]) -> None:
        """`publik` must not be a silent way to leave `public` at its default."""
        with pytest.raises(InvalidDocumentError, match="color: Extra inputs are not permitted"):
            parse_document(fields)

    def test_text_is_cleaned_at_the_door(self) -> None:
        """Each field that is searched or shown, tags and products too."""
        message = {"author_role": "customer", "text": "a\r\nb\ud800"}

        parsed = parse_document(
            ticket_fields(
                subject="e\u0301\x00", messages=[message], product="V\u200bPN", tags=[" x\x07 "]
            )
        )

        assert isinstance(parsed, Ticket)
        assert (parsed.subject, parsed.messages[0].text) == ("é", "a\nb")
        assert (parsed.product, parsed.tags) == ("VPN", ("x",))

    @pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
    def test_a_blank_tag_is_refused(self, blank: str) -> None:
        """A filter on it would mean nothing."""
        with pytest.raises(InvalidDocumentError, match=r"tags\.0: "):
            parse_document(article_fields(tags=[blank]))

    @pytest.mark.parametrize("language", ["en", "pt-BR", "zh-Hant-TW"])
    def test_languages_are_bcp_47_with_a_lower_case_primary_tag(self, language: str) -> None:
        """`EN` and `english` would split one language into three."""
        assert parse_document(article_fields(language=language)).language == language
        for wrong in ("EN", "english", "en_US", "e", ""):
            with pytest.raises(InvalidDocumentError, match="language: String should match"):
                parse_document(article_fields(language=wrong))


class TestParseDocument:
    """From mappings and JSON, with errors that can be logged."""

    def test_kind_decides_what_is_read(self) -> None:
        """From a mapping, JSON text or bytes alike."""
        line = json.dumps(ticket_fields())

        assert isinstance(parse_document(article_fields()), Article)
        assert (
            parse_document(line)
            == parse_document(line.encode())
            == Ticket(id="desk:1", subject="s")
        )

    def test_a_document_survives_the_way_through_json(self) -> None:
        """What is stored is what was given."""
        original = ticket(
            "1",
            "Ünïcode ✓",
            messages=(customer_says("x", id="m1", created_at=MORNING),),
            tags=("a",),
        )

        assert parse_document(original.model_dump_json()) == original
        assert parse_document(original.model_dump(mode="json")) == original

    @pytest.mark.parametrize(
        "fields",
        [
            article_fields(kind=SECRET),
            article_fields(audience=SECRET),
            article_fields(status=SECRET),
            article_fields(format=SECRET),
            article_fields(language=SECRET),
            article_fields(created_at=SECRET),
            article_fields(supersedes=[SECRET]),
            article_fields(tags=[SECRET * 20]),
            article_fields(title={"text": SECRET}, body=[SECRET]),
            ticket_fields(subject="", messages=[{"author_role": SECRET, "text": SECRET}]),
            ticket_fields(messages=[SECRET], resolution=SECRET),
            ticket_fields(messages=[{"author_role": "agent", "text": SECRET, "public": SECRET}]),
            ticket_fields(messages=[{"author_role": "agent", "text": SECRET, "id": "1"}] * 2),
            json.dumps(article_fields(body=SECRET, audience=SECRET)),
            json.dumps(article_fields(body=SECRET))[:-9],
            json.dumps(SECRET),
        ],
    )
    def test_an_error_repeats_nothing_of_the_content(self, fields: dict[str, Any] | str) -> None:
        """Rejections are logged and shown; the text of a ticket belongs in neither."""
        with pytest.raises(InvalidDocumentError, match="was not accepted: ") as caught:
            parse_document(fields)

        said = f"{caught.value} {caught.value!r} {vars(caught.value)}"
        assert not any(word in said for word in ("vault", "code", "4711"))
        assert caught.value.__suppress_context__ or caught.value.__context__ is None

    def test_each_wrong_field_is_named_up_to_five(self) -> None:
        """A list of a thousand faults helps nobody."""
        messages = [{"author_role": "agent", "text": 1} for _ in range(8)]

        with pytest.raises(
            InvalidDocumentError, match=r"messages\.4\.text: .*; and 3 more\.$"
        ) as caught:
            parse_document(ticket_fields(messages=messages))

        assert caught.value.document_id == "desk:1"
        assert "messages.5" not in caught.value.reason

    def test_what_has_no_id_is_reported_without_one(self) -> None:
        """Broken JSON has none to name."""
        with pytest.raises(InvalidDocumentError, match=r"no id.*Invalid JSON") as caught:
            parse_document('{"kind": ')

        assert caught.value.document_id == "(no id)"
