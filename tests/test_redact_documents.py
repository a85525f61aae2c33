"""Whole documents: every text field, whatever its markup hides, and a report without the texts."""

from __future__ import annotations

import pytest

from kbsearch import Audience, Person, Resolution, TextFormat
from kbsearch.redact import (
    PersonalDataRedactor,
    Redactor,
    Replacement,
    SecretRedactor,
    redact_document,
)
from tests.builders import agent_says, article, customer_says, ticket

SECRET = "password: Maple44!"
BOTH: list[Redactor] = [SecretRedactor(), PersonalDataRedactor()]


def test_every_text_field_of_a_ticket_is_redacted() -> None:
    """Attachments' names, tags and the product too; the report names each place."""
    messages = (
        customer_says("All fine", attachments=(f"{SECRET}.txt",)),
        agent_says(f"Use {SECRET}", public=False),
    )
    secret = ticket(
        "1",
        "-",
        subject=SECRET,
        public_subject=SECRET,
        messages=messages,
        resolution=Resolution(text=SECRET, public=True),
        product=SECRET,
        tags=("vpn", SECRET),
    )

    redacted, replacements = redact_document(secret, BOTH)

    assert "Maple44" not in redacted.model_dump_json()
    assert redacted.id == secret.id
    assert replacements == (
        Replacement("messages[0].attachments[0]", "secret", 1),
        Replacement("messages[1].text", "secret", 1),
        Replacement("subject", "secret", 1),
        Replacement("public_subject", "secret", 1),
        Replacement("resolution.text", "secret", 1),
        Replacement("product", "secret", 1),
        Replacement("tags[1]", "secret", 1),
    )


def test_every_text_field_of_an_article_is_redacted() -> None:
    """What is left stays as it was."""
    page = article(
        "1",
        f"Mail a@example.com or b@example.com, {SECRET}",
        Audience.EXTERNAL,
        title=f"VPN {SECRET}",
        product=SECRET,
        tags=(SECRET,),
    )

    redacted, replacements = redact_document(page, BOTH)

    assert redacted.title == "VPN password: [secret]"  # type: ignore[union-attr]
    assert redacted.body == "Mail [email] or [email], password: [secret]"  # type: ignore[union-attr]
    assert replacements == (
        Replacement("body", "email", 2),
        Replacement("body", "secret", 1),
        Replacement("title", "secret", 1),
        Replacement("product", "secret", 1),
        Replacement("tags[0]", "secret", 1),
    )


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_a_document_without_findings_is_the_same_object(text_format: TextFormat) -> None:
    """Callers compare by identity; nothing is rendered for nothing."""
    plain = ticket("1", "p", messages=(customer_says("Printer *jams*", format=text_format),))
    page = article("1", "Printer *jams*", Audience.INTERNAL, format=text_format)

    assert redact_document(plain, BOTH) == (plain, ())
    assert redact_document(plain, BOTH).document is plain
    assert redact_document(page, BOTH).document is page


@pytest.mark.parametrize(
    ("markup", "text_format", "redacted"),
    [
        (f"<p>{SECRET}</p>", TextFormat.HTML, "<p>password: [secret]</p>"),
        ('<a href="mailto:x@example.com">x</a>', TextFormat.HTML, '<a href="mailto:[email]">x</a>'),
        ("**Password:** Maple44!", TextFormat.MARKDOWN, "**Password:** [secret]"),
        ("`x@example.com`", TextFormat.MARKDOWN, "`[email]`"),
    ],
)
def test_markup_that_shows_what_it_holds_stays_markup(
    markup: str, text_format: TextFormat, redacted: str
) -> None:
    """Links, tables and code keep their meaning."""
    page = article("1", markup, Audience.EXTERNAL, title="t", format=text_format)

    found = redact_document(page, BOTH).document

    assert found.body == redacted  # type: ignore[union-attr]
    assert found.format is text_format  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("markup", "text_format", "rendered"),
    [
        ("<p>pass<b>word</b>: Maple44!</p>", TextFormat.HTML, "password: [secret]"),
        ("<p>p&#97;ssword: Maple44!</p>", TextFormat.HTML, "password: [secret]"),
        ("<p>x&#64;example.com</p>", TextFormat.HTML, "[email]"),
        ("<p>Mail x@exam<wbr>ple.com</p>", TextFormat.HTML, "Mail [email]"),
        ("<td>password</td><td>:</td> Maple44!", TextFormat.HTML, "password | : Maple44!"),
        ("pass*wo*rd: Maple44!", TextFormat.MARKDOWN, "password: [secret]"),
        ("4111 1111<span> 1111</span> 1111", TextFormat.HTML, "[card]"),
    ],
)
def test_what_markup_hides_is_redacted_as_plain_text(
    markup: str, text_format: TextFormat, rendered: str
) -> None:
    """Readers and embedders see the rendering, so the rendering counts."""
    page = article("1", markup, Audience.EXTERNAL, title="t", format=text_format)

    found = redact_document(page, BOTH).document

    if "[" in rendered:
        assert found.body == rendered  # type: ignore[union-attr]
        assert found.format is TextFormat.PLAIN  # type: ignore[union-attr]


def test_the_people_of_a_ticket_go_if_the_caller_says_so() -> None:
    """Staff must know who asked; customers must not."""
    lind = Person(name="Anna Lind", email="a.lind@example.com")
    asked = ticket("1", "Anna cannot print", subject="Printer of Anna Lind", people=(lind,))

    as_staff = redact_document(asked, [SecretRedactor()])
    as_customer, replacements = redact_document(asked, [SecretRedactor()], with_people=asked.people)

    assert as_staff.document is asked
    assert as_customer.subject == "Printer of [name]"  # type: ignore[union-attr]
    assert as_customer.messages[0].text == "[name] cannot print"  # type: ignore[union-attr]
    assert replacements == (
        Replacement("messages[0].text", "name", 1),
        Replacement("subject", "name", 1),
    )


def test_the_report_never_repeats_what_it_found() -> None:
    """Its rows are logged and shown."""
    page = article("1", f"x@example.com {SECRET}", Audience.EXTERNAL)

    shown = repr(redact_document(page, BOTH).replacements)

    assert "Maple44" not in shown
    assert "x@example" not in shown
