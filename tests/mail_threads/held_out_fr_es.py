"""French and Spanish mails written when the rules were finished."""

from __future__ import annotations

from tests.mail_threads.thread import held_out_thread

FRENCH_AND_SPANISH_HELD_OUT = (
    held_out_thread(
        "fr-vignoble",
        """
b|Bonjour Antoine,
b|
b|La sonde de la cuve 6 indique 99 °C depuis ce matin alors que le vin est à 14.
b|Les autres cuves sont justes.
b|
s|Bonne fin de journée,
s|Solange Perret
s|Maître de chai - Domaine des Essais
s|Port. 06 55 50 33 21
b|
q|De : Antoine Leroy <antoine@sondes.example.fr>
q|Envoyé : mardi 11 mars 2025 08:26
q|À : Solange Perret <solange@essais.example.fr>
q|Objet : RE: Sondes
q|
q|Bonjour Solange, avez-vous changé la pile de la sonde 6 ?
""",
    ),
    held_out_thread(
        "fr-etudiant",
        """
b|bonjour, le dépôt refuse mon pdf (« fichier trop volumineux ») alors qu'il fait 3 Mo
b|
s|merci d'avance et bonne journée
s|lucas
b|
q|Le dim. 9 mars 2025 à 22:14, Scolarité <scolarite@fac.example.fr> a écrit :
q|
q|> Bonjour,
q|> merci de déposer votre mémoire en PDF.
q|> La scolarité
""",
    ),
    held_out_thread(
        "fr-notaire",
        """
b|Maître,
b|
b|Le coffre électronique n'accepte plus ma carte depuis le changement de code, et le message
b|« carte inconnue » apparaît.
b|
s|Je vous prie d'agréer, Maître, l'expression de mes sentiments distingués.
b|
s|Étienne Roquebrune
b|
d|Ce courriel est confidentiel et réservé à l'usage de son destinataire. Toute diffusion non
d|autorisée est interdite.
b|
q|Le 13/03/2025 à 17:20, Étude Fictive a écrit :
q|> Votre nouvelle carte est activée.
""",
    ),
    held_out_thread(
        "fr-transfert-gmail",
        """
b|Quelqu'un peut rappeler ce client ?
b|
h|---------- Forwarded message ---------
h|De : Marc Aubry <marc@aubry.example.fr>
h|Date: mer. 12 mars 2025 à 12:31
h|Subject: Portail bloqué
h|To: <sav@portails.example.fr>
b|
b|Bonjour,
b|
b|mon portail s'ouvre à moitié puis se referme, la télécommande clignote en rouge.
b|
s|Salutations
s|M. Aubry, Nantes
""",
    ),
    held_out_thread(
        "es-colegio",
        """
b|Buenas tardes:
b|
b|La pizarra digital del aula 14 escribe dos centímetros a la derecha de donde toco. La
b|calibración se pierde al apagarla.
b|
s|Un saludo y gracias por todo,
s|Maite Goñi
s|Coordinadora TIC
s|CEIP Los Ejemplos
s|948 555 016
b|
q|De: Aulas Digitales <hola@aulas.example.es>
q|Enviado: miércoles, 5 de marzo de 2025 12:50
q|Para: Maite Goñi <maite.goni@ejemplos.example.es>
q|Asunto: RE: Pizarra
q|
q|Hola, Maite: ¿ha calibrado la pizarra?
""",
    ),
    held_out_thread(
        "es-autonomo",
        """
b|buenas, la factura sale con el iva de antes (18) si el cliente es de canarias
b|
s|saludos
s|fran
b|
q|El vie, 7 mar 2025 a las 13:37, Facturas Fáciles (<ayuda@facturas.example.es>)
q|escribió:
q|
q|> Hola, Fran:
q|>
q|> ¿qué porcentaje aparece en la factura?
q|>
q|> Equipo de ayuda
""",
    ),
    held_out_thread(
        "es-hotel",
        """
b|Estimado equipo:
b|
b|las cerraduras de la segunda planta registran cada apertura dos veces y las tarjetas
b|caducan a mediodía en vez de a las doce de la noche.
b|
s|Reciba un afectuoso saludo,
b|
s|Dña. Blanca Herrero
s|Directora
s|Hotel Mar Inventado ****
s|Paseo Marítimo, s/n - 12000 Playa Prueba
s|Telf. +34 964 555 030
b|
d|CLÁUSULA DE CONFIDENCIALIDAD: Este mensaje es confidencial y va dirigido exclusivamente a su
d|destinatario. Si lo recibe por error, comuníquelo al remitente.
b|
q|El 10/03/2025 a las 16:18, Cerraduras Norte escribió:
q|> ¿De qué planta son las puertas?
q|> ¿Y cuál es la hora del reloj central?
""",
    ),
    held_out_thread(
        "es-reenvio-outlook",
        """
b|Para su información y gestión.
b|
s|Atte.,
s|Raúl Merino
b|
h|De: Gimnasio Pulso <recepcion@pulso.example.es>
h|Enviado: domingo, 9 de marzo de 2025 10:02
h|Para: Raúl Merino <raul@taquillas.example.es>
h|Asunto: Taquillas abiertas
b|
b|Las taquillas 20 a 40 se abren solas a las diez en punto, llevamos así tres días.
""",
    ),
)
