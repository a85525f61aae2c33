"""Tickets from mail archives: mbox files and folders of .eml files, thread by thread."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import nan
from typing import NamedTuple

from kbsearch.errors import ConfigError
from kbsearch.importers.base import Importer, ImportItem, Option
from kbsearch.importers.building import Imported, TicketDraft
from kbsearch.importers.fields import Fields
from kbsearch.importers.files.mail_bodies import MAX_MAIL_BYTES, Body, MailError, read_body
from kbsearch.importers.files.mail_files import MailFiles, head_of
from kbsearch.importers.files.mail_heads import Address, Head, read_head
from kbsearch.importers.files.mail_threads import Envelope, Threads, digest
from kbsearch.importers.places import ImportProblem, Place, Skipped
from kbsearch.importers.reading.source import Source
from kbsearch.importers.shared.people import People
from kbsearch.models import AuthorRole, Person, TicketStatus
from kbsearch.visibility import Marker, Verdict, marker_from

_MAX_MAILS = 500
_MAX_RECIPIENTS = 20
_MAX_SUBJECT_CHARACTERS = 1_000
_DAY_S = 86_400
_FLAGS = {"true": Verdict.PUBLIC, "false": Verdict.INTERNAL}
_STATUSES = ("open", "resolved", "closed")
_WAYS = {
    "agent to asker": Verdict.PUBLIC,
    "asker to agent": Verdict.PUBLIC,
    "agents among themselves": Verdict.INTERNAL,
    "agent to others": Verdict.INTERNAL,
    "asker to others": Verdict.INTERNAL,
    "others": Verdict.INTERNAL,
}


class _Mail(NamedTuple):
    """A mail read whole."""

    place: Place
    id: str
    head: Head
    body: Body


class MailImporter(Importer):
    """
    Tickets from mails: a thread is a ticket, its asker the first who is no agent.

    Nothing in a mail says that customers may read it, so an archive is internal.
    With `public=true`, mails between an agent and the asker are public; agents are
    known by `agent-domains`, and what they write to each other or to others stays
    private. A `From` can be forged: give the option for archives of your own desk.
    """

    name = "mail"
    title = "Mail archives"
    reads = "mbox files (also without a suffix) and *.eml files"
    verified = (
        "heads and parts after RFC 5322, 2045-2047, 2231 and 3834; the flags of Thunderbird and "
        "the labels of Gmail for deleted mail and spam are from general knowledge"
    )
    OPTIONS = (
        Option("agent-domains", "domains of the agents' addresses, parted by commas"),
        Option("public", "true: what an agent and the asker write each other is public"),
        Option("status", "of every ticket: open, resolved or closed", "open"),
        Option("window-days", "how long a reply may join a thread by its subject alone", "30"),
    )

    def __init__(
        self, options: Mapping[str, str] | None = None, *, encoding: str = "utf-8"
    ) -> None:
        super().__init__(options, encoding=encoding)
        domains = (domain.strip().lower() for domain in self.options["agent-domains"].split(","))
        self._domains = tuple(filter(None, domains))
        if self.options["public"] not in ("", *_FLAGS):
            raise ConfigError("The option 'public' is neither 'true' nor 'false'.")
        if self.options["public"] == "true" and not self._domains:
            raise ConfigError(
                "The option public=true needs 'agent-domains': without them nobody can tell "
                "an agent's mail to the asker from any other."
            )
        if self.options["status"] not in _STATUSES:
            raise ConfigError(f"The option 'status' is none of {', '.join(_STATUSES)}.")
        days = self.options["window-days"]
        if not (days.isascii() and days.isdecimal() and len(days) <= 4):
            raise ConfigError("The option 'window-days' is not a number of days from 0 to 9999.")
        self._window_s = int(days) * _DAY_S

    @classmethod
    def likeness(
        cls,
        outline: Mapping[str, frozenset[str]],  # noqa: ARG003 - files are known by their names
        names: Sequence[str],
    ) -> float:
        """The share of mail files among all."""
        n_ours = sum(name.lower().endswith((".eml", ".mbox")) for name in names)
        return n_ours / len(names) if names else 0.0

    def _read(self, source: Source) -> Iterator[ImportItem]:
        with tempfile.TemporaryFile() as copies:
            yield from self._threads(MailFiles(source.files(), copies))

    def _threads(self, files: MailFiles) -> Iterator[ImportItem]:
        threads = Threads(window_s=self._window_s)
        known: set[int] = set()
        for place, scanned in files.scan():
            if scanned is None:
                yield ImportProblem(files.shown(place), "it holds no mail")
                continue
            head = read_head(scanned.head)
            envelope = _envelope(head, scanned.digest)
            if head.left_out:
                threads.link(envelope)
                yield Skipped(files.shown(place), head.left_out)
                continue
            content = digest(f"{envelope.id} {scanned.digest.hex()}")
            if content in known:
                yield Skipped(files.shown(place), "it is there already, in another copy")
                continue
            known.add(content)
            threads.add(envelope)
            files.keep(place)
        for root, numbers in threads.found():
            mails = {number: _shown_id(threads.id_of(number)) for number in numbers}
            yield from self._thread(root, mails, files)

    def _thread(self, root: int, ids: Mapping[int, str], files: MailFiles) -> Iterator[ImportItem]:
        mails: list[_Mail] = []
        for number, mail_id in ids.items():
            place = files.kept(number)
            shown = files.shown(place)
            if len(mails) == _MAX_MAILS:
                yield ImportProblem(shown, f"its thread has more than {_MAX_MAILS} mails")
                continue
            content = files.read(place, max_bytes=MAX_MAIL_BYTES + 1)
            try:
                body = read_body(content)
            except MailError as error:
                yield ImportProblem(shown, str(error))
                continue
            if body.left_out:
                yield Skipped(shown, body.left_out)
            else:
                mails.append(_Mail(shown, mail_id, read_head(head_of(content)), body))
        if mails:
            row = Fields(mails[0].place, {})
            yield from self._each([row], partial(self._ticket, root, mails))

    def _ticket(self, root: int, mails: Sequence[_Mail], row: Fields) -> Imported:
        authors = [mail.head.author for mail in mails]
        asker = next((a for a in authors if a is not None and not self._is_agent(a)), None)
        archive = marker_from("archive", "public", self.options["public"] or None, says=_FLAGS)
        draft = TicketDraft(row.place, markers=[archive])
        n_of_id: Counter[str] = Counter()
        for mail in mails:
            n_of_id[mail.id] += 1
            n_before = n_of_id[mail.id] - 1
            is_agents = mail.head.author is not None and self._is_agent(mail.head.author)
            draft.add(
                mail.body.text,
                author_role=AuthorRole.AGENT if is_agents else AuthorRole.CUSTOMER,
                markers=[self._way(mail.head, asker)],
                id=f"{mail.id}-{n_before}" if n_before else mail.id,
                format=mail.body.format,
                created_at=mail.head.date,
                attachments=mail.body.attachments,
            )
        dates = [mail.head.date for mail in mails if mail.head.date is not None]
        made = draft.build(
            id=self.ticket_id(_shown_id(root)),
            subject=mails[0].head.subject[:_MAX_SUBJECT_CHARACTERS],
            status=TicketStatus(self.options["status"]),
            people=_people_of(mails, asker),
            created_at=min(dates, default=None),
            updated_at=max(dates, default=None),
        )
        warnings = (f"{mail.place}: {told}" for mail in mails for told in mail.body.warnings)
        return made._replace(warnings=(*made.warnings, *warnings))

    def _way(self, head: Head, asker: Address | None) -> Marker:
        """From whom to whom a mail went."""
        to = {recipient.email for recipient in head.recipients}
        agents = [recipient for recipient in head.recipients if self._is_agent(recipient)]
        if head.author is None:
            way = "nobody or several"
        elif self._is_agent(head.author):
            is_inside = len(agents) == len(head.recipients)
            way = "agents among themselves" if is_inside else "agent to others"
            if asker is not None and asker.email in to:
                way = "agent to asker"
        elif asker is not None and head.author.email == asker.email:
            way = "asker to agent" if agents else "asker to others"
        else:
            way = "others"
        return marker_from("mail", "From, To, Cc", way, says=_WAYS)

    def _is_agent(self, address: Address) -> bool:
        """Also at a subdomain: a colleague taken for a customer would be written to in public."""
        domain = address.email.rpartition("@")[2]
        return any(domain == known or domain.endswith(f".{known}") for known in self._domains)


def _people_of(mails: Sequence[_Mail], asker: Address | None) -> tuple[Person, ...]:
    """Everyone who wrote or was written to, the asker first."""
    people = People()
    for head in (mail.head for mail in mails):
        for person in (asker, head.author, *head.recipients):
            if person is not None:
                people.add(name=person.name, email=person.email)
    return people.found


def _shown_id(mail: int) -> str:
    """In place of the id itself, which may hold an address."""
    return f"{mail:016x}"


def _envelope(head: Head, body_digest: bytes) -> Envelope:
    author = head.author.email if head.author else ""
    name = head.message_id or f"{author} {head.date} {head.subject} {body_digest.hex()}"
    return Envelope(
        id=digest(name),
        references=tuple(map(digest, head.references)),
        subject=digest(head.subject.casefold()) if head.subject else 0,
        is_reply=head.is_reply,
        date_s=head.date.timestamp() if head.date else nan,
        author=digest(author) if author else 0,
        recipients=tuple(digest(each.email) for each in head.recipients[:_MAX_RECIPIENTS]),
    )
