"""What several vendors write alike: hiding fields, attachments, links, logged-in users."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Option
from kbsearch.importers.fields import Fields
from kbsearch.visibility import Marker, Verdict

LOGGED_IN_USERS = Option(
    "logged-in-users",
    "`external` if what every logged-in user may read is meant for customers",
    "internal",
)
"""Some desks give an account to every customer, some only to colleagues: a person decides."""

_LOGGED_IN = {"internal": Verdict.INTERNAL, "external": Verdict.PUBLIC}


def logged_in_verdict(options: Mapping[str, str]) -> Verdict:
    """
    What "all logged-in users" means on this desk.

    Raises:
        ConfigError: If the option is neither `internal` nor `external`.
    """
    chosen = options[LOGGED_IN_USERS.name]
    if chosen not in _LOGGED_IN:
        raise ConfigError(
            f"The option {LOGGED_IN_USERS.name!r} is {chosen!r}; it must be internal or external."
        )
    return _LOGGED_IN[chosen]


def hiding_marker(row: Fields, level: str, name: str) -> Marker:
    """A field that hides what it is set for, e.g. `draft` or `spam`; it opens if it is false."""
    says = dict.fromkeys(("true", "t", "1"), Verdict.HIDDEN)
    says |= dict.fromkeys(("false", "f", "0"), Verdict.PUBLIC)
    return row.marker(level, name, says)


def attachment_names(row: Fields) -> tuple[str, ...]:
    """The file names in `attachments`."""
    names = (each.text("file_name", "name") for each in row.children("attachments"))
    return tuple(name for name in names if name)


def linked_ids(link: re.Pattern[str], texts: Iterable[str]) -> tuple[str, ...]:
    """What the first group of `link` matches in the texts, each once."""
    return tuple(dict.fromkeys(found[1] for text in texts for found in link.finditer(text)))
