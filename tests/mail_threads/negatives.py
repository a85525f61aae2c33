"""Messages whose own words look like what is cut out: every line of the body must stay."""

from __future__ import annotations

from tests.mail_threads.thread import thread

HARD_NEGATIVES = (
    thread(
        "en-size-limit",
        """
b|Uploading fails for some files:
b|> 5 GB fails
b|smaller ones work.
""",
    ),
    thread(
        "en-redirection",
        """
b|The nightly job runs this:
b|
b|cat part-*.csv \\
b|>> /srv/export/all.csv
b|
b|and the file is empty in the morning.
""",
    ),
    thread(
        "en-shell-session",
        """
b|Here is what I typed on the database server:
b|
b|> use billing
b|switched to db billing
b|> db.invoices.count()
b|0
b|
b|Yesterday there were thousands.
""",
    ),
    thread(
        "en-python-prompt",
        """
b|The module cannot be imported:
b|
b|>>> import ledger
b|Traceback (most recent call last):
b|  File "<stdin>", line 1, in <module>
b|ModuleNotFoundError: No module named 'ledger'
b|>>> print(sys.path)
""",
    ),
    thread(
        "en-diff",
        """
b|diff shows this after the upgrade:
b|
b|2,3c2,3
b|< the old limit was ten sessions per user
b|< and nobody was logged out
b|---
b|> the new limit is two sessions per user
b|> and everybody is logged out
""",
    ),
    thread(
        "en-quoted-log",
        """
b|The console repeats these lines:
b|
b|> 10:22:31 ERROR worker-3 connection reset by peer
b|> 10:22:31 ERROR worker-3 retrying in 5 seconds
b|> 10:22:36 ERROR worker-3 connection reset by peer
b|
b|Restarting the worker does not help.
""",
    ),
    thread(
        "en-thanks-in-the-middle",
        """
b|Hello,
b|
b|Thanks,
b|that was quick. I tried the new build on two machines this morning.
b|On the first one it starts, on the second one it stops with a grey window,
b|and the event log shows nothing at all.
b|
b|Could you tell me where the build writes its own log?
""",
    ),
    thread(
        "en-details-below-the-name",
        """
b|The scanner app closes after ten seconds.
b|
b|Thanks,
b|Priya
b|
b|Device: Zenbrook T4
b|System: Android 13
b|App version: 5.2.1
""",
    ),
    thread(
        "en-pem",
        """
b|The gateway refuses this key:
b|
b|-----BEGIN PUBLIC KEY-----
b|MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx0Zq
b|-----END PUBLIC KEY-----
b|
b|It was made with the tool from your page.
""",
    ),
    thread(
        "en-sql-comments",
        """
b|The script of the upgrade stops at the second statement:
b|
b|--
b|-- Table structure for table `invoice`
b|--
b|
b|DROP TABLE IF EXISTS invoice;
b|-- then the new columns
b|ALTER TABLE invoice ADD total INT;
""",
    ),
    thread(
        "en-yaml",
        """
b|This configuration is refused:
b|
b|from: queue-a
b|to: queue-b
b|subject:
b|  - orders
b|  - returns
b|date: 2024-05-03
b|
b|The message is "unknown key: subject".
""",
    ),
    thread(
        "en-internet-headers",
        """
b|Our filter rejects mails that carry these headers, although they are ours:
b|
b|Return-Path: <news@shop.example.com>
b|Received: from mx1.shop.example.com by mail.example.net; Fri, 3 May 2024 10:21:07 +0000
b|From: Shop News <news@shop.example.com>
b|To: list@example.net
b|Date: Fri, 3 May 2024 10:21:00 +0000
b|Subject: Offers of the week
b|Message-ID: <20240503.1@shop.example.com>
b|
b|Which rule is it, and how do we switch it off?
""",
    ),
    thread(
        "en-pasted-headers",
        """
b|Each of our notices is sent twice. The second copy begins like this:
b|From: Notices <notices@clinic.example.org>
b|Sent: Monday, June 3, 2024 6:00 AM
b|To: Ward 4 <ward4@clinic.example.org>
b|Subject: Meals
b|and has no attachment.
""",
    ),
    thread(
        "en-server-wrote",
        """
b|The backup is incomplete again.
b|
b|On 2024-05-03 at 10:21 the backup server wrote:
b|
b|skipped 14 files (locked)
b|finished with warnings
b|
b|The locked files belong to the accounting system.
""",
    ),
    thread(
        "en-about-disclaimers",
        """
b|Our lawyers want a notice under each mail.
b|
b|This message must say that the content is confidential and what an unintended recipient
b|has to do. Where do we configure it, and can it be in two languages?
""",
    ),
    thread(
        "de-stacktrace",
        """
b|Beim Speichern kommt dieser Fehler:
b|
b|java.lang.IllegalStateException: Sitzung beendet
b|    at example.app.Session.check(Session.java:88)
b|    at example.app.Save.run(Save.java:14)
b|--
b|    at example.app.Main.main(Main.java:5)
b|
b|Danke
b|und bitte auch prüfen, ob der Server in Köln betroffen ist.
""",
    ),
    thread(
        "de-loeschen",
        """
b|Guten Tag,
b|
b|Diese Nachricht lässt sich im Postfach nicht löschen. Der Knopf ist grau.
""",
    ),
    thread(
        "fr-formulaire",
        """
b|Le formulaire de réservation n'envoie rien. J'ai saisi :
b|
b|De : Annecy
b|À : Lyon
b|Date : 14/06/2024
b|Objet : visite du site
b|
b|puis « Valider », et la page reste blanche.
""",
    ),
    thread(
        "es-saludos-en-pantalla",
        """
b|La plantilla muestra solo la despedida:
b|
b|Un saludo,
b|{{nombre}}
b|
b|y el resto del correo no aparece.
""",
    ),
    thread(
        "nl-lijst",
        """
b|Dit gaat mis sinds maandag:
b|
b|- inloggen duurt een minuut
b|- zoeken geeft niets terug
b|-- ook niet op nummer
b|- afdrukken werkt wel
""",
    ),
    thread(
        "en-best-practice",
        """
b|Is there a
b|Best practice for rotating the keys? We have found none in the manual.
b|
b|Cheers to the whole team for the quick release, by the way.
""",
    ),
    thread(
        "en-sent-from-my-printer",
        """
b|Scans arrive empty when they are
b|sent from my office to the archive, but not the other way round.
""",
    ),
    thread(
        "en-menu-path",
        """
b|I cannot find the option:
b|> Settings > Network > Proxy
b|It was there before version 9.
""",
    ),
    thread(
        "en-heredoc",
        """
b|This ends with "syntax error near unexpected token":
b|
b|$ cat <<EOF > notes.txt
b|> the first line of my notes
b|> the second line of my notes
b|> EOF
""",
    ),
    thread(
        "en-call-records",
        """
b|The call list shows the same call twice:
b|
b|From: +44 20 5550 0142
b|To: +44 20 5550 0100
b|Date: 2024-05-03 10:21
b|Duration: 00:04:10
b|
b|and is billed twice, too.
""",
    ),
    thread(
        "en-usage-with-dashes",
        """
b|The command line tool ignores everything after
b|--
b|so `grep -- -v file` does not find "-v". Is that on purpose?
""",
    ),
    thread(
        "en-thanks-and-log",
        """
b|Updating did not help.
b|
b|Thanks,
b|Lev
b|
b|2024-05-03 10:21:07 WARN pool exhausted
b|2024-05-03 10:21:09 WARN pool exhausted
""",
    ),
    thread(
        "de-mail-in-anfuehrung",
        """
b|Unser Newsletter wird mit diesem Kopf angezeigt, der Name fehlt:
b|
b|Von: <news@garten.example.de>
b|Gesendet: Montag, 3. Juni 2024 08:00
b|An: Abonnenten
b|Betreff: Neues aus dem Garten
b|
b|Wo trägt man den Namen ein?
""",
    ),
    thread(
        "fr-merci-au-milieu",
        """
b|Bonjour,
b|
b|Merci
b|pour votre réponse. Le badge fonctionne à l'entrée mais pas au parking.
b|
b|Faut-il le programmer une seconde fois ?
""",
    ),
    thread(
        "it-quando-ha-scritto",
        """
b|Il 3 maggio 2024 il collega ha scritto: "tutto a posto".
b|Invece il server è di nuovo fermo e il disco è pieno.
""",
    ),
    thread(
        "nl-bericht-op-scherm",
        """
b|Dit bericht verschijnt bij het opstarten en gaat niet weg.
b|De knop "Sluiten" doet niets.
""",
    ),
)
