"""Dutch mails."""

from __future__ import annotations

from tests.mail_threads.thread import thread

DUTCH = (
    thread(
        "nl-gmail",
        """
b|Hoi Sanne,
b|
b|de koppeling geeft nog steeds foutcode 403, ook na het vernieuwen van de sleutel.
b|
s|Groetjes,
s|Bram
b|
q|Op do 16 mei 2024 om 09:48 schreef Sanne Visser <sanne.visser@hulp.example.nl>:
b|
q|> Hoi Bram,
q|>
q|> kun je de sleutel vernieuwen?
q|>
q|> Sanne
""",
    ),
    thread(
        "nl-outlook-desktop",
        """
b|Goedemiddag,
b|
b|de weegschaal op de verpakkingslijn stuurt geen gewichten meer naar het systeem.
b|De kabel is vervangen, zonder resultaat.
b|
s|Met vriendelijke groet,
b|
s|Joost de Wit
s|Teamleider Logistiek
s|Voorbeeld Fruit B.V.
s|Kade 21, 3011 AA Rotterdam
s|T +31 10 555 0123
b|
d|Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Als u niet de
d|beoogde ontvanger bent, verzoeken wij u dit bericht te verwijderen.
b|
q|Van: Servicedesk <servicedesk@weeg.example.nl>
q|Verzonden: dinsdag 7 mei 2024 13:26
q|Aan: Joost de Wit <j.dewit@voorbeeldfruit.example.nl>
q|Onderwerp: RE: Melding 20417
q|
q|Beste Joost,
q|
q|kunt u de kabel vervangen?
""",
    ),
    thread(
        "nl-doorgestuurd",
        """
b|Kan iemand hiernaar kijken?
b|
h|Begin doorgestuurd bericht:
b|
h|Van: Museum De Molen <balie@demolen.example.nl>
h|Onderwerp: Kaartjes printen niet
h|Datum: 20 februari 2024 om 09:03:55 CET
h|Aan: helpdesk@musea.example.nl
b|
b|Goedemorgen, de kassa print geen kaartjes meer. Bonnetjes komen er wel uit.
b|
s|Hartelijke groet
s|Lotte
""",
    ),
    thread(
        "nl-thunderbird",
        """
q|Op 12-03-2024 om 15:37 schreef Helpdesk:
q|> Welke browser gebruikt u?
b|
b|Firefox 123 op Windows 11.
b|
q|> Heeft u de cookies gewist?
b|
b|Ja, dat maakt geen verschil.
b|
s|Mvg
s|Femke
""",
    ),
    thread(
        "nl-mobiel",
        """
b|Het werkt weer, bedankt voor de snelle hulp!
b|
s|Verstuurd vanaf mijn iPhone
b|
q|> Op 25 apr. 2024 om 17:59 heeft Klantenservice <klant@fiber.example.nl> het volgende geschreven:
q|>
q|> We hebben de verbinding opnieuw gestart.
""",
    ),
    thread(
        "nl-outlook-desktop-kort",
        """
b|Hallo,
b|
b|sinds de nieuwe kabel springt het scherm van de balie steeds op zwart.
b|Met de oude kabel is het beeld stabiel maar te donker.
b|
b|Alvast bedankt voor het meedenken!
b|
s|Vriendelijke groeten,
s|Anouk van der Meer
s|Receptie | Hotel Het Voorbeeld
s|Tel: 020-555 0112
b|
q|-----Oorspronkelijk bericht-----
q|Van: ICT Servicepunt <ict@hotels.example.nl>
q|Verzonden: woensdag 17 januari 2024 10:10
q|Aan: receptie@voorbeeld.example.nl
q|Onderwerp: RE: Scherm balie
q|
q|Beste Anouk, de nieuwe kabel is onderweg.
""",
    ),
    thread(
        "nl-onderaan-antwoord",
        """
q|Op 21-11-2023 om 11:48 schreef Bibliotheek ICT:
q|> Dag Willem,
q|>
q|> blijft de scanner hangen of meldt hij een fout?
b|
b|Hij meldt "geen verbinding met server", maar alleen tussen de middag.
b|
s|Met hartelijke groet,
s|Willem Prins
s|vrijwilliger
""",
    ),
    thread(
        "nl-extern-en-juridisch",
        """
d|LET OP: dit bericht is afkomstig van buiten de organisatie. Klik niet op links.
b|
b|Goedendag,
b|
b|de online afspraakmodule toont alle tijden een uur te vroeg sinds de zomertijd.
b|
s|Hoogachtend,
b|
s|mr. L. Kuipers
s|Kuipers Advocaten N.V.
b|
d|De informatie in dit e-mailbericht is vertrouwelijk en uitsluitend bestemd voor de
d|geadresseerde. Indien u dit bericht ten onrechte ontvangt, gelieve het te vernietigen.
b|
q|Van: Afspraken Support <support@afspraken.example.nl>
q|Datum: dinsdag 2 april 2024 om 09:17
q|Aan: Kantoor <kantoor@kuipers.example.nl>
q|Onderwerp: Re: Tijden kloppen niet
q|
q|Geachte heer Kuipers, om welke module gaat het?
""",
    ),
    thread(
        "nl-doorgestuurd-thunderbird",
        """
b|Ter info, wie pakt dit op?
b|
h|-------- Doorgestuurd bericht --------
h|Onderwerp: 	Kassa rekent dubbel
h|Datum: 	Fri, 8 Mar 2024 12:40:19 +0100
h|Van: 	Kaashandel Proef <winkel@kaas.example.nl>
h|Aan: 	storing@kassa.example.nl
b|
b|De kassa rekent elke kaas dubbel als er een kortingsbon wordt gescand.
b|
s|Groet,
s|Henk
""",
    ),
    thread(
        "nl-ipad",
        """
b|De tweede router doet het ook niet, zelfde rode lampje.
b|
s|Verstuurd vanaf mijn iPad
b|
q|> Op 5 jun. 2024 om 08:21 heeft Glasvezel Hulp <hulp@glas.example.nl> het volgende geschreven:
q|>
q|> U ontvangt morgen een tweede router.
q|>
q|> Met vriendelijke groet,
q|> Glasvezel Hulp
""",
    ),
)
