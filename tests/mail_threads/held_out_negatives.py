"""Messages of whose own words nothing may be cut, written when the rules were finished."""

from __future__ import annotations

from tests.mail_threads.thread import held_out_thread

HARD_NEGATIVES_HELD_OUT = (
    held_out_thread(
        "en-two-comparisons",
        """
b|The filter treats these as the same:
b|> 100
b|>= 100
b|although only the second one should include 100.
""",
    ),
    held_out_thread(
        "en-field-names",
        """
b|Please rename these fields in the ticket form:
b|
b|From: becomes Reporter
b|Sent: becomes Reported on
b|Subject: becomes Summary
""",
    ),
    held_out_thread(
        "de-zwei-striche",
        """
b|Die Liste zeigt bei drei Artikeln nur
b|--
b|statt eines Preises. Woran liegt das?
""",
    ),
    held_out_thread(
        "fr-cordialement-double",
        """
b|Chaque réponse de l'outil finit par deux formules :
b|Cordialement,
b|Bien cordialement,
b|et les clients se moquent de nous. Où est le modèle ?
""",
    ),
    held_out_thread(
        "es-menu",
        """
b|No encuentro la opción en
b|> Ajustes > Avisos
b|y tampoco en
b|> Perfil > Avisos
""",
    ),
    held_out_thread(
        "it-messaggio-di-errore",
        """
b|Questo messaggio compare quando stampo l'elenco dei destinatari:
b|"ambiente non trovato".
""",
    ),
)
