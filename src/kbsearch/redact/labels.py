"""Words that announce a secret, by what kind of value may follow; lower case, many languages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from kbsearch.redact.reading import listed


class LabelKind(Enum):
    """What a word announces."""

    PASSWORD = auto()
    LIKELY_PASSWORD = auto()
    KEY = auto()
    CODE = auto()


PASSWORD_WORDS = listed(
    """
    password, passwd, passphrase, pass phrase, passcode, passwrd, pwd, psw, pw, psk, pre-shared key,
    preshared key, wifi key, wi-fi key, identified by,
    passwort, passwörter, kennwort, kennwörter, losungswort, zugangscode, wlan-schlüssel,
    netzwerkschlüssel, wachtwoord, toegangscode,
    mot de passe, mots de passe, mdp, contraseña, contrasena, contrasenya, senha, palavra-passe,
    palavra passe, parola d'ordine, parola chiave, parola,
    hasło, hasła, haslo, hasłem, heslo, lozinka, zaporka, jelszó, jelszo, slaptažodis,
    lösenord, losenord, passord, adgangskode, kodeord, salasana, salasana on,
    şifre, sifre, пароль, κωδικός πρόσβασης, kata sandi, mật khẩu, パスワード, 密码, 密碼, 비밀번호
    """
)
"""What follows is a password, even a plain word where nothing else can stand."""

PASS_WORDS = listed("pass, clave, code secret, kod dostępu")
"""As a password, but with other meanings: only an unmistakable value counts."""

KEY_WORDS = listed(
    """
    secret, token, apikey, accesskey, authkey, privatekey, accountkey, secretkey, passkey,
    credential, session id, session-id, session_id, sessionid, sessid, connect.sid,
    x-amz-signature, webhook url,
    api-schlüssel, api schlüssel, geheimer schlüssel, geheimen schlüssel, zugriffstoken,
    clé api, clé d'api, clé secrète, jeton, clave api, clave de api, clave secreta,
    chiave api, chiave segreta, chave api, chave de api, chave da api, chave secreta,
    api-sleutel, api sleutel, klucz api, api-nyckel, api nyckel, api-nøgle
    """
)
"""What follows is machine-made: long, or with digits and letters."""

KEY_QUALIFIERS = listed(
    """
    api, access, secret, private, client, auth, account, shared, encryption, signing, master,
    storage, subscription, security, session, service, app, application, deploy, signature,
    integration, write, admin, wlan, wifi, wi-fi, wpa, wpa2, network
    """
)
"""One of them right before "key" makes it a secret one; "primary key" is none."""

CODE_WORDS = listed(
    """
    pin, pincode, pin-code, pin code, code pin, kod pin, otp, totp, tan, mtan, puk,
    verification code, one-time code, one time code, onetime code, one-time passcode,
    one-time password, login code, sign-in code, access code, authentication code, 2fa code,
    mfa code, two-factor code, confirmation code, recovery code, backup code, unlock code,
    authorization code, door code, alarm code, security code,
    einmalcode, einmalkennwort, einmalpasswort, sicherheitscode, bestätigungscode, zugangscode,
    verifizierungscode, freischaltcode, aktivierungscode, geheimzahl,
    code de vérification, code de verification, code de sécurité, code de confirmation,
    code d'accès, code à usage unique, code d'authentification,
    código de verificación, codigo de verificacion, código de acceso, código de seguridad,
    código de un solo uso, código de confirmación,
    codice di verifica, codice di sicurezza, codice di accesso, codice di conferma,
    codice monouso, codice otp,
    verificatiecode, toegangscode, beveiligingscode, eenmalige code, bevestigingscode,
    código de verificação, codigo de verificacao, código de segurança, código de acesso,
    código de confirmação, código de uso único,
    kod weryfikacyjny, kod dostępu, kod jednorazowy, kod potwierdzający,
    verifieringskod, engångskod, säkerhetskod, åtkomstkod, bekräftelsekod,
    код подтверждения, 验证码, 確認コード
    """
)
"""What follows is four to eight digits, or a short code with digits."""

PAIR_WORDS = listed(
    """
    credentials, creds, login, logon, log in with, sign in with, logged in with, log on with,
    anmelden, angemeldet, einloggen, eingeloggt, inloggen, ingelogd, me connecter, logowanie,
    zalogować, logga in, loggar in, iniciar sesión, /password,
    / password, /pw, /pwd, /pass, zugangsdaten, anmeldedaten, /passwort, / passwort, /kennwort,
    identifiants, /mot de passe, credenciales, /contraseña, credenziali, inloggegevens,
    /wachtwoord, credenciais, /senha, dane logowania, /hasło, inloggningsuppgifter, /lösenord
    """
)
"""What follows is a user name and a password with a slash, a bar or a colon between."""

_WORDS_OF_KIND = (
    (LabelKind.CODE, frozenset(CODE_WORDS)),
    (LabelKind.PASSWORD, frozenset(PASSWORD_WORDS)),
    (LabelKind.LIKELY_PASSWORD, frozenset(PASS_WORDS)),
    (LabelKind.KEY, frozenset((*KEY_WORDS, "key"))),
)

STEMS = listed(
    """
    pass, pw, psw, psk, wort, wört, woord, key, schlüssel, mdp, contrase, senha, parola, hasł,
    haslo, heslo, lozink, jelsz, lösen, losen, adgang, ifre, парол, κωδ, パス, 密, 비밀, secret,
    token, api, jeton, clav, chiav, chav, klucz, sess, amz, webhook, credential, cod, cód, kod,
    pin, otp, tan, puk, geheim, creds, log, daten, zugang, identifiant, credenc, credenz, код, clé
    """
)
"""Parts of labels, see `Lexicon`."""

LABELS: Mapping[str, tuple[LabelKind, ...]] = {
    word: tuple(kind for kind, words in _WORDS_OF_KIND if word in words)
    for _, words in _WORDS_OF_KIND
    for word in words
}
"""Every label with what it may announce; "key" needs a qualifier before it."""

IS_WORDS = frozenset(
    listed(
        """
        is, was, are, be, been, reads, equals, which, remains, became, ist, war, lautet, lautete,
        heißt, heisst, wäre, wurde, wird, bleibt, est, était, sera, reste, es, era, será, sigue, è,
        e', sarà, resta, rimane, é, foi, continua, luidt, blijft, jest, brzmi, było, pozostaje, är,
        var, lyder, blir, er, je, este, это, είναι, adalah, là
        """
    )
)
"""Verbs between a label and its value."""

TO_WORDS = frozenset(listed("to, of, as, auf, in, à, en, a, para, por, naar, na, till, til, su"))
"""They join a value if a word of change is near: "changed the password to"."""

CHANGE_STEMS = listed(
    """
    chang, set, reset, update, rotat, modif, geändert, ändern, gesetzt, zurückgesetzt,
    réinitialis, cambi, restable, reimpost, redefin, alter, wijzig, gewijzig, verander, zmieni,
    ändra, återställ, skift, bytt
    """
)

NAME_WORDS = listed(
    """
    user, username, user name, id, object, request, account, host, hostname, server, node, client,
    domain, database, table, port, printer, computer, laptop, ticket, case, order, version, build,
    model, benutzer, benutzername, nutzer, konto, rechner, drucker, gerät, bestellung,
    utilisateur, compte, serveur, ordinateur, usuario, cuenta, servidor, utente, usuário, conta,
    gebruiker, gebruikersnaam, użytkownik, konto, användare, användarnamn
    """
)
"""What follows one of them is its name or number, whatever stands near."""

ADVERBS = frozenset(
    listed(
        """
        now, currently, still, just, simply, set, reset, changed, to, again, called, exactly,
        temporarily, always, jetzt, nun, aktuell, derzeit, weiterhin, momentan, vorläufig, immer,
        maintenant, actuellement, désormais, provisoirement, toujours, encore, ahora,
        actualmente, siendo, todavía, adesso, ora, attualmente, ancora, agora, atualmente, sendo,
        ainda, nu, momenteel, nog, steeds, teraz, obecnie, nadal, fortfarande
        """
    )
)
"""They may stand between a verb and the value without weakening it."""

PREPOSITIONS = frozenset(
    listed(
        """
        for, of, on, at, in, from, with, by, into, under, until, für, zu, zum, zur, von, vom, des,
        am, im, bei, beim, auf, mit, pour, du, de, dans, avec, sur, del, do, para, con, en, per, di,
        della, nel, voor, van, met, op, bij, för, på, av, med, dla, od, w, z, na
        """
    )
)
"""Behind a verb they say that no value follows: "the password is stored in …"."""

CONJUNCTIONS = frozenset(
    listed(
        """
        and, but, or, because, when, if, while, then, so, und, aber, oder, weil, wenn, dann, mais,
        ou, et, car, pero, y, porque, ma, perché, mas, e, en, maar, of, want, ale, lub, och, men
        """
    )
)
"""They end what a label can announce."""

ANNOUNCING_WORDS = listed(
    """
    with, use, used, using, enter, entered, entering, type, typed, typing, try, tried, user,
    username, login, log in, account, temp, temporary, initial, default,
    mit, benutze, verwende, nutze, tippe, benutzer, benutzername, nutzer, konto,
    avec, utilise, utilisons, saisis, utilisateur, identifiant, compte,
    con, uso, usamos, utilizo, usuario, cuenta, usiamo, utilizzo, inserisco, utente,
    com, uso, usuário, utilizador, conta, met, gebruik, gebruiken, gebruiker,
    używam, używamy, wpisuję, użytkownik, med, använder, skriver, användare
    """
)
"""Shortly before a label they make a value likely without a verb: "with password …"."""

AS_WORDS = listed("as, als, comme, como, come, jako, som")
"""They join a value to the label behind it: "I type … as the password"."""

POSSESSIVES = listed(
    """
    my, our, his, her, their, mein, unser, sein, ihr, mon, notre, son, mi, nuestra, su, mia,
    nostra, mijn, ons, onze, minha, nossa, moje, nasze, mitt, vårt
    """
)
"""Right before a label they do the same: "my password …"."""

DENYING_WORDS = listed("disabled, disable, without, skip, public, publickey, lost")
"""Right before a label they turn it around: "PublicKeyToken", "--disabled-password"."""

SENTENCE_WORDS = frozenset(
    """
    the this that these is are was be been must should may might can cannot can't has have had do
    does did will would please enter at least your you my our their his her its i we they field
    fields page character characters contain contains with without from and or but to of in on a
    an it if not as by when which who how what why where required invalid incorrect expired wrong
    blank empty failed reset change changed forgot missing
    der die das ist war muss darf bitte und oder nicht mit von zu dein deine mein meine ihr ihre
    le la les est doit et ou ne pas votre mon el los es debe y o su tu il lo deve e non suo mio
    os não seu meu de het moet en niet uw mijn jest musi i nie är måste och inte din min
    """.split()
)
"""A password is none of them, and a quoted one has none among its words."""

COMMON_PASSWORDS = frozenset(
    """
    qwerty qwertz azerty letmein welcome monkey dragon iloveyou sunshine princess football
    baseball shadow superman batman swordfish hunter changeme toor hallo
    schatz willkommen sommer geheim bonjour soleil doudou hola bienvenido ciao juventus welkom
    mudar brasil misiek polska hemligt
    """.split()
)
"""Words so common as passwords that "my password is …" suffices."""

NOT_PASSWORDS = frozenset(
    """
    required optional mandatory wrong incorrect invalid correct valid expired changed reset lost
    forgotten forgot missing empty blank none null nil undefined unknown hidden masked redacted
    removed encrypted hashed plaintext cleartext plain unchanged unset disabled enabled locked
    failed failure rejected accepted denied ok okay fine yes no not never always same default see
    above below attached separate separately sent unavailable pending successful success error
    issue problem question help policy manager protected weak strong secure case-sensitive
    sensitive attempted
    falsch ungültig abgelaufen erforderlich vergessen geändert unbekannt leer siehe nein gesperrt
    zurückgesetzt richtig korrekt pflichtfeld folgt separat oben unten
     requis requise obligatoire oublié expiré incorrecte invalide inconnu vide changé erroné
    voir oui non  obligatorio obligatoria requerida olvidada caducada incorrecta inválida
    desconocida vacía cambiada ninguna véase  obbligatoria obbligatorio richiesta dimenticata
    scaduta errata sconosciuta vuota cambiata nessuna vedi
    vereist vereiste verplicht vergeten verlopen onjuist ongeldig onbekend leeg gewijzigd geen zie
    obrigatória obrigatório esquecida expirada incorreta desconhecida vazia alterada nenhuma
    wymagane wymagany zapomniane wygasło nieprawidłowe nieznane puste zmienione brak
    krävs glömt utgånget felaktigt ogiltigt okänt tomt ändrat inget
    password passwort kennwort passwd pass pwd secret token key apikey string str text varchar
    char bytes int integer number object any bool boolean true false value example sample
    placeholder todo tbd username user email prompt stdin env vault 1password lastpass keepass
    bitwarden keychain sso ldap kerberos oauth saml convertto-securestring assword
    """.split()
)
"""States, rules, types and stand-ins that follow a label without being a secret."""
