"""Sentences with which the rules for personal data were written; `{}` stands for what must go."""

from __future__ import annotations

from tests.redaction_samples import lines

SENTENCES = {
    "en_US": lines(
        r"""
        Please use {} for this.
        It was {}, thanks
        Found in the log: {}
        {}
        The customer sent us {} by chat.
        Attached: {}; see below.
        value={}
        Here you go -> {}
        We were told {} no longer works.
        | note | {} |
        Thanks. {} is what the form shows.
        ref {} as discussed
        1) {} 2) nothing else
        """
    ),
    "en_GB": lines(
        r"""
        We still have {} on file.
        Kindly update {} today.
        ({})
        Could you check whether {} is still right?
        “{}”
        Sorry, I meant {}!
        See {} (second page).
        Cheers, it should read {}
        {}, as I said
        """
    ),
    "de": lines(
        r"""
        Bitte {} verwenden.
        Im Protokoll steht {}.
        Neu: {}
        Der Kunde nannte {} am Telefon.
        Siehe <{}>
        Angegeben war {}, bitte ändern.
        Hier noch einmal: {}
        Ist {} noch aktuell?
        „{}“ steht im Formular.
        Laut Kunde: {}!
        Das war {}, glaube ich.
        """
    ),
    "fr": lines(
        r"""
        Merci d'utiliser {} désormais.
        Dans le journal : {}
        Le client a donné {} par courriel.
        Voici : {}.
        J'ai noté {} dans le formulaire.
        « {} »
        C'est bien {} ?
        Merci de corriger {}
        """
    ),
    "es": lines(
        r"""
        Usen {} por favor.
        En el registro aparece {}.
        El cliente nos dio {} por chat.
        Aquí está: {}
        ¿Es {} el correcto?
        Anoté {} en el formulario.
        Corrijan {} cuanto antes.
        El dato es {}
        """
    ),
    "it": lines(
        r"""
        Usate {} per favore.
        Nel registro c'è {}.
        Il cliente ci ha dato {} in chat.
        Ecco: {}
        Ho scritto {} nel modulo.
        È {} quello giusto?
        Il dato è {}
        Correggete {} appena possibile.
        """
    ),
    "nl": lines(
        r"""
        Gebruik {} voortaan.
        In het logboek staat {}.
        De klant gaf {} door.
        Hierbij: {}
        Ik heb {} ingevuld.
        Klopt {} nog?
        Het moet {} zijn.
        Pas {} aan
        """
    ),
    "pt_BR": lines(
        r"""
        Usem {} por favor.
        No registro aparece {}.
        O cliente passou {} pelo chat.
        Segue: {}
        Preenchi {} no formulário.
        Está certo: {}?
        O dado é {}
        Corrijam {} assim que possível.
        """
    ),
    "pl": lines(
        r"""
        Proszę użyć {} od dziś.
        W dzienniku jest {}.
        Klient podał {} na czacie.
        Oto: {}
        Wpisałem {} w formularzu.
        Czy {} jest poprawny?
        Powinno być {}
        Proszę poprawić {} jak najszybciej.
        """
    ),
    "sv": lines(
        r"""
        Använd {} i fortsättningen.
        I loggen står {}.
        Kunden uppgav {} i chatten.
        Här: {}
        Jag skrev {} i formuläret.
        Stämmer {}?
        Det ska vara {}
        Rätta {} snarast.
        """
    ),
}

PHONES = {
    "en_US": lines(
        r"""
        Call me at {}.
        Phone: {}
        You can reach me under {} until noon
        My cell is {}.
        Please give me a call back on {}
        contact number: {}
        Office phone {}
        Text me at {}
        My direct number is {}
        Phone number: {}
        Call {} if anything comes up
        Fax {}
        """
    ),
    "en_GB": lines(
        r"""
        Tel. {}
        My mobile is {}, thanks
        Ring me on {} please
        You can phone me on {}.
        Mob: {}
        Telephone {} (office)
        You may ring me on {} after five.
        Landline: {}
        Contact phone: {}
        Telephone: {}
        Mobile {}
        Please call {}.
        """
    ),
    "de": lines(
        r"""
        Telefon: {}
        Sie erreichen mich unter {}.
        Mobil {} (ab 9 Uhr)
        Rufen Sie mich bitte unter {} zurück.
        Tel.: {}
        Meine Handynummer ist {}
        Meine Telefonnummer: {}
        Bitte um Rückruf: {}
        Handy {}
        Mobilnummer: {}
        Bitte anrufen unter {}.
        Fax: {}
        """
    ),
    "fr": lines(
        r"""
        Tél. : {}
        Vous pouvez me joindre au {}.
        Rappelez-moi au {}
        Mon portable : {}
        Appelez-moi au {}.
        Téléphone {}
        Mon téléphone : {}
        Je suis joignable au {}.
        Portable {}
        Numéro de téléphone : {}
        Tel {}
        """
    ),
    "es": lines(
        r"""
        Teléfono: {}
        Me pueden llamar al {}.
        Mi móvil es el {}
        Llámeme al {} por favor.
        Tel: {}
        Mi número de móvil es {}
        Mi teléfono es {}
        Móvil: {}
        Pueden contactarme en el teléfono {}
        Número de teléfono: {}
        Llamar al {}
        """
    ),
    "it": lines(
        r"""
        Telefono: {}
        Chiamatemi al {}.
        Il mio cellulare è {}
        Il mio numero di telefono è {}
        Cell. {}
        Può chiamarmi al {}
        Tel. {}
        Cellulare: {}
        Sono reperibile al numero di telefono {}
        Numero di telefono: {}
        Cellulare {}
        """
    ),
    "nl": lines(
        r"""
        Telefoon: {}
        Bel mij op {}.
        Ik ben bereikbaar op {}
        Mijn telefoonnummer is {}
        Tel. {}
        U kunt mij bellen op {}
        Mobiel: {}
        Mijn mobiele nummer is {}
        Telefoonnummer {}
        Bel {} voor vragen.
        Tel: {}
        """
    ),
    "pt_BR": lines(
        r"""
        Telefone: {}
        Podem ligar para {}.
        Meu celular é {}
        Meu telefone é {}
        Cel: {}
        Pode me ligar no {}
        Celular: {}
        Meu telefone de contato é {}
        Liguem para o telefone {}
        Número de telefone: {}
        Telefone {}
        """
    ),
    "pl": lines(
        r"""
        Telefon: {}
        Proszę dzwonić pod {}.
        Mój numer to {}
        Mój telefon: {}
        tel. {}
        Proszę o kontakt: {}
        Mój numer telefonu: {}
        Telefon kontaktowy {}
        Kom. {}
        Numer telefonu: {}
        Proszę zadzwonić: tel. {}
        """
    ),
    "sv": lines(
        r"""
        Telefon: {}
        Ring mig på {}.
        Jag nås på {}
        Mitt telefonnummer är {}
        Tel: {}
        Ni kan ringa mig på {}
        Mobil: {}
        Mitt mobilnummer är {}
        Telefonnummer {}
        Telefon {}
        Mobilnummer: {}
        """
    ),
}

LABELLED_IDS = {
    "bsn": lines(
        r"""
        BSN: {}
        Mijn BSN is {}
        burgerservicenummer {}
        BSN {}
        Burgerservicenummer: {}
        """
    ),
}

TECHNICAL_SENTENCES = lines(
    r"""
    {}
    The log shows {} before it stops.
    We see {} on every client.
    Fehler: {} beim Start
    [WARN] worker-3 {} retrying
    Depuis hier : {}
    affected: {}, please check
    id={} status=failed
    Customer reports {} after the restart.
    > {}
    Seit dem Neustart sehen wir {}.
    result: {}
    Compare {} with the one on the label
    en la pantalla sale {} y nada más
    ⇥- {}¶
    We noticed {} in yesterday's run.
    ({})
    El informe menciona {} dos veces.
    {} -> ok
    last seen: {}
    Nach dem Update steht dort {}
    Nothing but {} in the window.
    "{}"
    Le message affiche {} puis plus rien.
    code={}; retry=3
    Seen by two users: {}.
    ok {} ok
    """
)
