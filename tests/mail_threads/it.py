"""Italian mails."""

from __future__ import annotations

from tests.mail_threads.thread import thread

ITALIAN = (
    thread(
        "it-gmail",
        """
b|Ciao Paolo,
b|
b|ho svuotato la cache ma la pagina resta bianca. In finestra anonima invece si apre.
b|
s|Grazie mille,
s|Giulia
b|
q|Il giorno mar 14 mag 2024 alle ore 11:05 Paolo Riva <paolo.riva@assistenza.example.it>
q|ha scritto:
b|
q|> Ciao Giulia,
q|>
q|> prova a svuotare la cache.
q|>
q|> Paolo
""",
    ),
    thread(
        "it-outlook-desktop",
        """
b|Buongiorno,
b|
b|il lettore badge dell'ingresso B non riconosce più le tessere nuove.
b|Con quelle vecchie funziona.
b|
s|Cordiali saluti
b|
s|Franco Neri
s|Responsabile sicurezza
s|Cantieri Esempio S.p.A.
s|Via del Molo 3, 16100 Genova
s|Tel. +39 010 555 0101 | www.cantieri.example.it
b|
d|Il presente messaggio è riservato ed è destinato esclusivamente al destinatario indicato.
d|Se lo avete ricevuto per errore, vi preghiamo di eliminarlo.
b|
q|Da: Assistenza <assistenza@varchi.example.it>
q|Inviato: giovedì 9 maggio 2024 16:30
q|A: Franco Neri <f.neri@cantieri.example.it>
q|Oggetto: R: Tessere nuove
q|
q|Gentile Franco,
q|
q|le tessere sono attive.
""",
    ),
    thread(
        "it-inoltrato",
        """
b|Potete occuparvene voi?
b|
h|Inizio messaggio inoltrato:
b|
h|Da: Biblioteca Comunale <prestiti@biblioteca.example.it>
h|Oggetto: Etichette storte
h|Data: 27 febbraio 2024 alle ore 10:18:40 CET
h|A: informatica@comune.example.it
b|
b|Buongiorno, la stampante delle etichette stampa tutto storto da ieri.
b|Abbiamo cambiato il rotolo due volte.
b|
s|Distinti saluti
s|La biblioteca
""",
    ),
    thread(
        "it-thunderbird",
        """
q|Il 30/01/2024 14:22, Supporto ha scritto:
q|> Il problema si presenta anche con il cavo?
b|
b|No, soltanto con il Wi-Fi.
b|
q|> Quale canale usa il router?
b|
b|Il canale 11, a 2,4 GHz.
b|
s|--
s|Studio Legale Prova
s|Corso Inventato 18, Torino
""",
    ),
    thread(
        "it-iphone",
        """
b|Perfetto, adesso sincronizza di nuovo.
b|
s|Inviato da iPhone
b|
q|> Il giorno 6 giu 2024, alle ore 20:11, Centro Servizi <servizi@centro.example.it> ha scritto:
q|>
q|> Abbiamo riattivato la sincronizzazione.
""",
    ),
    thread(
        "it-outlook-web",
        """
b|Buonasera,
b|
b|dopo l'aggiornamento il gestionale non stampa più gli scontrini doppi.
b|Con la versione precedente bastava il tasto F9.
b|
b|Resto in attesa.
b|
s|Un cordiale saluto,
s|Elena Bassi
s|Amministrazione - Profumeria Esempio S.n.c.
s|P.IVA 00000000000
s|tel 051 555 0147
b|
q|________________________________
q|Da: Supporto Gestionale <supporto@gestionale.example.it>
q|Inviato: lunedì 8 gennaio 2024 17:55
q|A: Elena Bassi <elena@profumeria.example.it>
q|Oggetto: R: Aggiornamento 3.9
q|
q|Gentile Elena, l'aggiornamento è disponibile.
""",
    ),
    thread(
        "it-samsung",
        """
b|Ho riprovato stamattina, il lettore dice ancora "carta non valida".
b|
s|Inviato dal mio Galaxy
b|
q|-------- Messaggio originale --------
q|Da: Mensa Scolastica <mensa@scuola.example.it>
q|Data: 15/01/24 12:38 (GMT+01:00)
q|A: Genitore <genitore@casa.example.it>
q|Oggetto: Tessera mensa
q|
q|Gentile genitore, la tessera è stata sbloccata.
""",
    ),
    thread(
        "it-riservatezza",
        """
b|Spett.le assistenza,
b|
b|il centralino non inoltra le chiamate dall'interno 21 all'interno 30 da giovedì.
b|Gli altri interni funzionano.
b|
s|Distinti saluti.
b|
s|Rag. Piero Conti
s|Consorzio Agrario Fittizio
b|
d|Ai sensi del Regolamento (UE) 2016/679 le informazioni contenute in questo messaggio sono
d|riservate ed a uso esclusivo del destinatario.
b|
d|Prima di stampare questa e-mail pensa all'ambiente.
b|
q|Il 22/02/2024 09:31, Assistenza Telefonia ha scritto:
q|> Quali interni sono coinvolti?
""",
    ),
    thread(
        "it-inoltro-gmail",
        """
h|---------- Forwarded message ---------
h|Da: Palestra Olimpo <info@olimpo.example.it>
h|Date: gio 23 mag 2024 alle ore 06:58
h|Subject: Tornello guasto
h|To: <manutenzione@sport.example.it>
b|
b|Buongiorno, il tornello lascia passare tutti, anche senza tessera.
b|La spia verde è sempre accesa.
b|
s|A presto
s|Ivan
""",
    ),
    thread(
        "it-citazione-senza-segni",
        """
b|Va bene la sostituzione, ma il numero di serie non è quello: sul retro leggo 7C-4410.
b|
s|Grazie e saluti
s|Sara
b|
q|Il giorno lun 3 giu 2024 alle ore 15:20 Officina Radio <officina@radio.example.it> ha scritto:
b|
q|Gentile Sara,
q|le sostituiamo la radio con numero di serie 7C-4401.
q|
q|Cordialmente
q|Officina Radio
""",
    ),
)
