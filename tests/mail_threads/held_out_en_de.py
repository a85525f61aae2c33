"""English and German mails written when the rules were finished."""

from __future__ import annotations

from tests.mail_threads.thread import held_out_thread

ENGLISH_AND_GERMAN_HELD_OUT = (
    held_out_thread(
        "en-parish-council",
        """
b|Dear Ms Oakley,
b|
b|The hall booking page shows last year's prices again, although we changed them in March.
b|When I log in as treasurer the new ones are there.
b|
b|I would be grateful for a call.
b|
s|Yours faithfully
b|
s|Edmund Thackeray
s|Treasurer, Little Wimpole Parish Council
s|The Old Forge, Church Lane
s|Little Wimpole CB0 0XX
s|Landline 01223 555 061
b|
q|From: Clare Oakley [mailto:clare@halls.example.org.uk]
q|Sent: 13 March 2025 09:27
q|To: treasurer@wimpole.example.org.uk
q|Subject: Re: Prices
q|
q|Dear Mr Thackeray, the prices can be changed under "Tariffs".
q|
q|Clare
""",
    ),
    held_out_thread(
        "en-startup",
        """
b|hey, webhooks still arrive twice for refunds. single for payments. retry header says 0
b|both times
b|
s|cheers,
s|zoe
b|
q|On Thu, Mar 6, 2025 at 6:51 PM Dev Support <dev@payments.example.com> wrote:
q|
q|> Hi Zoe,
q|>
q|> are you sure it is not our retry? Look at the header X-Retry.
q|>
q|> --
q|> Dev Support
""",
    ),
    held_out_thread(
        "en-hospital",
        """
d|This message originated from outside your organisation. Please do not click links or open
d|attachments unless you recognise the sender and know the content is safe.
b|
b|Hi both,
b|
b|The wristband scanner on Ward 9 reads the date of birth as the hospital number. Ward 8 has
b|the same model and is fine.
b|
b|Could one of you look before the night shift?
b|
s|Thank you very much and kind regards,
s|Sister Moira Quinn
s|Ward Manager | Ward 9
s|Bleep 4471
b|
d|This message may contain confidential information. If you are not the intended recipient
d|please inform the sender that you have received the message in error before deleting it.
b|
q|From: Ward Systems <wards@systems.example.nhs.example>
q|Sent: 19 February 2025 13:40
q|To: Quinn, Moira <moira.quinn@hospital.example.org>
q|Cc: Patel, Anil <anil.patel@hospital.example.org>
q|Subject: RE: INC77120 Wristbands
q|
q|Hi Moira, is it one scanner or all of them?
""",
    ),
    held_out_thread(
        "en-forward-chain",
        """
b|Can you answer her? I do not know this model.
b|
s|Ta, Gaz
b|
s|Sent from Outlook for iOS
b|
h|---------- Forwarded message ---------
h|From: Winnie Cole <winnie@potters.example.com>
h|Date: Sun, 9 Mar 2025 at 14:02
h|Subject: Kiln controller
h|To: Gaz <gaz@kilns.example.com>
b|
b|Hi Gaz,
b|
b|the controller stops at 600 degrees and shows "tc2". It did it three times in a row.
b|
s|Best
s|Winnie
""",
    ),
    held_out_thread(
        "de-handwerk",
        """
b|Moin Herr Petersen,
b|
b|das Aufmaß kommt auf dem Tablet an, aber die Fotos fehlen. Auf dem Handy vom Kollegen sind
b|sie da, WLAN ist dasselbe.
b|
s|Schöne Grüße von der Küste
s|Enno Janssen
b|
s|Tischlerei Janssen
s|Deichstr. 4 - 26999 Wattdorf
s|Tel. 04999 55501, Mobil 0170 5550199
s|Inhaber: Enno Janssen, USt-IdNr. DE000000000
b|
q|Am 04.03.25 um 12:46 schrieb Petersen (Aufmaß-App):
q|
q|> Moin Herr Janssen,
q|>
q|> bitte einmal ab- und wieder anmelden.
q|>
q|> Gruß
q|> Petersen
""",
    ),
    held_out_thread(
        "de-uni",
        """
b|Liebes Rechenzentrum,
b|
b|der Zugang zum Rechencluster bricht seit Donnerstag nach genau 60 Sekunden ab ("broken pipe").
b|Aus dem Institutsnetz passiert das nicht.
b|
s|Mit bestem Dank und vielen Grüßen
s|Yasemin Aydin, M.Sc.
s|--
s|Institut für angewandte Beispiele
s|Gebäude C2, Raum 118
s|Sprechstunde: Di 10-11 Uhr
b|
q|On 07.03.25 08:59, RZ-Hotline wrote:
q|> Von wo aus verbinden Sie sich?
q|> Und mit welchem Programm?
""",
    ),
    held_out_thread(
        "de-amt",
        """
b|Guten Tag,
b|
b|die elektronische Akte lässt sich nicht mehr schließen, wenn ein Vermerk offen ist. Der
b|Knopf "Vermerk verwerfen" fehlt seit der Umstellung.
b|
s|Mit freundlichen Grüßen
s|Im Auftrag
b|
s|Thomas Quandt
s|Landratsamt Beispielkreis
s|Sachgebiet 23 - Wohngeld
s|Zimmer 2.31
s|Telefon 09999 555-2310
b|
d|Bitte prüfen Sie der Umwelt zuliebe, ob der Ausdruck dieser Mail erforderlich ist.
b|
q|Von: eAkte-Support <eakte@verfahren.example.de>
q|Gesendet: Montag, 10. März 2025 07:55
q|An: Quandt, Thomas <thomas.quandt@lra.example.de>
q|Betreff: AW: [Ticket#2025031] Akte schließt nicht
q|
q|Sehr geehrter Herr Quandt, welche Akte ist betroffen?
""",
    ),
    held_out_thread(
        "de-weiterleitung-outlook",
        """
b|Hallo Ines, zur Info und mit der Bitte um Erledigung.
b|
s|Besten Gruß
s|Jörg
b|
h|Von: Gasthof Krone <krone@gasthof.example.de>
h|Gesendet: Samstag, 1. März 2025 23:48
h|An: Jörg Blum <joerg.blum@kassen.example.de>
h|Betreff: Kasse bucht Trinkgeld falsch
h|Priorität: Hoch
b|
b|Guten Abend Herr Blum,
b|
b|die Kasse bucht Trinkgeld auf das Essen statt auf das Personal.
b|
s|Grüße vom Kronenwirt
""",
    ),
)
