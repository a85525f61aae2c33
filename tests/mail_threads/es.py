"""Spanish mails."""

from __future__ import annotations

from tests.mail_threads.thread import thread

SPANISH = (
    thread(
        "es-gmail",
        """
b|Hola Marta:
b|
b|he probado con otro navegador y el formulario sigue sin guardar los cambios.
b|Sale el aviso «Sesión caducada» aunque acabo de entrar.
b|
s|Un saludo,
s|Javier Robles
b|
q|El mié, 15 may 2024 a las 12:40, Marta Gil (<marta.gil@soporte.example.es>)
q|escribió:
b|
q|> Hola Javier:
q|>
q|> ¿Puede probar con otro navegador?
q|>
q|> Marta
""",
    ),
    thread(
        "es-outlook-desktop",
        """
b|Buenos días:
b|
b|No podemos emitir facturas desde ayer. El programa se cierra al pulsar «Imprimir».
b|
b|Quedamos pendientes de su respuesta.
b|
s|Atentamente,
b|
s|Lucía Vidal
s|Departamento de Administración
s|Conservas Ría Azul, S.L.
s|Tel.: +34 986 555 010
b|
d|AVISO LEGAL: Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos
d|exclusivamente a su destinatario. Si lo ha recibido por error, le rogamos que lo elimine.
b|
q|De: Soporte <soporte@factura.example.es>
q|Enviado el: jueves, 18 de abril de 2024 9:15
q|Para: Lucía Vidal <lvidal@riaazul.example.es>
q|Asunto: RE: Incidencia 9021
q|
q|Estimada Lucía:
q|
q|hemos recibido su incidencia.
""",
    ),
    thread(
        "es-reenviado",
        """
b|Os paso esto, es de la tienda de Burgos.
b|
h|---------- Forwarded message ---------
h|De: Tienda Burgos <burgos@tiendas.example.es>
h|Date: lun, 11 mar 2024 a las 8:59
h|Subject: El lector no funciona
h|To: Informática <informatica@tiendas.example.es>
b|
b|Buenos días, el lector de códigos no lee nada desde el sábado.
b|La luz roja se enciende, pero no pita.
b|
s|Saludos
s|Rosa
""",
    ),
    thread(
        "es-thunderbird",
        """
q|El 23/01/24 a las 17:20, Mesa de ayuda escribió:
q|> ¿Qué mensaje aparece en la pantalla?
b|
b|«Disco lleno», aunque quedan 40 GB libres en D:.
b|
q|> ¿Ha vaciado la papelera?
b|
b|Sí, y sigue igual.
b|
s|Saludos cordiales
s|Inés
""",
    ),
    thread(
        "es-movil",
        """
b|Ya funciona, gracias por la rapidez.
b|
s|Enviado desde mi Samsung Galaxy
b|
q|-------- Mensaje original --------
q|De: Soporte <soporte@red.example.es>
q|Fecha: 2/5/24 10:10 (GMT+01:00)
q|A: Pablo Marín <pablo@correo.example.es>
q|Asunto: Re: Sin conexión
q|
q|Hemos reiniciado el router desde aquí.
""",
    ),
    thread(
        "es-outlook-web-externo",
        """
d|PRECAUCIÓN: Este correo proviene de fuera de la organización. No haga clic en enlaces.
b|
b|Buenas tardes, equipo:
b|
b|La báscula del almacén 2 no envía el peso al albarán. Hemos cambiado el cable
b|USB y probado en otro puerto.
b|
b|Gracias por su ayuda.
b|
s|Reciban un cordial saludo,
b|
s|Andrés Paredes Luna
s|Jefe de almacén
s|Frutas del Valle S.A.
s|C/ Inventada, 15, 46000 Valencia
s|Móvil: 600 555 010
s|🌱 Antes de imprimir, piense en el medio ambiente
b|
q|De: Ayuda Logística <ayuda@logistica.example.es>
q|Enviado: martes, 9 de enero de 2024 13:01
q|Para: Andrés Paredes Luna <aparedes@valle.example.es>
q|CC: Compras <compras@valle.example.es>
q|Asunto: Re: báscula
q|
q|Hola Andrés, ¿ha cambiado el cable?
""",
    ),
    thread(
        "es-apple",
        """
b|Sí, con el cargador original pasa lo mismo: se queda en el 80 %.
b|
s|Enviado desde mi iPad
b|
q|> El 11 feb 2024, a las 19:25, Taller Norte <taller@norte.example.es> escribió:
q|>
q|> Hola, Carmen:
q|> ¿Usa el cargador original?
""",
    ),
    thread(
        "es-entrelazado-sin-atribucion",
        """
b|Hola, respondo entre líneas:
b|
q|> ¿Desde cuándo falla la sincronización?
b|
b|Desde el viernes por la tarde.
b|
q|> ¿Han cambiado la contraseña del servicio?
b|
b|Sí, el viernes por la mañana, la cambió mi compañera.
b|
s|Slds.
s|Gonzalo
""",
    ),
    thread(
        "es-reenvio-apple",
        """
b|¿Nos podéis echar una mano?
b|
s|Un abrazo,
s|Mercedes
b|
h|Inicio del mensaje reenviado:
b|
h|De: Radio Vecinal <estudio@radio.example.es>
h|Asunto: La mesa de mezclas no responde
h|Fecha: 30 de abril de 2024, 21:50:03 CEST
h|Para: Mercedes Soto <mercedes@tecnica.example.es>
b|
b|La mesa de mezclas se ha quedado bloqueada en pleno programa.
b|Los botones se encienden, pero no suena nada por la salida 1.
""",
    ),
    thread(
        "es-yahoo",
        """
b|Buenos días. El enlace de recuperación dice que ha caducado nada más abrirlo.
b|
s|Muchas gracias de antemano.
s|Rubén Ferrer
b|
q|En domingo, 3 de marzo de 2024, 11:15:42 CET, Atención <atencion@tienda.example.es> escribió:
b|
q|Hola Rubén:
q|le hemos enviado un enlace nuevo.
q|
q|Atentamente
q|Atención al cliente
""",
    ),
)
