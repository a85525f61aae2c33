"""All importers, by name and by the look of an export."""

from __future__ import annotations

from pathlib import Path

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer
from kbsearch.importers.files.mail import MailImporter
from kbsearch.importers.files.markdown import MarkdownImporter
from kbsearch.importers.files.native import NativeImporter
from kbsearch.importers.files.tabular import TableImporter
from kbsearch.importers.reading.source import open_source
from kbsearch.importers.vendors.chatwoot import ChatwootImporter
from kbsearch.importers.vendors.discourse import DiscourseImporter
from kbsearch.importers.vendors.freescout import FreeScoutImporter
from kbsearch.importers.vendors.freshdesk import FreshdeskImporter
from kbsearch.importers.vendors.freshservice import FreshserviceImporter
from kbsearch.importers.vendors.github import GitHubImporter
from kbsearch.importers.vendors.glpi import GlpiImporter
from kbsearch.importers.vendors.helpy import HelpyImporter
from kbsearch.importers.vendors.intercom import IntercomImporter
from kbsearch.importers.vendors.jira import JiraImporter
from kbsearch.importers.vendors.osticket import OsTicketImporter
from kbsearch.importers.vendors.otrs import OtrsImporter
from kbsearch.importers.vendors.servicenow import ServiceNowImporter
from kbsearch.importers.vendors.zammad import ZammadImporter
from kbsearch.importers.vendors.zendesk import ZendeskImporter

IMPORTERS: tuple[type[Importer], ...] = (
    ChatwootImporter,
    DiscourseImporter,
    FreeScoutImporter,
    FreshdeskImporter,
    FreshserviceImporter,
    GitHubImporter,
    GlpiImporter,
    HelpyImporter,
    IntercomImporter,
    JiraImporter,
    NativeImporter,
    MailImporter,
    MarkdownImporter,
    OsTicketImporter,
    OtrsImporter,
    ServiceNowImporter,
    TableImporter,
    ZammadImporter,
    ZendeskImporter,
)
"""Every importer, by name."""

_LIKE_ENOUGH = 0.3


def find_importer(name: str) -> type[Importer]:
    """
    The importer with this name.

    Raises:
        ConfigError: If there is none.
    """
    for importer in IMPORTERS:
        if importer.name == name:
            return importer
    raise ConfigError(
        f"There is no importer {name!r}. Use one of {', '.join(i.name for i in IMPORTERS)}; "
        "`kbsearch import --list` tells more, `--detect PATH` names the likely one."
    )


def detect(path: str | Path, *, encoding: str = "utf-8") -> list[tuple[type[Importer], float]]:
    """
    Which importers an export looks like.

    Args:
        path: A file, a folder or an archive.
        encoding: Of text files that do not tell theirs.

    Returns:
        (importer, likeness in [0, 1]) pairs, the likeliest first, without the unlikely.

    Raises:
        ConfigError: If there is nothing at `path`.
        SourceError: If an archive is refused.
    """
    with open_source(Path(path), encoding=encoding) as source:
        outline = source.outline()
        names = [file.name for file in source.files()]
    found = [(importer, importer.likeness(outline, names)) for importer in IMPORTERS]
    likely = [(importer, share) for importer, share in found if share >= _LIKE_ENOUGH]
    return sorted(likely, key=lambda each: -each[1])
