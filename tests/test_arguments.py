"""What is passed to a desk: wrong types and values are told apart before anything is done."""

from __future__ import annotations

import pytest

from kbsearch import KnowledgeBase, Person
from kbsearch.errors import ConfigError
from tests.builders import article
from tests.library import EXTERNAL


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"limit": 10**20}, r"limit = 1000.*Use 1 to"),
        ({"limit": -1}, "limit = -1"),
        ({"limit": "5"}, "limit = '5'"),
        ({"since": "2020"}, "'2020' is no time"),
        ({"until": 2020}, "2020 is no time"),
        ({"by": " \u200b"}, "by = .* is blank"),
        ({"by": 5}, "is text, and this is 5"),
        ({"document_id": "\udcff"}, "document_id = .* is blank"),
        ({"document_id": b"kb:a"}, "is text, and this is b'kb:a'"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    desk: KnowledgeBase, asked: dict[str, object], match: str
) -> None:
    """With what was given, and never as: all entries, or none."""
    desk.upsert([article("a", "One", EXTERNAL)], by="Mira")

    with pytest.raises(ConfigError, match=match):
        desk.audit(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["x" * 1001, 5, "Tamsin  Vale"])
def test_who_forgets_is_read_before_anything_is_forgotten(desk: KnowledgeBase, by: object) -> None:
    """A request that cannot be noted at its end would stay open; nor may it name the person."""
    desk.upsert([article("a", "Ask Tamsin Vale", EXTERNAL)], by="Mira")

    with pytest.raises(ConfigError):
        desk.forget(["kb:a"], person=Person(name="Tamsin Vale"), by=by)  # type: ignore[arg-type]

    assert [act.action for act in desk.audit()] == ["published"]
    assert desk.standing(["kb:a"], EXTERNAL) == {"kb:a"}


def test_wrong_types_are_told_before_anything_is_done(desk: KnowledgeBase) -> None:
    """With what was given."""
    desk.upsert([article("vpn", "It drops", EXTERNAL)])

    with pytest.raises(ConfigError, match=r"publish\(\) takes ids as str, and one is None"):
        desk.publish([None], by="Mira")  # type: ignore[list-item]
    with pytest.raises(ConfigError, match="list of ids, and this is 5"):
        desk.publish(5, by="Mira")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="is text, and this is 5"):
        desk.publish(["kb:vpn"], by=5)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="is text, and this is 5"):
        desk.publish(["kb:vpn"], by="Mira", reason=5)  # type: ignore[arg-type]
    for method in (desk.withdraw, desk.delete, desk.forget):
        with pytest.raises(ConfigError, match=r"takes ids as str, and one is 5"):
            method([5])  # type: ignore[list-item]

    assert list(desk.ids(EXTERNAL)) == ["kb:vpn"]


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"document_or_text": None}, "A NoneType cannot be checked"),
        ({"document_or_text": 5}, "A int cannot be checked"),
        ({"document_or_text": "x", "text_format": "pdf"}, "'pdf' is not known; give one of: plain"),
    ],
)
def test_what_has_no_voice_is_refused(
    desk: KnowledgeBase, arguments: dict[str, object], match: str
) -> None:
    """A format may be named, as for other drafts."""
    named = desk.check_voice("Restart it.", text_format="markdown")

    with pytest.raises(ConfigError, match=match):
        desk.check_voice(**arguments)  # type: ignore[arg-type]

    assert named.findings == ()
