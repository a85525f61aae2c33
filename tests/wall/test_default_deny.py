"""Whatever is not exactly and explicitly public is internal, or refused."""

from __future__ import annotations

import inspect
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kbsearch import Article, Audience, KnowledgeBase, parse_document
from kbsearch.errors import AudienceError, GroupError, InvalidDocumentError
from kbsearch.models import Document
from tests.builders import article
from tests.wall.channels import FOR_STAFF

_N_RECORDS = 10_000
_PUBLIC_TEXT, _PRIVATE_TEXT = "Open tray two", "The key is under the mat"

WRONG_AUDIENCES: list[Any] = [
    *(None, "", " ", "Internal", "EXTERNAL", "External", " external", "external\n", "external\0"),
    *("all", "both", "public", "staff", "internal.", "internal.HR", "internal/hr", "*", "%"),
    *("external,internal", "external' OR '1'='1", "\uff45xternal", "extern\u0430l"),
    *(0, 1, True, False, 1.0, b"internal", b"external", float("nan")),
    *(["external"], ("internal", "external"), {"external"}, {}, object),
]
"""Missing, unknown, in another case, of another type, and look-alikes."""

WRONG_GROUPS: list[Any] = [
    *("hr", "", None, 5, True, 1.0, b"hr", object),
    *([None], ["HR"], [""], [" hr"], ["hr "], ["hr\n"], ["hr\0"], ["h r"], ["hr,legal"], ["*"]),
    *(["../internal"], ["hr/.."], ["a.b"], ["internal.hr"], ["-hr"], ["x" * 65], ["h\u0433"]),
    *([1], [b"hr"], [["hr"]], ["hr", "Legal"], ["hr", None]),
]
"""One str instead of a list, no list, other cases and types, parts of a path, look-alikes."""

_OTHER_ARGUMENTS: dict[str, object] = {
    "labels": [("vpn", True)],
    "ids": ["kb:1"],
    "document_id": "kb:1",
    "document_or_text": "vpn",
    "text": "vpn",
    "path": "public.kb",
    "questions": [],
    "query": "vpn",
    "by": "anna",
    "ticket": "desk:1",
}
"""What a method needs beside the audience and the groups."""


def _doors() -> list[tuple[str, str]]:
    """Public methods of a desk that take an audience, or a shelf, and under which name."""
    return [
        (name, parameter.name)
        for name, parameter in _parameters()
        if parameter.name in ("audience", "shelf") or "Audience" in str(parameter.annotation)
    ]


def _doors_of_groups() -> list[str]:
    """Public methods of a desk that take groups of staff."""
    return [name for name, parameter in _parameters() if parameter.name == "groups"]


def _parameters() -> Iterator[tuple[str, inspect.Parameter]]:
    for name, method in inspect.getmembers(KnowledgeBase, callable):
        if not name.startswith("_"):
            for parameter in inspect.signature(method).parameters.values():
                yield name, parameter


def _is_asked_for(method: str) -> bool:
    """Whether a method takes the audience of who is asking."""
    return (method, "audience") in _doors()


def _walk_in(desk: KnowledgeBase, method: str, **given: Any) -> object:
    """Call a method; what it yields is taken, too."""
    needed = inspect.signature(getattr(desk, method)).parameters
    others = {
        name: _OTHER_ARGUMENTS[name]
        for name, parameter in needed.items()
        if name not in given
        and name not in ("audience", "shelf")
        and parameter.default is parameter.empty
        and parameter.kind is not parameter.VAR_KEYWORD
    }
    result = getattr(desk, method)(**given, **others)
    return list(result) if isinstance(result, Iterator) else result


class TestEveryDoor:
    """Found by looking at the class: a new method cannot be forgotten."""

    def test_that_takes_an_audience_is_found(self) -> None:
        """Those that were there when this was written."""
        known = {"searcher", "stats", "check", "repair", "snapshots", "rollback", "ids", "standing"}

        assert known <= {method for method, _ in _doors()}

    @pytest.mark.parametrize(("method", "parameter"), _doors())
    def test_refuses_what_is_no_audience(
        self, desk: KnowledgeBase, method: str, parameter: str
    ) -> None:
        """A typing slip must not open the wrong shelf, nor any."""
        for given in WRONG_AUDIENCES:
            with pytest.raises((AudienceError, GroupError), match=r"is not one of|cannot be one"):
                pytest.fail(f"let in {given!r}: {_walk_in(desk, method, **{parameter: given})}")

    def test_says_what_it_was_given(self, desk: KnowledgeBase) -> None:
        """Cut short; whoever made the slip shall see it."""
        for given in WRONG_AUDIENCES:
            with pytest.raises(AudienceError, match="is not one of") as raised:
                desk.searcher(given)

            assert raised.value.given == repr(given)[:80]

    @pytest.mark.parametrize(
        ("method", "parameter"), [door for door in _doors() if door[0] not in FOR_STAFF]
    )
    def test_assumes_nothing(self, desk: KnowledgeBase, method: str, parameter: str) -> None:
        """There is no default to forget about; where staff alone ask, it is who reads a text."""
        default = inspect.signature(getattr(KnowledgeBase, method)).parameters[parameter].default

        assert default is inspect.Parameter.empty
        with pytest.raises(TypeError, match=f"required .* argument: '{parameter}'"):
            _walk_in(desk, method)


class TestEveryDoorOfGroups:
    """Found by looking at the class, too."""

    def test_is_found(self) -> None:
        """Those that were there when this was written."""
        known = {"searcher", "stats", "check", "repair", "snapshots", "ids", "standing"}

        assert known | {"why_visible", "check_outgoing"} <= set(_doors_of_groups())

    @pytest.mark.parametrize("method", _doors_of_groups())
    def test_refuses_what_is_no_list_of_groups(self, desk: KnowledgeBase, method: str) -> None:
        """A name becomes a part of a path; `groups="hr"` would be the groups h and r."""
        asked = {"audience": "internal"} if _is_asked_for(method) else {}

        for given in WRONG_GROUPS:
            with pytest.raises(GroupError, match=r"a list of names|small letters, digits"):
                pytest.fail(f"let in {given!r}: {_walk_in(desk, method, groups=given, **asked)}")

    @pytest.mark.parametrize("method", [m for m in _doors_of_groups() if _is_asked_for(m)])
    def test_lets_no_customer_in(self, desk: KnowledgeBase, method: str) -> None:
        """Whether there is such a group or not, and the same is said of both."""
        desk.upsert([article("1", "Pay", Audience.INTERNAL, groups=("hr",))])
        told = set()
        for group in ("hr", "nobody"):
            with pytest.raises(GroupError, match="customers are in none") as raised:
                _walk_in(desk, method, audience="external", groups=[group])
            told.add(str(raised.value).replace(f"{group!r}", "GROUP", 1))

        assert len(told) == 1

    @pytest.mark.parametrize("method", _doors_of_groups())
    def test_assumes_none(self, method: str) -> None:
        """Who names no group is in none."""
        default = inspect.signature(getattr(KnowledgeBase, method)).parameters["groups"].default

        assert default == ()


_MARKS: list[Any] = [
    *("external", "external", "external", Audience.EXTERNAL, "internal", Audience.INTERNAL),
    *("External", "EXTERNAL", " external", "external ", "public", "extern", "all", "", "*"),
    *(None, 0, 1, True, False, 1.0, [], ["external"], {"audience": "external"}, b"external"),
]
_FLAGS: list[Any] = [
    *(True, True, True, False, None, 0, 1, 1.0, "true", "True", "yes", "1", "on", "public"),
    *("external", "", [], [True], {"public": True}, b"true"),
]
_STATES: list[Any] = [
    *("published", "published", "published", "draft", "archived", "Published", "PUBLISHED"),
    *("public", "live", "", None, True, 1, ["published"], " published", b"published"),
]


def _fuzzed_article(chance: random.Random) -> tuple[dict[str, Any], bool]:
    """A record, and whether it says exactly and explicitly that it is public."""
    record: dict[str, Any] = {"kind": "article", "id": "kb:1", "title": "Tray", "body": "Two"}
    if chance.random() < 0.95:
        record["audience"] = chance.choice(_MARKS)
    if chance.random() < 0.7:
        record["status"] = chance.choice(_STATES)
    _add_a_stranger(record, chance)
    is_marked = record.get("audience") == "external" and isinstance(record["audience"], str)
    is_published = record.get("status", "published") == "published"
    return record, is_marked and is_published and "visibility" not in record


def _fuzzed_ticket(chance: random.Random) -> tuple[dict[str, Any], bool]:
    public: dict[str, Any] = {"author_role": "agent", "text": _PUBLIC_TEXT, "public": True}
    other: dict[str, Any] = {"author_role": "agent", "text": _PRIVATE_TEXT}
    if chance.random() < 0.8:
        other["public"] = chance.choice([flag for flag in _FLAGS if flag is not True])
    messages = [public, other] if chance.random() < 0.7 else [other]
    chance.shuffle(messages)
    record: dict[str, Any] = {"kind": "ticket", "id": "desk:1", "subject": "Tray"}
    record["messages"] = messages
    if chance.random() < 0.9:
        record["published"] = chance.choice(_FLAGS)
    _add_a_stranger(record, chance)
    return record, record.get("published") is True and public in messages


def _add_a_stranger(record: dict[str, Any], chance: random.Random) -> None:
    """Now and then a mark that kbsearch does not know: it must not be read as one that it does."""
    if chance.random() < 0.1:
        record[chance.choice(["visibility", "public", "Audience"])] = chance.choice(_FLAGS)


def wrongly_public(read: Callable[[dict[str, Any]], Document], n_records: int) -> tuple[int, int]:
    """
    Read fuzzed records, half of them as JSON where they can be written so.

    Returns:
        Number of records that came to customers without saying so, or with a text
        that is not public; number of those that did rightly.
    """
    chance = random.Random(17)
    n_wrong = n_right = 0
    for n in range(n_records):
        make = (_fuzzed_article, _fuzzed_ticket)[n % 2]
        record, may_be_public = make(chance)
        sent = _as_json(record) if chance.random() < 0.5 else record
        try:
            face = read(sent).public_face()
        except InvalidDocumentError:
            continue
        told = face.model_dump_json() if face is not None else ""
        n_wrong += (face is not None and not may_be_public) or _PRIVATE_TEXT in told
        n_right += face is not None and may_be_public
    return n_wrong, n_right


def _as_json(record: dict[str, Any]) -> Any:
    """As a line of an export, if its values can stand in one."""
    try:
        return json.dumps(record)
    except TypeError:
        return record


class TestTenThousandRecords:
    """Marks that are missing, of another case, of another type, or of no kind that is known."""

    def test_are_public_only_where_they_say_so_exactly(self) -> None:
        """Everything else is internal or refused; some are public, or this would prove nothing."""
        n_wrong, n_right = wrongly_public(parse_document, _N_RECORDS)

        assert n_wrong == 0
        assert n_right > 300

    def test_would_be_caught_if_a_reader_were_kind(self) -> None:
        """Control: one that lowers the case and takes any true value for true."""

        def kindly_read(sent: Any) -> Document:
            record = json.loads(sent) if isinstance(sent, str) else dict(sent)
            for field in ("audience", "status"):
                if isinstance(record.get(field), str):
                    record[field] = record[field].strip().lower()
            if "published" in record:
                record["published"] = bool(record["published"])
            return parse_document(record)

        n_wrong, _ = wrongly_public(kindly_read, 1_000)

        assert n_wrong > 50

    def test_are_not_public_by_being_left_to_a_default(self) -> None:
        """The one field that decides has none."""
        assert Article.model_fields["audience"].is_required()
