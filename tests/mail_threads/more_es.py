"""Spanish mails that the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_SPANISH = (
    thread(
        "es-outlook-escritorio",
        """
b|Estimados señores:
b|
b|Desde la actualización del lunes, el parte de horas no suma los festivos. Adjunto una
b|captura de la semana 32.
b|
b|Agradecemos una solución antes del cierre de mes.
b|
s|Le saluda atentamente,
b|
s|Mª Dolores Quintana Rey
s|Dpto. de Personal
s|Talleres Imaginarios, S.A.U.
s|Pol. Ind. La Ficción, nave 4 - 50000 Zaragoza
s|Tfno.: 976 555 012
b|
d|Este mensaje contiene información confidencial destinada exclusivamente a la persona
d|indicada. Si usted no es el destinatario, le rogamos que lo comunique y lo elimine.
b|
q|De: Soporte Nóminas [mailto:soporte@nominas.example.es]
q|Enviado el: lunes, 12 de agosto de 2024 8:47
q|Para: Quintana Rey, Mª Dolores
q|Asunto: RV: Parte de horas
q|
q|Buenos días, la actualización está instalada.
""",
    ),
    thread(
        "es-gmail-largo",
        """
b|Hola, Iván:
b|
b|ya lo he reinstalado y ahora ni siquiera arranca. Se queda en el logotipo.
b|
s|Gracias y saludos
s|Noelia Campos
b|
q|El jue, 10 oct 2024 a las 16:02, Iván Prado (<ivan.prado@programas.example.es>) escribió:
q|
q|> Buenas tardes, Noelia:
q|>
q|> desinstale el programa y vuelva a instalarlo.
q|>
q|> Un saludo
""",
    ),
    thread(
        "es-outlook-movil",
        """
b|Correcto, es el segundo piso. El timbre suena pero no se ve la imagen.
b|
s|Obtener Outlook para iOS<https://aka.example.com/o4>
q|________________________________
q|De: Portero Digital <ayuda@portero.example.es>
q|Enviado: Monday, October 21, 2024 7:33:10 PM
q|Para: Emilio Santos <emilio@vecinos.example.es>
q|Asunto: Re: Videoportero
q|
q|¿En qué piso está instalado?
""",
    ),
    thread(
        "es-respuesta-abajo",
        """
q|El 14/06/2024 a las 9:08, Campus Virtual escribió:
q|> Buenos días:
q|>
q|> ¿en qué navegador le aparece la pantalla en negro?
b|
b|En los tres que he probado. En el móvil, en cambio, el vídeo se ve bien.
b|
s|Atte.
s|Prof. Ramiro Lozano
""",
    ),
    thread(
        "es-aviso-y-posdata",
        """
d|AVISO: Este correo electrónico procede de un remitente externo. No abra enlaces ni adjuntos
d|sospechosos.
b|
b|Buenos días, el simulador pide la licencia cada vez que se abre una práctica.
b|
s|Saludos desde Mérida
s|Celia
b|
b|P.D.: A mis compañeros de la mesa de al lado no les pasa.
""",
    ),
    thread(
        "es-reenviado-thunderbird",
        """
b|Pasadlo a quien corresponda, por favor.
b|
s|Un saludo
s|Conserjería
b|
h|-------- Mensaje reenviado --------
h|Asunto: 	Ascensor
h|Fecha: 	Thu, 17 Oct 2024 07:22:46 +0200
h|De: 	Farmacia Sol <farmacia@sol.example.es>
h|Para: 	conserjeria@edificio.example.es
b|
b|El ascensor se para entre la planta baja y la primera desde ayer por la tarde.
""",
    ),
    thread(
        "es-clinica",
        """
b|Buenos días, Nuria:
b|
b|La impresora de pulseras imprime el nombre cortado desde que cambiamos el rollo. Hemos
b|calibrado dos veces.
b|
b|Quedamos a la espera de sus noticias.
b|
s|Saludos cordiales,
b|
s|Adoración Peña
s|Supervisora de Admisión
s|Clínica La Inventada
s|Ext. 4412
b|
q|De: Nuria Coll <nuria.coll@pulseras.example.es>
q|Enviado el: viernes, 17 de enero de 2025 10:31
q|Para: Admisión <admision@clinica.example.es>
q|CC: Sistemas <sistemas@clinica.example.es>
q|Asunto: RE: Impresora de pulseras
q|Importancia: Alta
q|
q|Buenos días, pruebe a calibrar la impresora.
""",
    ),
    thread(
        "es-gmail-breve",
        """
b|No, el segundo enlace tampoco abre. Me lleva a la portada.
b|
s|Gracias, Toño
b|
q|El lun, 27 ene 2025 a las 19:48, Cursos Online (<cursos@academia.example.es>) escribió:
b|
q|> Hola, Toño:
q|> te mando otro enlace.
""",
    ),
    thread(
        "es-apple-reenvio",
        """
b|Te lo reenvío porque es de tu zona.
b|
h|Inicio del mensaje reenviado:
b|
h|De: Panadería Trigo <pedidos@trigo.example.es>
h|Asunto: Balanza
h|Fecha: 3 de febrero de 2025, 6:12:20 CET
h|Para: soporte@balanzas.example.es
b|
b|La balanza del mostrador pesa 20 gramos de más. Con la pesa de un kilo marca 1,020.
b|
s|Un saludo,
s|Chema
""",
    ),
    thread(
        "es-entre-lineas",
        """
b|Hola: contesto debajo de cada pregunta.
b|
q|El 30/01/2025 a las 11:26, Ayuntamiento Digital escribió:
q|> ¿Con qué certificado firma?
b|
b|Con el de representante, renovado en enero.
b|
q|> ¿Aparece algún código al final?
b|
b|Sí: FIR-0031.
b|
s|Atentamente
s|Gestoría Prieto, S.L.P.
""",
    ),
    thread(
        "es-legal-largo",
        """
b|Hola:
b|
b|la pasarela rechaza las tarjetas nuevas con el código 57. Las antiguas pasan.
b|
s|Un cordial saludo,
s|Equipo de Tienda Ficticia
b|
d|En cumplimiento de la normativa de protección de datos, le informamos de que sus datos son
d|tratados por Tienda Ficticia. Este correo es confidencial; si no es usted el destinatario,
d|le rogamos que nos avise y lo destruya.
b|
q|El mar, 28 ene 2025 a las 8:05, Pagos <pagos@pasarela.example.es> escribió:
q|> ¿Qué código devuelve?
""",
    ),
)
