"""German mails."""

from __future__ import annotations

from tests.mail_threads.thread import thread

GERMAN = (
    thread(
        "de-outlook-desktop",
        """
b|Sehr geehrte Damen und Herren,
b|
b|seit dem Update auf Version 12.4 lässt sich die Lohnabrechnung nicht mehr öffnen.
b|Es erscheint die Meldung "Lizenzserver nicht erreichbar (0x80070035)".
b|
b|Für eine schnelle Rückmeldung wären wir dankbar.
b|
s|Mit freundlichen Grüßen
b|
s|i. A. Sabine Krüger
s|Lohnbuchhaltung
b|
s|Hansa Beispielwerke GmbH
s|Am Speicher 7 | 20457 Hamburg
s|Telefon: +49 40 5550-123
s|E-Mail: sabine.krueger@hansa.example.com
s|Geschäftsführer: Jens Holt, Registergericht: Amtsgericht Hamburg, HRB 99999
b|
d|Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige
d|Empfänger sind, informieren Sie bitte den Absender und löschen Sie diese Mail.
b|
q|Von: Support <support@lohn.example.com>
q|Gesendet: Montag, 6. Mai 2024 14:03
q|An: Sabine Krüger <sabine.krueger@hansa.example.com>
q|Betreff: AW: Ticket 77120
q|
q|Hallo Frau Krüger,
q|
q|bitte installieren Sie das Update.
q|
q|Viele Grüße
q|Ihr Support
""",
    ),
    thread(
        "de-thunderbird-bottom",
        """
q|Am 17.01.24 um 08:15 schrieb IT-Service:
q|> Hallo Herr Vogt,
q|>
q|> haben Sie das Kabel getauscht?
q|>
q|> Gruß
q|> IT-Service
b|
b|Ja, habe ich. Der Monitor bleibt trotzdem schwarz, die LED blinkt orange.
b|An einem anderen Rechner läuft er.
b|
s|Viele Grüße
s|Martin Vogt
""",
    ),
    thread(
        "de-gmx-web",
        """
b|Hallo zusammen,
b|
b|das Passwort wird nach dem Zurücksetzen nicht angenommen. Im Webmail geht es.
b|
s|LG
s|Petra
b|
q|Gesendet: Freitag, 22. März 2024 um 16:44 Uhr
q|Von: "Hotline Nordlicht" <hotline@nordlicht.example.de>
q|An: petra.lang@post.example.de
q|Betreff: Ihre Anfrage 3391
q|Guten Tag Frau Lang,
q|
q|Ihr Passwort wurde zurückgesetzt.
""",
    ),
    thread(
        "de-iphone",
        """
b|Danke, nach dem Neustart geht es wieder.
b|
s|Von meinem iPhone gesendet
b|
q|> Am 02.04.2024 um 19:31 schrieb Service Desk <desk@werk.example.de>:
q|>
q|> Bitte starten Sie die App neu.
""",
    ),
    thread(
        "de-weitergeleitet",
        """
b|Kollegen, wer kann helfen?
b|
s|Gruß, Uwe
b|
h|-------- Weitergeleitete Nachricht --------
h|Betreff: Scanner meldet Papierstau
h|Datum: Tue, 9 Jan 2024 11:20:14 +0100
h|Von: Praxis am Markt <empfang@praxis.example.de>
h|An: uwe@edv.example.de
b|
b|Guten Tag,
b|
b|unser Scanner meldet Papierstau, obwohl kein Papier im Gerät liegt.
b|Die Klappe hinten haben wir schon geöffnet.
b|
s|Herzliche Grüße
s|Ihre Praxis am Markt
""",
    ),
    thread(
        "de-open-xchange",
        """
b|Guten Morgen,
b|
b|der Kalender wird auf dem Tablet nicht mehr aktualisiert, auf dem PC schon.
b|Konto entfernen und neu anlegen hat nichts gebracht.
b|
s|Freundliche Grüße
s|Dr. Hanna Reiss
b|
q|> Kundenservice <service@postfach.example.de> hat am 08.02.2024 16:20 CET geschrieben:
q|>
q|>
q|> Guten Tag Frau Dr. Reiss,
q|> bitte entfernen Sie das Konto und legen Sie es neu an.
""",
    ),
    thread(
        "de-banner-und-umwelt",
        """
d|ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte klicken Sie nicht auf
d|Links und öffnen Sie keine Anhänge.
b|
b|Hallo Support-Team,
b|
b|die Waage an Kasse 3 zeigt nach dem Tarieren immer 0,005 kg an. Neustart und
b|Neukalibrierung ohne Erfolg.
b|
b|Bitte um Rückruf.
b|
s|Beste Grüße aus Bremen
b|
s|Thorsten Meyerdierks
s|Marktleiter
b|
s|Frischmarkt Beispiel e.K.
s|Hafenstr. 12
s|28195 Bremen
s|Fon 0421 555-0199
s|Fax 0421 555-0198
s|Mo-Sa 7-20 Uhr
b|
d|Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.
b|
q|-----Ursprüngliche Nachricht-----
q|Von: Waagen-Hotline [mailto:hotline@waagen.example.de]
q|Gesendet: Mittwoch, 28. Februar 2024 11:47
q|An: kasse@frischmarkt.example.de
q|Betreff: Ihre Störung W-1182
q|
q|Sehr geehrter Herr Meyerdierks,
q|
q|bitte kalibrieren Sie die Waage neu.
""",
    ),
    thread(
        "de-k9-verschraenkt",
        """
b|Moin,
b|
q|Am 9. Dezember 2023 19:04:33 MEZ schrieb Vereins-IT <it@verein.example.org>:
q|>Hallo Jette,
q|>
q|>siehst du die Mitgliederliste?
b|
b|ja, aber nur bis Buchstabe K.
b|
q|>Und kannst du sie exportieren?
b|
b|Nein, da kommt "Zeitüberschreitung".
b|
s|Gruß
s|jette
s|--
s|Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.
""",
    ),
    thread(
        "de-wg-ohne-text",
        """
h|Von: Kindergarten Sonnenblume <kita@sonnenblume.example.de>
h|Gesendet: Donnerstag, 20. Juni 2024 07:12
h|An: EDV Gemeinde <edv@gemeinde.example.de>
h|Betreff: Telefonanlage tot
b|
b|Guten Morgen,
b|
b|seit heute früh ist die Telefonanlage tot. Alle Apparate zeigen "Kein Amt".
b|
s|Viele Grüße
s|Das Team der Sonnenblume
""",
    ),
    thread(
        "de-nachtrag-und-avast",
        """
b|Hallo Herr Brandt,
b|
b|die Bestätigungsmail kommt nicht an, auch nicht im Spam-Ordner.
b|
s|Mit besten Grüßen
s|Familie Özdemir
b|
b|PS: Bei meiner Frau mit der gleichen Adresse im CC kam sie an.
b|
d|Virenfrei. www.avast.com
b|
q|Am Di., 19. März 2024 um 10:08 Uhr schrieb Tobias Brandt <
q|tobias.brandt@reisen.example.de>:
b|
q|> Liebe Familie Özdemir,
q|> haben Sie im Spam-Ordner nachgesehen?
""",
    ),
)
