"""HTML mail is read so that its quotes and signatures are found, whatever its language."""

from __future__ import annotations

import pytest

from kbsearch.text import html_to_text
from kbsearch.text.mail import CutKind, mail_cuts, without_cuts


def kept(markup: str) -> str:
    """What a sender wrote in an HTML mail."""
    text = html_to_text(markup, is_mail=True)
    return without_cuts(text, mail_cuts(text))


QUOTED = {
    "gmail": (
        '<div class="gmail_quote"><div class="gmail_attr">Le 3 mai, Tom a &eacute;crit :<br></div>'
        '<blockquote class="gmail_quote" style="margin:0"><div>Old one</div>two</blockquote></div>'
    ),
    "gmail-hungarian": (
        '<div class="gmail_quote"><div class="gmail_attr">Tom ezt írta (2024. máj. 3., P, 10:21):'
        '</div><blockquote class="gmail_quote">Old one, and two</blockquote></div>'
    ),
    "thunderbird": (
        '<div class="moz-cite-prefix">On 03/05/24 10:21, Tom wrote:<br></div>'
        '<blockquote type="cite" cite="mid:1@x.example"><p>Old</p><pre>a\n  b</pre></blockquote>'
    ),
    "apple": (
        '<blockquote type="cite"><div>On 3 May 2024, at 10:21, Tom &lt;t@x.example&gt; wrote:</div>'
        "<br><div>Old</div></blockquote>"
    ),
    "outlook": (
        "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        "<p class=MsoNormal><b>Lähettäjä:</b> Tom<br><b>Aihe:</b> Tulostin</p></div></div>"
        "<p class=MsoNormal>Old</p>"
    ),
    "outlook-web": (
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><font><b>De:</b> Tom<br>'
        "<b>Assunto:</b> x</font></div><div>Old</div>"
    ),
    "outlook-old": '<div class="OutlookMessageHeader">From: Tom</div><div>Old</div>',
    "yahoo": '<div class="yahoo_quoted"><div>On Friday Tom wrote to us:</div><p>Old</p></div>',
    "proton": (
        '<div class="protonmail_quote">On Friday, 3 May 2024, Tom wrote:<br>'
        '<blockquote class="protonmail_quote" type="cite">Old</blockquote></div>'
    ),
    "zoho": '<div class="zmail_extra">---- On Fri, 03 May 2024 Tom wrote ----<br>Old</div>',
    "gmx": '<div name="quote"><b>Gesendet:</b> Freitag um 10:21 Uhr<br><b>Von:</b> T<br>Old</div>',
}


@pytest.mark.parametrize("program", QUOTED)
def test_what_a_mail_program_quotes_is_cut(program: str) -> None:
    """Classes and ids say it more surely than words, in every language."""
    assert kept(f"<div>It still jams.</div>{QUOTED[program]}") == "It still jams."


@pytest.mark.parametrize("program", ["thunderbird", "apple", "proton"])
def test_answers_below_and_between_quotes_stay(program: str) -> None:
    """What is marked line by line ends where its element ends."""
    quote = QUOTED[program]

    assert kept(f"{quote}<p>First answer</p>{quote}<p>Second</p>") == "First answer\n\nSecond"


def test_quoted_lines_bear_their_marks() -> None:
    """As in a plain mail, one for each level, so that a reader sees what is quoted."""
    markup = "<blockquote type=cite>a<br>b<blockquote type=cite>c</blockquote></blockquote><p>d"

    assert html_to_text(markup, is_mail=True) == "> a\n> b\n>\n> > c\n\nd"
    assert html_to_text(markup) == "a\nb\n\nc\n\nd"


def test_deep_quotes_bear_no_more_than_three_marks() -> None:
    """Two hundred levels of marks before each line would be most of the text."""
    markup = "<blockquote type=cite>" * 200 + "a<br>b"

    assert html_to_text(markup, is_mail=True) == "> > > a\n> > > b"


@pytest.mark.parametrize(
    "opening",
    [
        "Begin forwarded message:",
        "---------- Forwarded message ---------",
        "Début du message réexpédié :",
        "-------- Weitergeleitete Nachricht --------",
    ],
)
@pytest.mark.parametrize(
    "container", ["<blockquote type=cite>", "<div class=yahoo_quoted>", "<div class=gmail_attr>"]
)
def test_a_mail_that_was_passed_on_stays(opening: str, container: str) -> None:
    """Apple and Yahoo put it where they put quotes; it is the problem."""
    markup = f"Please help.{container}<div>{opening}</div>From: L<br>Subject: C<br><br>It jams."

    assert kept(markup) == "Please help.\n\nIt jams."


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature">Anna<br>writes about trains</div>',
        '<div id="Signature"><p>Anna</p><p>writes about trains</p></div>',
        '<div id="x_Signature">Anna</div>',
        '<div class="moz-signature">-- <br>Anna<br>writes about trains</div>',
        '<pre class="moz-signature" cols="72">-- \nAnna\nwrites about trains</pre>',
        '<span class="js-signatureMarker"></span><div>Anna<br>writes about trains</div>',
        '<span class="js-signatureMarker"></span><p>--</p><p>Anna writes about trains</p>',
        '<div class="protonmail_signature_block">Anna<br>writes about trains</div>',
        '<div class="signature"><p>--<br>Anna</p></div>',
    ],
)
def test_what_a_mail_program_signs_is_cut(signature: str) -> None:
    """Without a phrase before it, too; also with a mark of its own."""
    text = html_to_text(f"<div>It jams.</div>{signature}", is_mail=True)

    cuts = mail_cuts(text)

    assert without_cuts(text, cuts) == "It jams."
    assert {cut.kind for cut in cuts} == {CutKind.SIGNATURE}
    assert text.count("--") == 1


def test_a_signature_above_a_quote_ends_where_the_quote_begins() -> None:
    """Whoever answers on top signs in the middle of the mail."""
    markup = f"It jams.<div class=gmail_signature>Anna</div>{QUOTED['gmail']}<p>PS2</p>"

    assert kept(markup) == "It jams.\n\nPS2"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>The manual says</p><blockquote>Press three seconds.</blockquote><p>but nothing</p>",
        "<div style='border-top:solid #E1E1E1 1pt'>a line above, and then text</div>",
        "<blockquote style='margin:0 0 0 40px;border:none'>indented by the sender</blockquote>",
    ],
)
def test_a_sender_s_own_layout_is_no_quote(markup: str) -> None:
    """Only what a mail program marks as cited is; people indent their own words."""
    assert kept(markup) == html_to_text(markup)


@pytest.mark.parametrize("markup", [*QUOTED.values(), "<div class=gmail_signature>Anna</div>"])
def test_an_article_is_read_without_marks(markup: str) -> None:
    """What is pasted from mails into an article is part of the article."""
    text = html_to_text(markup)

    assert ">" not in text.replace("<t@x.example>", "")
    assert "--" not in text.replace("----", "")


@pytest.mark.parametrize(
    "unit",
    [
        "<blockquote type=cite>",
        "<blockquote type=cite>x</blockquote>",
        "<div class=gmail_signature>x</div>",
        "<span class=js-signatureMarker>",
        "<div style='border-top:solid'>From:",
        "<div name=quote><p>x<p>y</div>",
    ],
)
def test_a_megabyte_of_marks_is_read_in_linear_time(unit: str) -> None:
    """Each could look for its text in all that follows."""
    text = html_to_text(f"hello<br>{unit * (1_000_000 // len(unit))}<p>bye", is_mail=True)

    assert text.startswith("hello\n")
    assert text.endswith("bye")
