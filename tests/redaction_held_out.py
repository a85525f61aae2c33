"""
Sentences written after the rules of redaction were frozen; `{}` stands for what must go.

When a rule is mended because one of them fails, it is held out no more: it
moves to `redaction_templates` or `redaction_sentences`, and others are
written here.
"""

from __future__ import annotations

from tests.redaction_samples import lines

PASSWORDS = {
    "en_US": lines(
        r"""
        After the reset the password became {}, which fails too.
        Password for both accounts: {}
        The temp password you emailed was {}.
        """
    ),
    "en_GB": lines(
        r"""
        The router's admin password is {} as printed on the back.
        Password as agreed: {}
        """
    ),
    "de": lines(
        r"""
        Ich melde mich mit dem Kennwort {} an.
        Unser Kennwort ist seit heute {}.
        """
    ),
    "fr": lines(
        r"""
        Je saisis le mot de passe {} et rien.
        Le mot de passe affiché est {}
        Mot de passe provisoire : {}
        """
    ),
    "es": lines(
        r"""
        Escribo la contraseña {} y nada.
        La contraseña anotada es {}
        Contraseña provisional: {}
        """
    ),
    "it": lines(
        r"""
        Inserisco la password {} e niente.
        La password annotata è {}
        Password provvisoria: {}
        """
    ),
    "nl": lines(
        r"""
        Ik typ het wachtwoord {} en er gebeurt niets.
        Het genoteerde wachtwoord is {}
        Voorlopig wachtwoord: {}
        """
    ),
    "pt_BR": lines(
        r"""
        Digito a senha {} e nada.
        A senha anotada é {}
        Senha provisória: {}
        """
    ),
    "pl": lines(
        r"""
        Wpisuję hasło {} i nic.
        Zapisane hasło to {}
        Hasło startowe: {}
        """
    ),
    "sv": lines(
        r"""
        Jag skriver lösenordet {} och inget händer.
        Det antecknade lösenordet är {}
        Tillfälligt lösenord: {}
        """
    ),
}

ASSIGNMENTS = lines(
    r"""
    GRAFANA_ADMIN_PASSWORD={}
    "adminPassword": "{}",
    admin.password={}
    <user name="svc" password="{}"/>
    <db-password>{}</db-password>
    mysql.default_password = {}
    connection_string = "Host=db;Username=svc;Password={}"
    setup.exe /quiet PASSWORD={} REBOOT=0
    db:¶  user: svc¶  pass_hint: none¶  password: {}
    conn = connect(host, user='svc', password='{}', timeout=5)
    ansible_password: {}
    passwd: "{}"
    vpn.password : {}
    """
)

KEY_ASSIGNMENTS = lines(
    r"""
    STORAGE_ACCOUNT_KEY={}
    "secret": "{}"
    access_key: {}
    The client secret is {}.
    X-Session-Token: {}
    apikey={}&format=json
    deploy token: {}
    encryption_key = '{}'
    Authorization: Bearer {}
    token = "{}"
    """
)

CODES = lines(
    r"""
    PIN for the scanner: {}
    I received OTP {} but too late.
    Your login code: {}
    Die TAN lautet {}
    Meine PIN lautet {}.
    Code de sécurité : {}
    El PIN es {}
    Il codice OTP è {}
    De beveiligingscode is {}
    Código de verificação: {}
    Kod weryfikacyjny to {}
    Verifieringskod: {}
    """
)

SENTENCES = {
    "en_US": lines(
        r"""
        Okay: {} then.
        On file: {} / no
        """
    ),
    "en_GB": lines(
        r"""
        As above, {} please.
        Is it {} or not?
        """
    ),
    "de": lines(
        r"""
        Bei uns steht {} drin.
        Korrekt wäre {}.
        """
    ),
    "fr": lines(
        r"""
        Chez nous figure {}.
        Le bon est {}
        """
    ),
    "es": lines(
        r"""
        Aquí figura {}.
        Lo correcto es {}
        """
    ),
    "it": lines(
        r"""
        Qui risulta {}.
        Quello giusto è {}
        """
    ),
    "nl": lines(
        r"""
        Bij ons staat {} vermeld.
        Juist is {}
        """
    ),
    "pt_BR": lines(
        r"""
        Aqui consta {}.
        O certo é {}
        """
    ),
    "pl": lines(
        r"""
        U nas widnieje {}.
        Poprawnie jest {}
        """
    ),
    "sv": lines(
        r"""
        Hos oss står {}.
        Rätt är {}
        """
    ),
}

PHONES = {
    "en_US": lines(
        r"""
        My mobile number is {}.
        Best phone to reach me: {}
        """
    ),
    "en_GB": lines(
        r"""
        Our telephone number is {}
        Work phone: {}
        """
    ),
    "de": lines(
        r"""
        Tel. {} (Zentrale)
        Telefonisch bin ich unter {} erreichbar.
        """
    ),
    "fr": lines(
        r"""
        Téléphone fixe : {}
        Merci de me rappeler au {}
        """
    ),
    "es": lines(
        r"""
        Teléfono fijo: {}
        Mi teléfono móvil es el {}
        """
    ),
    "it": lines(
        r"""
        Telefono fisso: {}
        Mi può richiamare al numero di cellulare {}
        """
    ),
    "nl": lines(
        r"""
        Vast telefoonnummer: {}
        Ik ben telefonisch bereikbaar op {}
        """
    ),
    "pt_BR": lines(
        r"""
        Telefone fixo: {}
        Meu celular para contato: {}
        """
    ),
    "pl": lines(
        r"""
        Telefon stacjonarny: {}
        Telefon komórkowy {}
        """
    ),
    "sv": lines(
        r"""
        Telefon hem: {}
        Du når mig på mobil {}
        """
    ),
}

LABELLED_IDS = {
    "bsn": lines(
        r"""
        BSN = {}
        het BSN van de klant is {}
        """
    )
}

TECHNICAL_SENTENCES = lines(
    r"""
    Since Monday {} shows up again.
    <{}>
    La consola muestra {}.
    status=ok value={} end
    Both of them: {}
    Danach kam {} und Ruhe.
    """
)

NOT_SECRETS = lines(
    r"""
    The password dialog closes itself.
    Two users share one password, is that allowed?
    Password reset took 45 minutes
    Password history: 24
    Saved passwords are gone after the update to 118.0.2
    The PIN pad of terminal 4711 is broken.
    No code arrived on my phone.
    The API key was deleted by mistake.
    Das Passwort wird im Klartext angezeigt.
    Passwortlänge: 12
    Le mot de passe ne marche plus depuis la version 7.2
    La contraseña caduca en 30 días
    La password scade tra 14 giorni
    Wachtwoord moet 12 tekens bevatten
    A senha deve ter 8 caracteres
    Hasło musi mieć 12 znaków
    Lösenordet måste ha 12 tecken
    password: ${{ secrets.DB_PASSWORD }}
    password = config.get('db', 'password')
    "password": null,
    "passwordExpired": true
    password_file: /run/secrets/db
    setPassword(newPassword);
    SELECT password FROM users;
    --password-stdin
    token: ${TOKEN}
    apiKey: process.env.API_KEY
    secretName: web-tls
    Authorization: Basic <base64 of user and password>
    the session cookie is not sent
    https://example.com:9443/x@y
    ssh-keygen -t ed25519 makes a private key
    """
)
