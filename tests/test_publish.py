"""Publishing as an act of somebody, and its opposite."""

from __future__ import annotations

from functools import partial

import pytest

from kbsearch import Article, ArticleStatus, KnowledgeBase
from kbsearch.errors import ChangedSinceShownError, ConfigError, DocumentNotFoundError
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL


def test_an_internal_article_comes_to_customers_under_its_id(desk: KnowledgeBase) -> None:
    """One article, not a copy: staff's shelf no longer has it, and nobody sees its twin's id."""
    desk.upsert([article("dns", "Clear the cache", INTERNAL, status="draft", twin_id="kb:other")])

    report = desk.publish(["kb:dns"], by="Mira Okafor", reason="asked twelve times")

    assert report.changed == ("kb:dns",)
    face = desk.searcher(EXTERNAL).get("kb:dns")
    assert isinstance(face, Article)
    assert (face.status, face.audience) == (ArticleStatus.PUBLISHED, EXTERNAL)
    assert "kb:other" not in face.model_dump_json()
    assert desk.standing(["kb:dns"], INTERNAL) == set()
    (entry,) = desk.audit()
    assert (entry.action, entry.by, entry.how, entry.note) == (
        "published",
        "Mira Okafor",
        "publish",
        "asked twelve times",
    )


def test_a_ticket_shows_its_public_face(desk: KnowledgeBase) -> None:
    """Redacted as any other write, with the subject that was given for it; staff keep all."""
    messages = (
        customer_says("Reach me at rui@brightwater.example", id="m1"),
        agent_says("His boss complained", public=False, id="m2"),
    )
    desk.upsert([ticket("1", "x", messages=messages)])

    desk.publish(["desk:1"], by="Mira", public_subjects={"desk:1": "Reaching us"})

    face = desk.searcher(EXTERNAL).get("desk:1").model_dump_json()
    assert '"public_subject":"Reaching us"' in face
    assert "Reach me at [email]" in face
    assert "boss" not in face
    assert "boss" in desk.searcher(INTERNAL).get("desk:1").model_dump_json()


def test_the_preview_is_what_customers_read_then(desk: KnowledgeBase) -> None:
    """What a person says yes to is what is shown, byte for byte; looking writes nothing."""
    desk.upsert(
        [
            article("dns", "Ask rui@brightwater.example", INTERNAL),
            ticket("1", "x", messages=(agent_says("secret", public=False),)),
        ]
    )

    preview = desk.preview_publishing(["kb:dns", "desk:1"])
    before = (desk.standing(["kb:dns"], EXTERNAL), desk.audit())
    desk.publish(["kb:dns"], by="Mira")

    assert before == (set(), ())
    assert preview == {"kb:dns": desk.searcher(EXTERNAL).get("kb:dns"), "desk:1": None}


def test_what_it_supersedes_is_named_only_if_customers_read_it(desk: KnowledgeBase) -> None:
    """An id may say what staff call a thing; those of what they can read help them."""
    desk.upsert(
        [
            article("old", "Clear it by hand", EXTERNAL),
            article("hush", "Rui clears it", INTERNAL),
            article("more", "Clear it all", INTERNAL),
            article("dns", "Clear it", INTERNAL, supersedes=("kb:old", "kb:hush", "kb:more")),
            article("fax", "In the cellar", INTERNAL, supersedes=("kb:hush", "kb:gone")),
        ]
    )
    wanted = ["kb:dns", "kb:more", "kb:fax"]

    preview = desk.preview_publishing(wanted)
    desk.publish(wanted, by="Mira", expected=preview)

    reader = desk.searcher(EXTERNAL)
    assert {i: reader.get(i) for i in wanted} == preview
    named = {i: face.supersedes for i, face in preview.items() if isinstance(face, Article)}
    assert named == {"kb:dns": ("kb:old", "kb:more"), "kb:more": (), "kb:fax": ()}


def test_what_changed_since_it_was_shown_is_not_published(desk: KnowledgeBase) -> None:
    """A yes is to what was read, and all of it; what is as it was shown goes out."""
    desk.upsert([article("dns", "Clear it", INTERNAL), article("fax", "In the cellar", INTERNAL)])
    both = ["kb:dns", "kb:fax"]
    shown = desk.preview_publishing(both)
    desk.upsert([article("fax", "In the cellar, key at Rui's", INTERNAL)])

    with pytest.raises(ChangedSinceShownError, match=r"\(kb:fax\).*Look at them again") as caught:
        desk.publish(both, by="Mira", expected=shown)
    nothing = (desk.standing(both, EXTERNAL), desk.audit())
    desk.publish(both, by="Mira", expected=desk.preview_publishing(both))

    assert caught.value.ids == ("kb:fax",)
    assert nothing == (set(), ())
    assert desk.standing(both, EXTERNAL) == set(both)


def test_what_was_not_shown_is_not_published(desk: KnowledgeBase) -> None:
    """Nor what customers gained something of since: a public message after none."""
    desk.upsert([ticket("1", "x", messages=(agent_says("secret", public=False),))])
    shown = desk.preview_publishing(["desk:1"])
    desk.upsert([ticket("1", "x", messages=(agent_says("We wait", public=True),))])

    for expected in (shown, {}):
        with pytest.raises(ChangedSinceShownError):
            desk.publish(["desk:1"], by="Mira", expected=expected)

    assert shown == {"desk:1": None}
    assert desk.audit() == ()


def test_a_ticket_without_public_text_is_held_back_with_the_reason(desk: KnowledgeBase) -> None:
    """Nothing comes to customers, and nothing is noted."""
    desk.upsert([ticket("1", "x", messages=(agent_says("secret", public=False),))])

    report = desk.publish(["desk:1"], by="Mira")

    assert report.held_back == {"desk:1": "it is published, but no public message has text"}
    assert desk.audit() == ()


def test_who_must_be_named(desk: KnowledgeBase) -> None:
    """Publishing is somebody's act."""
    desk.upsert([article("dns", "Clear the cache", INTERNAL)])

    for nobody in ("", "  ", "\u200b"):
        with pytest.raises(ConfigError, match="nobody was named"):
            desk.publish(["kb:dns"], by=nobody)

    assert desk.standing(["kb:dns"], EXTERNAL) == set()


def test_an_unknown_id_stops_all_of_it(desk: KnowledgeBase) -> None:
    """A list with a slip in it is not what somebody meant."""
    desk.upsert([article("dns", "Clear the cache", INTERNAL)])

    with pytest.raises(DocumentNotFoundError, match="kb:dsn"):
        desk.publish(["kb:dns", "kb:dsn"], by="Mira")
    with pytest.raises(ConfigError, match="put it into a list"):
        desk.publish("kb:dns", by="Mira")

    assert desk.standing(["kb:dns"], EXTERNAL) == set()


@pytest.mark.parametrize(
    ("subjects", "match"),
    [
        ({"typo": "Reaching us"}, r"names \['typo'\]: no ticket"),
        ({"kb:dns": "Reaching us"}, r"names \['kb:dns'\]: no ticket"),
        ({"desk:2": "Reaching us", "desk:1": "x"}, r"names \['desk:2'\]: no ticket"),
        ({"desk:1": 5}, "'desk:1' to a int"),
        ({"desk:1": None}, "'desk:1' to a NoneType"),
        ({5: "x"}, "5 to a str"),
        ("desk:1", "this is 'desk:1'"),
    ],
)
def test_a_public_subject_is_of_a_ticket_among_them(
    desk: KnowledgeBase, subjects: object, match: str
) -> None:
    """A slip would show customers the ticket without the subject that was meant for it."""
    desk.upsert([article("dns", "Clear it", INTERNAL), ticket("1", "Slow"), ticket("2", "Off")])

    for act in (desk.preview_publishing, partial(desk.publish, by="Mira")):
        with pytest.raises(ConfigError, match=match):
            act(["kb:dns", "desk:1"], public_subjects=subjects)  # type: ignore[arg-type]

    assert list(desk.ids(EXTERNAL)) == []


def test_what_was_withdrawn_can_be_published_again(desk: KnowledgeBase) -> None:
    """Both kinds: withdrawing and publishing are opposites."""
    desk.upsert([article("dns", "Clear it", EXTERNAL), ticket("1", "Slow", published=True)])
    both = ["kb:dns", "desk:1"]

    desk.withdraw(both, by="Rui")
    left = set(desk.ids(EXTERNAL))
    desk.publish(both, by="Mira")

    assert left == set()
    assert set(desk.ids(EXTERNAL)) == set(both)
    assert [e.action for e in desk.audit(by="Mira")] == ["published", "published"]


def test_publishing_what_stands_there_already_changes_nothing(desk: KnowledgeBase) -> None:
    """Nor is it noted again."""
    desk.upsert([article("dns", "Clear the cache", EXTERNAL)])

    report = desk.publish(["kb:dns"], by="Mira")

    assert report.unchanged == ("kb:dns",)
    assert len(desk.audit()) == 1


def test_the_source_has_the_last_word(desk: KnowledgeBase) -> None:
    """An import that still says internal takes it back, and the trail says so."""
    desk.upsert([article("dns", "Clear the cache", INTERNAL)])
    desk.publish(["kb:dns"], by="Mira")

    report = desk.upsert([article("dns", "Clear the cache", INTERNAL)], how="import zendesk")

    assert report.withdrawn == ("kb:dns",)
    assert desk.standing(["kb:dns"], EXTERNAL) == set()
    newest = desk.audit(limit=1)[0]
    assert (newest.action, newest.by, newest.how) == ("withdrawn", None, "import zendesk")
