"""The people of a ticket: each once, with all names, from looked-up users and mail headers."""

from __future__ import annotations

import pytest

from kbsearch.importers.shared.people import People
from kbsearch.models import Person


def test_people_stay_in_the_order_in_which_they_are_named() -> None:
    """The requester comes first."""
    people = People()
    people.add(id="7", name="Mara Lind")
    people.add(id="3", name="Ida Berg")

    assert [person.id for person in people.found] == ["7", "3"]


def test_who_adds_nothing_new_is_left_out() -> None:
    """The same person writes most messages of a ticket; case and blanks make no difference."""
    people = People()
    people.add(id="7", name="Mara Lind", email="mara@example.com")
    people.add(name="mara lind ", email="MARA@example.com")
    people.add_person(None)
    people.add()

    assert people.found == (Person(id="7", name="Mara Lind", email="mara@example.com"),)


def test_another_name_of_a_known_person_is_kept() -> None:
    """Both names are to be found in texts."""
    people = People()
    people.add(id="7", name="Mara Lind", email="mara@example.com")
    people.add(name="M. Lind", email="mara@example.com")

    assert people.found[1] == Person(name="M. Lind", email="mara@example.com")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Mara Lind <mara@example.com>", [("Mara Lind", "mara@example.com")]),
        ('"Lind, Per" <per@example.com>', [("Lind, Per", "per@example.com")]),
        ("a@example.com, b@example.com", [(None, "a@example.com"), (None, "b@example.com")]),
        ("a@example.com; Bo <b@example.com>", [(None, "a@example.com"), ("Bo", "b@example.com")]),
        ("Ida Berg", [("Ida Berg", None)]),
        ("<c@example.com>", [(None, "c@example.com")]),
        ("", []),
        (" , ;", []),
    ],
)
def test_everyone_of_a_mail_header_is_found(
    header: str, found: list[tuple[str | None, str | None]]
) -> None:
    """Vendors keep senders and copies as mails have them."""
    people = People()

    people.add_addresses(header)

    assert [(person.name, person.email) for person in people.found] == found


@pytest.mark.parametrize(
    ("part", "n_people"),
    [('"', 0), ("<", 0), ("(", 0), ("a<", 1), (",", 0), ("a@b ", 0), ("a,", 1)],
)
def test_a_hostile_header_is_read_once(part: str, n_people: int) -> None:
    """300,000 unclosed quotes or brackets must not cost their square; no name is that long."""
    people = People()

    people.add_addresses(part * 300_000)

    assert len(people.found) == n_people
