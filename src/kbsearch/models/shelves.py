"""
Names of shelves: one for customers, one for all staff, one for each group of staff.

`external`, `internal`, `internal.hr`: a name is also that of the shelf's directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kbsearch.errors import AudienceError, GroupError
from kbsearch.models.base import GROUP_PATTERN, Audience

_GROUP = re.compile(GROUP_PATTERN)


def group_shelf(group: str) -> str:
    """The shelf of one group of staff: `internal.hr` for `hr`."""
    return f"{Audience.INTERNAL.value}.{group}"


def audience_of(shelf: str) -> Audience:
    """Who reads a shelf: staff, if it is a group's."""
    return Audience(shelf.partition(".")[0])


def group_of(shelf: str) -> str | None:
    """The group that alone reads a shelf; None if it is no group's."""
    return shelf.partition(".")[2] or None


def parse_groups(groups: Iterable[str], audience: Audience) -> tuple[str, ...]:
    """
    Read the groups that somebody is in, as strictly as an audience.

    Raises:
        GroupError: For what is no name of a group, for anything else than a list of
            them, as one str, or for groups of customers.
    """
    if isinstance(groups, str) or not isinstance(groups, Iterable):
        kind = type(groups).__name__
        raise GroupError(groups, f"groups are a list of names, not one {kind}")
    named = list(groups)
    for name in named:
        if not isinstance(name, str) or not _GROUP.fullmatch(name):
            raise GroupError(name, "a group is named by small letters, digits and hyphens")
    if named and audience is Audience.EXTERNAL:
        raise GroupError(named[0], "groups are of staff; customers are in none")
    return tuple(sorted(set(named)))


def parse_shelf(name: str | None) -> str:
    """
    Read the name of one shelf.

    Raises:
        AudienceError: For anything but `external`, `internal` and `internal.<group>`.
        GroupError: For a group that cannot be one.
    """
    if not isinstance(name, str):
        raise AudienceError(name)
    audience, dot, group = name.partition(".")
    asked = Audience.parse(audience)
    return group_shelf(*parse_groups([group], asked)) if dot else asked.value
