"""German mails that the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_GERMAN = (
    thread(
        "de-firma-mit-slogan",
        """
b|Guten Tag Herr Lindner,
b|
b|der Etikettendrucker zieht seit Montag zwei Etiketten auf einmal ein. Die Walze haben wir
b|gereinigt, die Spannung geprüft.
b|
b|Wann könnte ein Techniker kommen?
b|
s|Mit freundlichem Gruß
s|
s|ppa. Renate Osterloh
s|Leitung Versand
s|
s|Musterdruck & Söhne KG
s|Industriepark 3 · D-33602 Bielefeld
s|Tel. 0521 / 555 01-77 · Fax 0521 / 555 01-78
s|renate.osterloh@musterdruck.example.de · www.musterdruck.example.de
s|Wir machen Druck - seit drei Generationen!
s|Sitz der Gesellschaft: Bielefeld · HRA 00000
b|
q|Von: Lindner, Kai (Service) <kai.lindner@etikett.example.de>
q|Gesendet: Dienstag, 1. Oktober 2024 09:33
q|An: Osterloh, Renate <renate.osterloh@musterdruck.example.de>
q|Cc: Einkauf <einkauf@musterdruck.example.de>
q|Betreff: AW: AW: Etikettendrucker E-210
q|Priorität: Hoch
q|
q|Hallo Frau Osterloh,
q|
q|bitte reinigen Sie zuerst die Walze.
""",
    ),
    thread(
        "de-apple-mail",
        """
b|Nein, die Bilder fehlen auch in der neuen Fassung. Im PDF sind sie da.
b|
s|Herzliche Grüße
s|Ulla
b|
q|> Am 27.08.2024 um 13:06 schrieb Redaktion <redaktion@blatt.example.de>:
q|>
q|> Liebe Ulla,
q|>
q|> siehst du die Bilder jetzt?
""",
    ),
    thread(
        "de-vertraulich",
        """
b|Sehr geehrtes Team,
b|
b|die Schnittstelle liefert seit heute 6:00 Uhr keine Messwerte mehr (Antwort 504).
b|Betroffen sind die Anlagen 4 und 7.
b|
s|Hochachtungsvoll
s|Ing. Walter Prohaska
s|Stadtwerke Musterstadt
b|
d|Vertraulichkeitshinweis: Diese Nachricht und jeder Anhang sind nur für den Empfänger
d|bestimmt. Sollten Sie irrtümlich in den Besitz gelangt sein, vernichten Sie sie bitte.
b|
q|Am 11.12.2024 um 07:41 schrieb Leitstelle:
q|> Seit wann fehlen die Werte?
""",
    ),
    thread(
        "de-outlook-android",
        """
b|Nummer 3 ist es. Das Display flackert aber nur, wenn das Licht im Lager an ist.
b|
s|Danke und Gruß
s|Svenja
b|
s|Outlook für Android beziehen
q|________________________________
q|From: Gerätepool <pool@verleih.example.de>
q|Sent: Wednesday, November 6, 2024 3:18:27 PM
q|To: Svenja Kock <s.kock@lager.example.de>
q|Subject: Re: Scanner flackert
q|
q|Welches Gerät ist es, Nummer 3 oder 5?
""",
    ),
    thread(
        "de-weiterleitung-apple",
        """
b|Hallo, das gehört zu euch.
b|
s|Viele Grüße
s|Gemeindebüro
b|
h|Anfang der weitergeleiteten Nachricht:
b|
h|Von: Chorleitung <chor@gemeinde.example.de>
h|Betreff: Lautsprecher brummt
h|Datum: 14. Juli 2024 um 18:05:31 MESZ
h|An: buero@gemeinde.example.de
b|
b|Liebes Büro,
b|
b|der linke Lautsprecher brummt, sobald das Mikrofon 2 eingeschaltet wird.
b|
s|Euer Gernot
""",
    ),
    thread(
        "de-unten-mit-trenner",
        """
q|Am Do., 23. Mai 2024 um 20:15 Uhr schrieb Spielehilfe <hilfe@spiele.example.de>:
q|
q|> Hi,
q|>
q|> starte das Spiel bitte einmal ohne Erweiterungen.
q|>
q|> VG
q|> Spielehilfe
b|
b|Ohne Erweiterungen startet es, aber mein Spielstand ist dann weg. Wie bekomme ich ihn
b|zurück?
b|
s|lg max
s|--
s|Gesendet mit der WEB.DE Mail App
""",
    ),
    thread(
        "de-kanzlei",
        """
b|Sehr geehrter Herr Albers,
b|
b|das Diktiergerät überträgt die Dateien doppelt, seit die neue Dockingstation angeschlossen
b|ist. Das Löschen auf dem Gerät hilft jeweils nur bis zum nächsten Diktat.
b|
s|Mit freundlichen kollegialen Grüßen
b|
s|Dr. Friederike Stein
s|Rechtsanwältin
b|
s|Kanzlei Stein & Partner mbB
s|Lindenallee 5, 99084 Erfurt
s|Tel.: 0361 555 0180, Fax: 0361 555 0181
b|
d|Hinweis: Diese E-Mail kann Informationen enthalten, die der anwaltlichen Schweigepflicht
d|unterliegen. Falls Sie nicht der Adressat sind, ist jede Verwendung unbefugt; bitte
d|vernichten Sie die Nachricht und unterrichten Sie den Absender.
b|
q|Von: Albers Bürotechnik <service@albers.example.de>
q|Gesendet: Mittwoch, 22. Januar 2025 10:58
q|An: 'Dr. Stein' <stein@kanzlei.example.de>
q|Betreff: AW: Diktiergerät
q|
q|Sehr geehrte Frau Dr. Stein, die Dockingstation ist geliefert.
""",
    ),
    thread(
        "de-informell",
        """
b|hi, app läuft wieder aber push kommt immer noch doppelt. handy ist ein nova 9
b|
s|gruß timo
b|
q|Am Sa., 18. Jan. 2025 um 12:00 Uhr schrieb Support <support@termine.example.de>:
b|
q|> Hallo Timo,
q|> bitte installiere die App neu.
""",
    ),
    thread(
        "de-zwischen-den-zeilen",
        """
q|Am 28.01.2025 um 09:03 schrieb Gebäudetechnik:
q|> Guten Morgen Frau Celik,
q|>
q|> in welchem Raum ist es zu kalt?
b|Im Besprechungsraum 3.07, besonders am Fenster.
q|> Welche Temperatur zeigt der Regler?
b|22 Grad, gemessen haben wir 17.
b|
s|Freundliche Grüße
s|A. Celik
s|Assistenz der Geschäftsleitung
""",
    ),
    thread(
        "de-weitergeleitet-von",
        """
b|z. K. und bitte direkt antworten.
b|
s|VG Hansen
b|
h|----- Weitergeleitet von Hansen/Werk2/Beispiel am 15.01.2025 08:20 -----
h|
h|Von:	Pforte/Werk2/Beispiel
h|An:	Hansen/Werk2/Beispiel@Beispiel
h|Datum:	15.01.2025 06:02
h|Betreff:	Schranke
b|
b|Die Schranke 1 öffnet nur noch mit der Handkurbel. Anzeige am Kasten: "F4".
""",
    ),
    thread(
        "de-web-app",
        """
b|Das Formular speichert meine Angaben nicht, auf Seite 3 sind alle Felder wieder leer.
b|
s|Vielen Dank im Voraus und freundliche Grüße
s|Ludger Ahrens
b|
s|Gesendet mit der GMX Mail App
b|
b|
q|Am 03.02.25, 18:27 schrieb Bürgerservice <service@stadt.example.de>:
q|
q|> Sehr geehrter Herr Ahrens,
q|>
q|> bitte nutzen Sie das neue Formular.
""",
    ),
)
