"""Messages of whose own words nothing may be cut, which the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_HARD_NEGATIVES = (
    thread(
        "en-greater-than-list",
        """
b|These limits are wrong in the table:
b|
b|> 10 users: 3 licences
b|> 50 users: 9 licences
b|
b|It should be five and ten.
""",
    ),
    thread(
        "en-kv-after-regards",
        """
b|See the details under my name.
b|
b|Regards,
b|Omar
b|
b|Order: 7710-22
b|Delivered on: 4 March
b|Broken part: the left hinge, see photo 2
""",
    ),
    thread(
        "en-mail-template",
        """
b|The template prints the greeting twice. This is what customers get:
b|
b|Dear customer,
b|Dear customer,
b|your parcel is on its way.
b|
b|It started with release 14, in every language.
""",
    ),
    thread(
        "en-external-users",
        """
b|External users cannot open the attachments of our e-mails. They get a link, and when
b|they click it, nothing comes from the server.
b|
b|Inside the company it works.
""",
    ),
    thread(
        "de-am-datum-schrieb",
        """
b|Am 3. Mai 2024 um 10:21 schrieb der Dienst in die Datei:
b|
b|Speicher voll, Auftrag 17 verworfen
b|Speicher voll, Auftrag 18 verworfen
b|
b|Danach kam nichts mehr.
""",
    ),
    thread(
        "de-gruss-als-text",
        """
b|Die Abwesenheitsnotiz endet mit
b|Viele Grüße
b|und dann folgt der Name von meinem Vorgänger. Wo ändere ich das?
""",
    ),
    thread(
        "fr-citation-du-manuel",
        """
b|Le manuel dit à la page 12 :
b|
b|> Appuyez trois secondes.
b|
b|mais il ne se passe rien, même après dix secondes.
""",
    ),
    thread(
        "es-tabla-de-correos",
        """
b|La lista de envíos muestra esto:
b|
b|De: almacén
b|Para: tienda 4
b|Asunto: reposición
b|Estado: pendiente
b|
b|y no cambia desde el martes.
""",
    ),
    thread(
        "it-comando-con-trattini",
        """
b|Il comando si ferma qui:
b|
b|esporta --tutto -- --formato csv
b|-- fine --
b|
b|Senza i trattini funziona.
""",
    ),
    thread(
        "nl-bedankt-in-het-midden",
        """
b|Bedankt,
b|dat hielp. Nu is er iets anders: het geluid valt weg na een kwartier.
b|
b|Moet ik daarvoor een nieuw ticket maken?
""",
    ),
    thread(
        "en-chat-prompt",
        """
b|The console answers like this:
b|
b|> show ports
b|port 1 up
b|> show ports all
b|port 1 up, port 2 down
b|
b|Port 2 should be up.
""",
    ),
    thread(
        "en-wrapped-best",
        """
b|We tried three cables and the blue one works
b|best
b|but only up to ten metres.
""",
    ),
    thread(
        "de-tabelle",
        """
b|In der Liste stehen diese Felder leer:
b|
b|Von: Lager 1
b|An: Lager 2
b|Datum: 03.02.2025
b|Menge: 14
b|
b|Früher waren sie gefüllt.
""",
    ),
    thread(
        "fr-message-a-l-ecran",
        """
b|Ce message s'affiche à chaque démarrage : « mémoire insuffisante ».
b|Il disparaît si j'attends une minute.
""",
    ),
    thread(
        "es-log",
        """
b|Esto aparece en el registro:
b|
b|-- inicio de la sesión --
b|> conectando con el servidor
b|> error 12: tiempo agotado
b|-- fin de la sesión --
""",
    ),
    thread(
        "it-firma-sbagliata",
        """
b|La firma automatica esce così:
b|
b|Cordiali saluti
b|NOME COGNOME
b|
b|invece del mio nome. Come si corregge?
""",
    ),
    thread(
        "nl-handtekening-vraag",
        """
b|Onder elke mail staat nu "Verzonden vanaf mijn telefoon". Hoe zet ik dat uit?
""",
    ),
)
