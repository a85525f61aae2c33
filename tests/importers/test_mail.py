"""Mail archives: threads become tickets, and only an option makes anything of them public."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.base import ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.files.mail import MailImporter
from kbsearch.importers.places import ImportProblem, Skipped
from kbsearch.models import Ticket, TicketStatus
from kbsearch.testing.contracts.importer import as_golden, is_wide_open
from tests.importers.contract import SAMPLES, ImporterContract

PUBLIC = {"agent-domains": "lumen.example", "public": "true"}


class TestMail(ImporterContract):
    """The contract, over a mbox and over single files."""

    importer = MailImporter
    reads_tables = False
    cases: ClassVar = {
        "full": PUBLIC,
        "folder": {"agent-domains": "Lumen.example", "public": "true", "status": "resolved"},
    }

    def test_without_its_markers_nothing_is_open(self, tmp_path: Path) -> None:
        """The one marker is the option `public`: a mail itself says nothing of readers."""
        for export, _, _ in self.each_case():
            for options in ({}, {"agent-domains": "lumen.example"}, {"public": "false"}):
                after = list(MailImporter(options).read(export))

                assert len(after) >= 1
                assert not [item for item in after if is_wide_open(item)]


def mail(
    number: int,
    *,
    sender: str = "mara@velo.example",
    to: str = "support@lumen.example",
    subject: str = "Lamp",
    hour: int = 8,
    head: str = "",
    body: str = "Text.",
) -> str:
    return (
        f"From x@y.example Mon Mar  4 08:00:00 2024\n"
        f"Message-ID: <{number}@velo.example>\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n"
        f"Date: Mon, 4 Mar 2024 {hour:02}:00:00 +0000\n{head}\n{body}\n\n"
    )


def read(folder: Path, *mails: str | bytes, **options: str) -> list[ImportItem]:
    content = b"".join(m if isinstance(m, bytes) else m.encode() for m in mails)
    (folder / "export.mbox").write_bytes(content)
    chosen = {name.replace("_", "-"): value for name, value in options.items()}
    return list(MailImporter(chosen).read(folder / "export.mbox"))


def tickets(items: list[ImportItem]) -> list[Ticket]:
    made = [item.document for item in items if isinstance(item, Imported)]
    return [document for document in made if isinstance(document, Ticket)]


class TestThreads:
    """References first; a subject alone joins only those who can mean the same."""

    def test_answers_to_a_mail_that_is_not_there_are_one_ticket(self, tmp_path: Path) -> None:
        """The first mail may be in another folder; its id names the ticket all the same."""
        answers = [mail(n, head="In-Reply-To: <0@velo.example>\n") for n in (1, 2)]

        (without,) = tickets(read(tmp_path, *answers))
        (with_first,) = tickets(read(tmp_path, *answers, mail(0, hour=7)))

        assert len(without.messages) == 2
        assert len(with_first.messages) == 3
        assert without.id == with_first.id

    def test_mails_stand_in_the_order_of_time(self, tmp_path: Path) -> None:
        """An archive may have the newest first; a mail without a date stays where it was."""
        undated = mail(2, head="References: <1@velo.example>\n", body="undated").replace(
            "Date: Mon, 4 Mar 2024 08:00:00 +0000\n", ""
        )
        last = mail(3, hour=9, head="References: <1@velo.example>\n", body="last")

        (ticket,) = tickets(read(tmp_path, last, mail(1, body="first"), undated))

        assert [message.text for message in ticket.messages] == ["first", "undated", "last"]

    @pytest.mark.parametrize("prefix", "Re Fwd AW Antw SV VS RV TR 回复 RE[2] Re:Aw".split())
    def test_an_answer_without_references_joins_by_its_subject(
        self, tmp_path: Path, prefix: str
    ) -> None:
        """Whatever the language of the mail program."""
        answer = mail(2, sender="ida@lumen.example", to="mara@velo.example", hour=9)

        (ticket,) = tickets(
            read(tmp_path, mail(1), answer.replace("Subject: Lamp", f"Subject: {prefix}: lamp"))
        )

        assert len(ticket.messages) == 2
        assert ticket.subject == "Lamp"

    def test_another_customer_with_the_same_subject_has_another_ticket(
        self, tmp_path: Path
    ) -> None:
        """What is sent to the support address is no answer to somebody else's mail."""
        agents = mail(2, sender="support@lumen.example", to="mara@velo.example", subject="Re: Lamp")
        others = mail(3, sender="bo@kite.example", subject="Re: Lamp", hour=9)

        assert [len(t.messages) for t in tickets(read(tmp_path, mail(1), agents, others))] == [2, 1]

    def test_an_equal_subject_is_no_answer(self, tmp_path: Path) -> None:
        """The same person may have the same trouble again."""
        assert len(tickets(read(tmp_path, mail(1), mail(2, hour=9)))) == 2

    def test_the_window_bounds_what_a_subject_joins(self, tmp_path: Path) -> None:
        """A day later is later than none."""
        answer = mail(2, subject="Re: Lamp", hour=9)

        assert len(tickets(read(tmp_path, mail(1), answer, window_days="0"))) == 2
        assert len(tickets(read(tmp_path, mail(1), answer, window_days="1"))) == 1

    def test_no_id_holds_an_address(self, tmp_path: Path) -> None:
        """Ids travel to where addresses must not."""
        (ticket,) = tickets(read(tmp_path, mail(1).replace("<1@velo", "<mara@velo")))

        assert "velo" not in ticket.id + str(ticket.messages[0].id)


class TestWhoMayRead:
    """Public is what an agent and the asker write each other, if the option says so."""

    @pytest.mark.parametrize(
        ("sender", "to", "is_public"),
        [
            ("ida@lumen.example", "mara@velo.example", True),
            ("ida@mail.lumen.example", "x@z.example, Mara <MARA@velo.example>", True),
            ("mara@velo.example", "ida@lumen.example", True),
            ("ida@lumen.example", "oskar@lumen.example", False),
            ("ida@lumen.example", "oskar@lab.lumen.example", False),
            ("ida@lumen.example", "sales@chokes.example", False),
            ("ida@lumen.example", "", False),
            ("bo@kite.example", "mara@velo.example, ida@lumen.example", False),
            ('"ida@lumen.example" <bo@kite.example>', "mara@velo.example", False),
            ("ida@notlumen.example", "mara@velo.example", False),
            ("ida@lumen.example, bo@kite.example", "mara@velo.example", False),
            ("not an address", "mara@velo.example", False),
            ("mara@velo.example", "bo@kite.example", False),
        ],
    )
    def test_a_second_mail_is_public(
        self, tmp_path: Path, sender: str, to: str, is_public: bool
    ) -> None:
        """The asker, Mara, wrote the first one."""
        second = mail(2, sender=sender, to=to, hour=9, head="References: <1@velo.example>\n")

        (ticket,) = tickets(read(tmp_path, mail(1), second, **PUBLIC))

        assert [message.public for message in ticket.messages] == [True, is_public]
        assert not ticket.published

    def test_public_needs_to_know_the_agents(self) -> None:
        """Without domains every mail would look like a customer's."""
        with pytest.raises(ConfigError, match="needs 'agent-domains'"):
            MailImporter({"public": "true"})

    @pytest.mark.parametrize("option", ["public", "status", "window-days"])
    def test_a_setting_is_never_guessed(self, option: str) -> None:
        """`True` is not `true`."""
        with pytest.raises(ConfigError, match=f"'{option}'"):
            MailImporter({option: "True"})


class TestFiles:
    """However a mail is kept."""

    def test_a_packed_mbox_and_a_zip_of_mails_give_the_same(self, tmp_path: Path) -> None:
        """A packed file cannot be read twice: it is copied while it is looked through."""
        source = SAMPLES / "mail" / "full" / "export.mbox"
        with gzip.open(tmp_path / "export.mbox.gz", "wb") as packed:
            packed.write(source.read_bytes())
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            archive.writestr("a/first.mbox", source.read_bytes())
            archive.writestr("b.eml", mail(9, subject="Alone").partition("\n")[2])

        whole = [as_golden(item) for item in MailImporter(PUBLIC).read(source)]
        packed_ones = [*MailImporter(PUBLIC).read(tmp_path / "export.mbox.gz")]
        zipped = [*MailImporter(PUBLIC).read(tmp_path / "export.zip")]

        documents = [line.get("document") for line in whole]
        assert [as_golden(item).get("document") for item in packed_ones] == documents
        assert [as_golden(item).get("document") for item in zipped[:-1]] == documents
        assert tickets(zipped)[-1].subject == "Alone"

    def test_files_that_hold_no_mail_are_told_or_passed_over(self, tmp_path: Path) -> None:
        """By its name it should hold one; a picture should not."""
        for name in ("a.eml", "b.mbox", "c.mbox", "d.png", "Inbox"):
            (tmp_path / name).write_bytes(b"")
        (tmp_path / "c.mbox").write_text("From here on there is no mail.\n")
        (tmp_path / "Inbox").write_text(mail(1))

        items = list(MailImporter().read(tmp_path))

        assert [(str(i.place), isinstance(i, ImportProblem)) for i in items] == [
            ("a.eml", True),
            ("b.mbox", True),
            ("c.mbox", True),
            ("Inbox[0]", False),
        ]

    def test_memory_does_not_grow_with_the_mails(self, tmp_path: Path) -> None:
        """100 mails of 100 kB: what is kept of each is far less."""
        mails = [mail(n, subject=f"Lamp {n}", body="x" * 100_000) for n in range(100)]
        (tmp_path / "export.mbox").write_text("".join(mails))
        del mails
        tracemalloc.start()

        n_tickets = sum(1 for _ in MailImporter().read(tmp_path / "export.mbox"))
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert n_tickets == 100
        assert peak_bytes < 2_000_000

    def test_a_mail_is_not_divided_at_a_line_of_its_text(self, tmp_path: Path) -> None:
        """Programs forget to quote "From " lines; only one like those between mails parts them."""
        body = "Hello,\n\nFrom tomorrow on, at 10:30, room 2024 is free.\n>From me\n>>From you"

        (ticket,) = tickets(read(tmp_path, mail(1, body=body)))

        assert ticket.messages[0].text.endswith("From me\n>From you")

    def test_a_thread_is_bounded(self, tmp_path: Path) -> None:
        """Nobody reads the 501st; it is told, not lost in silence."""
        mails = [mail(n, head="References: <0@velo.example>\n") for n in range(502)]

        items = read(tmp_path, *mails)

        problems = [item for item in items if isinstance(item, ImportProblem)]
        assert [str(p.place) for p in problems] == ["export.mbox[500]", "export.mbox[501]"]
        assert len(tickets(items)[0].messages) == 500


def test_a_closed_ticket_gives_its_last_public_answer_as_resolution(tmp_path: Path) -> None:
    """A mail has no status; whoever imports solved cases says so."""
    answer = mail(2, sender="ida@lumen.example", to="mara@velo.example", subject="Re: Lamp", hour=9)

    (ticket,) = tickets(read(tmp_path, mail(1), answer, status="closed", **PUBLIC))

    assert ticket.status is TicketStatus.CLOSED
    assert ticket.public_resolution is not None


def test_what_is_left_out_still_joins_its_thread(tmp_path: Path) -> None:
    """Somebody may answer the automatic answer."""
    automatic = mail(
        2, head="In-Reply-To: <1@velo.example>\nAuto-Submitted: auto-replied\n", hour=9
    )
    answer = mail(3, head="In-Reply-To: <2@velo.example>\n", subject="Thanks", hour=10)

    items = read(tmp_path, mail(1), automatic, answer)

    assert len([item for item in items if isinstance(item, Skipped)]) == 1
    assert [len(ticket.messages) for ticket in tickets(items)] == [2]


def test_likeness_is_the_share_of_mail_files() -> None:
    """Known by name: two of four."""
    assert MailImporter.likeness({}, ["a.eml", "b.MBOX", "c.txt", "d"]) == 0.5
