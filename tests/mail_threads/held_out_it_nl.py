"""Italian and Dutch mails written when the rules were finished."""

from __future__ import annotations

from tests.mail_threads.thread import held_out_thread

ITALIAN_AND_DUTCH_HELD_OUT = (
    held_out_thread(
        "it-agriturismo",
        """
b|Buongiorno Simone,
b|
b|il misuratore della cisterna segna sempre pieno, anche dopo che l'abbiamo svuotata. La spia
b|di rete è verde.
b|
s|Un caro saluto,
s|Rosanna Tosi
s|Agriturismo Il Campione
s|Loc. Provaccia 12, Siena
s|cell. 333 555 0199
b|
q|Da: Simone Galli <simone@cisterne.example.it>
q|Inviato: giovedì 6 marzo 2025 18:39
q|A: Rosanna Tosi <rosanna@campione.example.it>
q|Oggetto: Re: Misuratore
q|
q|Buonasera Rosanna, che cosa segna dopo lo svuotamento?
""",
    ),
    held_out_thread(
        "it-liceo",
        """
b|Buonasera, il proiettore dell'aula magna si spegne quando collego il secondo microfono.
b|
s|Cordialità
s|prof.ssa Irma Leoni
b|
q|Il giorno ven 14 mar 2025 alle ore 10:10 Tecnici di Istituto <
q|tecnici@liceo.example.it> ha scritto:
q|
q|> Gentile professoressa,
q|> quando si spegne il proiettore?
""",
    ),
    held_out_thread(
        "it-officina",
        """
d|[ESTERNO]
b|
b|Salve, la diagnosi legge tutte le centraline tranne quella dell'abs. Errore di linea 0.
b|
s|Saluti e buon lavoro
s|Officina F.lli Prova snc
b|
d|Questo messaggio può contenere informazioni riservate. Se non siete il destinatario siete
d|pregati di distruggerlo e di avvertire il mittente.
b|
q|Il 17/03/2025 11:02, Diagnosi Auto ha scritto:
q|> Quali centraline vengono lette?
""",
    ),
    held_out_thread(
        "it-inoltro-outlook",
        """
b|Vi giro la segnalazione qui sotto, per conoscenza.
b|
s|Un saluto,
s|Gianni
b|
h|Da: Teatro Piccolo <biglietteria@piccolo.example.it>
h|Inviato: sabato 8 marzo 2025 19:15
h|A: Gianni Orsi <gianni@biglietti.example.it>
h|Oggetto: Posti doppi
b|
b|Stasera il sistema ha venduto due volte i posti della fila 7.
b|
s|Grazie e saluti
s|Biglietteria
""",
    ),
    held_out_thread(
        "nl-tuinder",
        """
b|Beste Marloes,
b|
b|kas 3 krijgt sinds zaterdag dubbel water. De teller in de app staat wel goed.
b|
s|Groeten uit het Westland,
s|Arie Zwinkels
s|Kwekerij De Proef VOF
s|06-55501234
b|
q|Van: Marloes Kok <marloes@druppel.example.nl>
q|Verzonden: woensdag 12 maart 2025 09:44
q|Aan: Arie Zwinkels <arie@deproef.example.nl>
q|Onderwerp: RE: Watergift
q|
q|Beste Arie, wat geeft de teller in de app aan?
""",
    ),
    held_out_thread(
        "nl-student",
        """
b|hoi, ik kan me wel inschrijven maar het vak verschijnt niet in mijn rooster
b|
s|gr lotte
b|
q|Op di 11 mrt 2025 om 14:21 schreef Studiepunt <studiepunt@hogeschool.example.nl>:
q|
q|> Hoi Lotte,
q|>
q|> schrijf je eerst in voor het vak.
q|>
q|> Groet,
q|> Studiepunt
""",
    ),
    held_out_thread(
        "nl-notaris",
        """
b|Geachte heer Hendriks,
b|
b|het ondertekenscherm blijft hangen op de laatste pagina. Dat gebeurt alleen bij akten met
b|meer dan drie partijen.
b|
s|Met de meeste hoogachting en vriendelijke groet,
b|
s|mw. mr. C.J. van Loon
s|kandidaat-notaris
s|Voorbeeld Notariaat
s|Singel 100 | 1000 AA Amsterdam
b|
d|De inhoud van deze e-mail is vertrouwelijk en alleen bestemd voor de geadresseerde.
b|
q|Op 18-03-2025 om 10:07 schreef Hendriks:
q|> Bij welke akten gebeurt het?
""",
    ),
    held_out_thread(
        "nl-doorgestuurd-apple",
        """
b|Pak jij deze?
b|
s|Groetjes Mo
b|
h|Begin doorgestuurd bericht:
b|
h|Van: Buurthuis Samen <samen@buurthuis.example.nl>
h|Onderwerp: Beamer
h|Datum: 16 maart 2025 om 20:18:33 CET
h|Aan: techniek@buurt.example.nl
b|
b|De beamer zet zichzelf uit als het buiten donker is. Overdag blijft hij aan.
b|
s|Hartelijke groet namens alle vrijwilligers,
s|Corrie
""",
    ),
)
