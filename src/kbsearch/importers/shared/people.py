"""The people whom a ticket names, each once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbsearch.importers.fields import Fields
from kbsearch.models import Person

_ADDRESS = re.compile(r'([^,;<>"]*+)(?:"([^"]*+)"\s*+)?(?:<([^<>]*+)>)?')
_LONGEST = 200  # characters of what can be a name or an address


def person_of(row: Fields) -> Person:
    """Somebody whose row has the fields id, name, email and phone."""
    return Person(
        id=row.text("id") or None,
        name=row.text("name") or None,
        email=row.text("email") or None,
        phone=row.text("phone") or None,
    )


class People:
    """
    Collects people in the order in which they are named.

    Whoever adds neither an id nor a name, address or phone number that is new
    is left out; all names of one person are kept, because all are to be found
    in texts.
    """

    def __init__(self) -> None:
        self._found: list[Person] = []
        self._known: set[tuple[str, str]] = set()

    def add(self, *, id: str = "", name: str = "", email: str = "", phone: str = "") -> None:  # noqa: A002
        """Add somebody; blank fields are unknown ones."""
        fields = {"id": id, "name": name, "email": email, "phone": phone}
        given = {field: value.strip() for field, value in fields.items() if value.strip()}
        keys = {(field, value.casefold()) for field, value in given.items()}
        if keys <= self._known:
            return
        self._known |= keys
        self._found.append(Person(**given))

    def add_person(self, person: Person | None) -> None:
        """Add somebody who was looked up; None is nobody."""
        if person is not None:
            self.add(
                id=person.id or "",
                name=person.name or "",
                email=person.email or "",
                phone=person.phone or "",
            )

    def add_addresses(self, header: str) -> None:
        """Add everyone of a mail header such as `Mara Lind <mara@example.com>, a@example.com`."""
        for name, email in _addresses(header):
            self.add(name=name, email=email)

    @property
    def found(self) -> tuple[Person, ...]:
        """Everyone so far, the first one first."""
        return tuple(self._found)


def _addresses(header: str) -> Iterator[tuple[str, str]]:
    for match in _ADDRESS.finditer(header):
        name = (match[2] or match[1] or "").strip()
        email = (match[3] or "").strip()
        if not email and "@" in name and " " not in name:
            name, email = "", name
        if 0 < len(name) + len(email) <= _LONGEST:
            yield name, email
