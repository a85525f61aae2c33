"""Dutch mails that the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_DUTCH = (
    thread(
        "nl-outlook-bureau-twee",
        """
b|Beste allemaal,
b|
b|de kassakoppeling boekt sinds dinsdag alle retouren als verkoop. In het testsysteem
b|gebeurt dat niet.
b|
b|Graag zo snel mogelijk een oplossing, want de maand wordt vrijdag afgesloten.
b|
s|Met vriendelijke groet / Kind regards,
b|
s|Marijke Hoekstra
s|Hoofd Administratie
b|
s|Voorbeeldwinkels Nederland BV
s|Postbus 1234 | 8000 AB Zwolle
s|T: 038-555 0160 | E: m.hoekstra@winkels.example.nl
s|Aanwezig: ma, di en do
b|
q|Van: Kassasupport <support@kassa.example.nl>
q|Verzonden: donderdag 24 oktober 2024 16:40
q|Aan: Marijke Hoekstra <m.hoekstra@winkels.example.nl>
q|CC: Financiën <financien@winkels.example.nl>
q|Onderwerp: RE: Retouren [#88120]
q|Urgentie: Hoog
q|
q|Beste Marijke, we kijken ernaar.
""",
    ),
    thread(
        "nl-gmail-twee",
        """
b|Helaas, ook met de andere adapter laadt hij niet verder dan 60%.
b|
s|Groeten uit Den Helder,
s|Jan-Willem
b|
q|Op ma 14 okt 2024 om 11:26 schreef Fietswinkel Proef <
q|werkplaats@fietsproef.example.nl>:
b|
q|> Dag Jan-Willem,
q|> heb je de andere adapter geprobeerd?
""",
    ),
    thread(
        "nl-android",
        """
b|Dat heb ik gedaan maar de app vraagt opnieuw om de pincode.
b|
s|Verzonden vanaf Outlook voor Android
q|________________________________
q|Van: Zorgapp Helpdesk <helpdesk@zorgapp.example.nl>
q|Verzonden: Tuesday, October 1, 2024 8:15:59 AM
q|Aan: Truus Bos <truus.bos@post.example.nl>
q|Onderwerp: Re: Pincode
q|
q|Kunt u de app verwijderen en opnieuw installeren?
""",
    ),
    thread(
        "nl-tussendoor",
        """
q|Op 28-10-2024 om 13:55 schreef Technische Dienst:
q|> Om welke lamp gaat het?
b|
b|De derde van links in de aula.
b|
q|> Knippert hij of is hij uit?
b|
b|Hij knippert, maar alleen bij volle zaal.
b|
s|Gr. Bas
""",
    ),
    thread(
        "nl-extern-en-milieu",
        """
d|WAARSCHUWING: Dit bericht is afkomstig van een externe afzender. Open geen bijlagen die u
d|niet vertrouwt.
b|
b|Hallo,
b|
b|de zonnepanelen sturen sinds de storm geen gegevens meer door. De omvormer geeft code F23.
b|
s|Hartelijke groeten,
s|Fam. de Bruin
b|
d|Denk aan het milieu voordat u deze e-mail print.
""",
    ),
    thread(
        "nl-doorgestuurd-outlook",
        """
b|Zie hieronder.
b|
s|Groet,
s|Esra
b|
h|Van: Zwembad De Plons <kassa@deplons.example.nl>
h|Verzonden: zaterdag 17 augustus 2024 09:01
h|Aan: Esra Yilmaz <esra@beheer.example.nl>
h|Onderwerp: Poortje
b|
b|Het poortje bij de kleedkamers telt iedereen dubbel.
b|We zitten nu al aan het maximum terwijl het bad half leeg is.
b|
s|Mvg,
s|Team kassa
""",
    ),
    thread(
        "nl-gemeente",
        """
b|Goedemorgen collega's,
b|
b|de balie-app sluit af zodra een burger zijn handtekening zet. Dit gebeurt op alle drie de
b|tablets.
b|
s|Met vriendelijke groeten,
b|
s|Wouter Schipper
s|functioneel beheerder
s|Gemeente Voorbeeldstad
s|Telefoon 14 099
s|www.voorbeeldstad.example.nl
b|
d|Aan dit bericht kunnen geen rechten worden ontleend. Het is uitsluitend bestemd voor de
d|geadresseerde.
b|
q|Van: Handtekening Service <service@teken.example.nl>
q|Verzonden: maandag 20 januari 2025 15:15
q|Aan: Wouter Schipper
q|Onderwerp: RE: Balie-app
q|
q|Dag Wouter, op hoeveel tablets komt het voor?
""",
    ),
    thread(
        "nl-kort",
        """
b|Nee, het alarm gaat nog steeds af als de hond langsloopt.
b|
s|Gr,
s|Ton
b|
q|Op wo 29 jan 2025 om 20:02 schreef Alarmhulp <hulp@alarm.example.nl>:
b|
q|> Beste Ton,
q|> zet de gevoeligheid op 2.
""",
    ),
    thread(
        "nl-bedankje",
        """
b|Hoi Roos,
b|
b|de export werkt, alleen staan de komma's en punten nog andersom in de bedragen.
b|
s|Alvast hartelijk dank en groet,
s|Daan Koning
s|
s|Outlook voor iOS downloaden<https://aka.example.com/o6>
q|________________________________
q|Van: Roos Mulder <roos@export.example.nl>
q|Verzonden: Thursday, February 6, 2025 11:49:37 AM
q|Aan: Daan Koning <daan@koning.example.nl>
q|Onderwerp: Re: Export
q|
q|Hoi Daan, probeer de export nu eens.
""",
    ),
    thread(
        "nl-tussen-de-regels",
        """
b|Antwoorden staan ertussen.
b|
q|On 03-02-2025 14:08, Studio Licht wrote:
q|> Welke dimmer zit er in?
b|
b|De witte, type D2.
b|
q|> Brommen de lampen ook als ze vol aan staan?
b|
b|Nee, alleen onder de 30 procent.
b|
s|Hartelijke groet,
s|Theater De Schuur
s|Ingrid
""",
    ),
    thread(
        "nl-doorsturen",
        """
b|Ter info; ik heb de klant al gebeld.
b|
s|Met vriendelijke groet,
s|Sjoerd Postma
b|
h|---------- Forwarded message ---------
h|Van: Camping Duinzicht <receptie@duinzicht.example.nl>
h|Date: vr 31 jan 2025 om 16:20
h|Subject: Slagboom
h|To: Storingsdienst <storing@hek.example.nl>
b|
b|De slagboom herkent kentekens met een 8 niet. Alle andere auto's kunnen erdoor.
b|
s|Vriendelijke groet
s|Receptie
""",
    ),
)
