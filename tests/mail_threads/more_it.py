"""Italian mails that the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_ITALIAN = (
    thread(
        "it-outlook-desktop-due",
        """
b|Gentilissimi,
b|
b|il portale fornitori rifiuta il certificato rinnovato ieri con il messaggio "catena
b|incompleta". Il vecchio scade venerdì.
b|
b|Restiamo in attesa di un cortese riscontro.
b|
s|Porgiamo distinti saluti
b|
s|dott.ssa Marta Bellini
s|Ufficio Acquisti
s|Ceramiche Inventate S.r.l.
s|Via delle Prove 8 - 41049 Sassuolo (MO)
s|Tel.: 0536 555 010 - Cell.: 333 555 0101
b|
q|Da: Portale Fornitori <portale@fornitori.example.it>
q|Inviato: martedì 15 ottobre 2024 12:04
q|A: Bellini Marta <marta.bellini@ceramiche.example.it>
q|Cc: Qualità <qualita@ceramiche.example.it>
q|Oggetto: R: Rinnovo certificato
q|
q|Buongiorno, può caricare il nuovo certificato.
""",
    ),
    thread(
        "it-gmail-due",
        """
b|Buongiorno Davide, con il nuovo alimentatore si accende ma la ventola non gira.
b|
s|Buona giornata
s|Teresa Fabbri
b|
q|Il giorno mer 9 ott 2024 alle ore 08:39 Davide Serra <
q|davide.serra@ricambi.example.it> ha scritto:
b|
q|> Buongiorno signora Fabbri,
q|>
q|> le spediamo un nuovo alimentatore.
q|>
q|> Cordiali saluti
q|> Davide
""",
    ),
    thread(
        "it-android",
        """
b|Non si apre nemmeno da computer, stessa schermata grigia.
b|
s|Scarica Outlook per Android<https://aka.example.com/o5>
q|________________________________
q|Da: Registro Elettronico <registro@istituto.example.it>
q|Inviato: Friday, September 20, 2024 1:12:37 PM
q|A: Bruno Gallo <bruno.gallo@famiglie.example.it>
q|Oggetto: Re: Accesso registro
q|
q|Ha provato da un computer?
""",
    ),
    thread(
        "it-intercalato",
        """
b|Ciao, rispondo sotto.
b|
q|Il 04/11/24 15:17, Assistenza ha scritto:
q|> A che ora compare il messaggio?
b|
b|Sempre alle 13 in punto.
b|
q|> Su tutte le postazioni?
b|
b|Solo su quelle del primo piano, le altre sono ancora accese ma non lo mostrano.
b|
s|Saluti
s|ing. Luca Morandi
""",
    ),
    thread(
        "it-esterno-privacy",
        """
d|ATTENZIONE: questo messaggio proviene da un mittente esterno all'organizzazione. Non
d|cliccare su link o allegati se non si è certi del contenuto.
b|
b|Salve, la tastiera del totem scrive due volte ogni lettera.
b|
s|Cordialmente,
s|Pro Loco di Borgofinto
b|
d|Nota di riservatezza: questo messaggio è destinato solo al destinatario. Se ricevuto per
d|errore, si prega di cancellarlo.
""",
    ),
    thread(
        "it-inoltrato-thunderbird",
        """
b|Inoltro per competenza.
b|
s|Grazie, Silvia
b|
h|-------- Messaggio Inoltrato --------
h|Oggetto: 	Fontana sempre accesa
h|Data: 	Mon, 12 Aug 2024 06:50:02 +0200
h|Mittente: 	Quartiere Nord <quartiere@nord.example.it>
h|A: 	urp@comune.example.it
b|
b|La fontana della piazza resta accesa anche di notte, il timer segna 00:00.
""",
    ),
    thread(
        "it-comune",
        """
b|Buongiorno,
b|
b|il tabellone della sala d'attesa chiama i numeri in ordine sparso da questa mattina.
b|Dopo il riavvio va bene per mezz'ora.
b|
s|Cordiali saluti,
b|
s|Ornella Valenti
s|Ufficio Anagrafe - Comune di Montefinto
s|tel. 0571 555 020
s|pec: anagrafe@pec.montefinto.example.it
b|
q|Da: Code & Sale <assistenza@code.example.it>
q|Inviato: mercoledì 15 gennaio 2025 08:50
q|A: Anagrafe <anagrafe@montefinto.example.it>
q|Oggetto: I: Tabellone sala d'attesa
q|
q|Buongiorno, può riavviare il tabellone?
""",
    ),
    thread(
        "it-informale",
        """
b|ciao, ora si collega ma l'audio è solo a sinistra. con le cuffie vecchie era tutto ok
b|
s|grazie
s|pietro
b|
q|Il giorno gio 23 gen 2025 alle ore 21:40 Audio Service <audio@service.example.it> ha
q|scritto:
b|
q|> Ciao Pietro,
q|> scollega e ricollega le cuffie.
""",
    ),
    thread(
        "it-studio",
        """
b|Gentile dottor Marchi,
b|
b|il programma delle parcelle arrotonda i centesimi in modo diverso tra stampa e video.
b|Allego i due documenti.
b|
s|RingraziandoLa per l'attenzione, porgo cordiali saluti.
b|
s|Avv. Lidia Costa
b|
d|AVVISO DI RISERVATEZZA - Le informazioni contenute nel presente messaggio sono riservate e
d|destinate esclusivamente al destinatario; ogni uso non autorizzato è vietato.
b|
q|-----Messaggio originale-----
q|Da: Marchi Software [mailto:info@marchi.example.it]
q|Inviato: venerdì 31 gennaio 2025 18:02
q|A: studio@costa.example.it
q|Oggetto: Re: Parcelle
q|
q|Gentile avvocato, mi invia un esempio?
""",
    ),
    thread(
        "it-tra-le-righe",
        """
q|Il 06/02/2025 09:44, Manutenzione ha scritto:
q|> Quale lampeggiante è guasto?
q|
b|Quello sul cancello carraio.
b|
q|> Il cancello si muove comunque?
q|
b|Si muove, ma si ferma a metà e riparte da solo.
b|
s|Buon lavoro,
s|Portineria
""",
    ),
    thread(
        "it-inoltro-apple",
        """
b|Vedi sotto, è urgente.
b|
s|Nicola
b|
h|Inizio messaggio inoltrato:
b|
h|Da: Gelateria Neve <neve@gelateria.example.it>
h|Oggetto: Vetrina calda
h|Data: 5 febbraio 2025 alle ore 13:20:10 CET
h|A: frigo@pronto.example.it
b|
b|La vetrina segna -2 invece di -14 e l'allarme non suona.
b|
s|Grazie
s|Titti
""",
    ),
)
