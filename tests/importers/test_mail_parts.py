"""One mail: its head and its text come back, whatever the bytes are."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

import pytest

from kbsearch.importers.files.mail_bodies import MAX_MAIL_BYTES, MailError, read_body
from kbsearch.importers.files.mail_heads import Address, read_head
from kbsearch.models import TextFormat
from tests.importers.contract import SAMPLES


class TestHeads:
    """Encoded, folded, missing and made-up headers."""

    def test_an_encoded_head_is_read_as_a_person_would(self) -> None:
        """Subject and names are encoded words, the subject is folded."""
        head = read_head(
            b"Message-ID:\r\n <a@x.example>\r\n"
            b"From: =?iso-8859-1?q?J=F6rg_K=2E?= <JOERG@X.example>\r\n"
            b'To: "Lind, Mara" <mara@velo.example>, Bo <bo@kite.example>\r\nCc: x@y.example\r\n'
            b"Subject: AW: =?utf-8?b?TMOkbXBj?=\r\n =?utf-8?b?aGVu?= flackert\r\n"
            b"References: <1@x> <2@x>\r\n <1@x>\r\nIn-Reply-To: your mail <3@x> of Monday\r\n"
            b"Date: Mon, 4 Mar 2024 09:00:00 +0100 (CET)\r\n"
        )

        assert head.message_id == "a@x.example"
        assert head.author == Address("Jörg K.", "joerg@x.example")
        assert [each.email for each in head.recipients] == [
            "mara@velo.example",
            "bo@kite.example",
            "x@y.example",
        ]
        assert (head.subject, head.is_reply) == ("Lämpchen flackert", True)
        assert head.references == ("1@x", "2@x", "3@x")
        assert head.date == datetime(2024, 3, 4, 8, tzinfo=UTC)

    def test_raw_bytes_in_a_head_are_utf_8_or_latin_1(self) -> None:
        """Both occur, and neither is declared."""
        assert read_head("Subject: Größe".encode()).subject == "Größe"
        assert read_head("Subject: Größe".encode("latin-1")).subject == "Größe"

    @pytest.mark.parametrize(
        "date", ["", "yesterday", "Mon, 99 Mar 2024 09:00:00", "Mon, 4 Mar 99999 09:00:00 +9999"]
    )
    def test_a_date_that_is_none_is_none(self, date: str) -> None:
        """It is not guessed."""
        assert read_head(f"Date: {date}".encode()).date is None

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("Auto-Submitted: auto-generated; x=y", "it was sent automatically"),
            ("Auto-Submitted: no", ""),
            ("Precedence: Bulk", "it is bulk mail"),
            ("Return-Path: <>", "it reports on the delivery of a mail"),
            ("Content-Type: text/calendar; method=REPLY", "it is an invitation of a calendar"),
            ("X-Mozilla-Status: 0008", "it was deleted"),
            ("X-Mozilla-Status: 0001", ""),
            ("X-Gmail-Labels: Inbox, Trash", "it was deleted"),
            ("X-Gmail-Labels: =?utf-8?q?Spam?=", "it is spam"),
        ],
    )
    def test_left_out(self, line: str, reason: str) -> None:
        """Machines' mail, and what somebody threw away."""
        assert read_head(line.encode()).left_out == reason


class TestBodies:
    """The text of the author, and names of attachments alone."""

    def test_plain_text_is_preferred_to_html(self) -> None:
        """Both say the same; names of attachments are no text."""
        body = read_body(
            b"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
            b"Content-Type: multipart/alternative; boundary=i\n\n"
            b"--i\nContent-Type: text/html\n\n<p>Hi</p>\n--i\n\nHi\n--i--\n"
            b"--o\nContent-Type: text/plain; name=log.txt\n\nsecret log\n"
            b"--o\nContent-Type: message/rfc822\n\nSubject: x\n\nforwarded\n"
            b'--o\nContent-Disposition: attachment; filename="=?utf-8?q?K=C3=BCche=2Epng?="\n\n'
            b"x\n--o--\n"
        )

        assert (body.text, body.format) == ("Hi", TextFormat.PLAIN)
        assert body.attachments == ("log.txt", "Küche.png")

    @pytest.mark.parametrize(
        ("charset", "content", "text", "is_sound"),
        [
            ("utf-8", "Größe".encode(), "Größe", True),
            ("UTF-8", "Größe".encode("latin-1"), "Größe", False),
            ("us-ascii", "Größe".encode(), "Größe", False),
            ("iso-8859-15", "5 €".encode("iso-8859-15"), "5 €", True),
            ("x-unknown", "Größe".encode(), "Größe", False),
            ("punycode", b"abc-", "abc-", False),
            ("hex", b"4142", "4142", False),
            ("\x00", b"abc", "abc", False),
            ("gb2312", "你好".encode("gb2312"), "你好", True),
        ],
    )
    def test_a_charset_is_tried_then_utf_8_then_latin_1(
        self, charset: str, content: bytes, text: str, is_sound: bool
    ) -> None:
        """And a person is told to look, where the mail was wrong."""
        body = read_body(f'Content-Type: text/plain; charset="{charset}"\n\n'.encode() + content)

        assert body.text == text
        assert bool(body.warnings) is not is_sound

    def test_a_part_that_is_a_calendar_makes_an_invitation(self) -> None:
        """Its text was written by the calendar; one that is attached to a mail was not."""
        start = b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nHi\n--o\n"

        inline = read_body(start + b"Content-Type: text/calendar\n\nBEGIN\n--o--")
        attached = read_body(start + b"Content-Type: text/calendar; name=a.ics\n\nBEGIN\n--o--")

        assert inline.left_out == "it is an invitation of a calendar"
        assert (attached.left_out, attached.attachments) == ("", ("a.ics",))

    def test_a_huge_mail_is_cut_and_told(self) -> None:
        """What is attached to it follows its text."""
        content = b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nHi\n--o\n"
        content += b"Content-Disposition: attachment; filename=a.bin\n\n" + b"QUJD" * (2 << 20)

        body = read_body(content[: MAX_MAIL_BYTES + 1])

        assert (body.text, body.attachments) == ("Hi", ("a.bin",))
        assert body.warnings == ("only its first 4,194,304 bytes were read",)

    def test_a_very_long_text_is_cut_and_told(self) -> None:
        """More than any index would take."""
        body = read_body(b"\n" + b"word " * 50_000)

        assert len(body.text) == 199_999
        assert body.warnings == ("only the first 200,000 characters of it were kept",)


def _nested(n_levels: int) -> bytes:
    levels = range(n_levels)
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in levels
    )


HOSTILE = {
    "levels": _nested(3_000),
    "lines in levels": _nested(90) + b"\nx\n" * 500_000,
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 3_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000,
    "parameters": b"Content-Type: text/plain; " + b'a=";";' * 150_000 + b"\n\nx",
    "short lines": b"\n" + b"a\n" * 1_000_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_is_refused_soon(content: bytes) -> None:
    """Python's parser takes minutes or gigabytes for some of them."""
    start = time.perf_counter()

    with pytest.raises(MailError, match=r"than are read|too long|too deeply"):
        read_body(content)

    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b"(" * 1_000_000,
        b"From: <",
        b"To: " + b"<a@" * 300_000,
        b"Subject: " + b"=?utf-8?q?" * 100_000,
        b"Subject: =?utf-8?b?a?=",
        b"Subject: " + b"Re:" * 300_000,
        b"References: " + b"<a@b> " * 150_000,
        b"\xff\x00:\x00\n\n\n",
    ],
)
def test_a_hostile_head_gives_something(head: bytes) -> None:
    """Parsers of addresses and encoded words are easily led astray."""
    start = time.perf_counter()

    read_head(head)

    assert time.perf_counter() - start < 5


def test_damaged_mails_give_a_body_or_a_mail_error() -> None:
    """Two thousand mails of the sample with pieces that confuse parsers in random places."""
    pieces = (
        b"=?utf-8?b? ?= ( ) \" < ; = *0*= '' \n \r \x00 \xff boundary= multipart/mixed; --out "
        b"charset= utf-16 utf-7 base64 x-uuencode Content-Type: Date: 99999999999999999999 @ \x85"
    ).split(b" ")
    mails = (SAMPLES / "mail" / "full" / "export.mbox").read_bytes().split(b"\nFrom ")
    chosen = random.Random(3)

    for _ in range(2_000):
        damaged = bytearray(chosen.choice(mails))
        for _ in range(chosen.randint(1, 10)):
            place = chosen.randrange(len(damaged))
            damaged[place:place] = chosen.choice(pieces)
        read_head(bytes(damaged).partition(b"\n\n")[0])
        try:
            read_body(bytes(damaged))
        except MailError:
            continue
