"""Technical strings that look like secrets or personal data and are none."""

from __future__ import annotations

import string
from collections.abc import Mapping
from random import Random

from tests.redaction_samples import _WORDS, Maker, _digits, _hex, _mixed, _some, lines

_UPPER = string.ascii_uppercase


def _version(rng: Random) -> str:
    major, minor, patch = rng.randint(0, 24), rng.randint(0, 30), rng.randint(0, 60)
    build = rng.randint(300, 22631)
    return rng.choice(
        (
            f"v{major}.{minor}.{patch}",
            f"{major}.{minor}.{patch}-rc{rng.randint(1, 9)}",
            f"{major}.{minor}.{build}.{patch}",
            f"version {major}.{minor}.{patch}.{rng.randint(0, 99)}",
            f"Chrome/{rng.randint(90, 130)}.0.{build}.{patch}",
            f"build {build}.{rng.randint(1000, 9999)}",
        )
    )


def _moment(rng: Random) -> str:
    year, month, day = rng.randint(2015, 2026), rng.randint(1, 12), rng.randint(1, 28)
    hour, minute, second = rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    clock = f"{hour:02}:{minute:02}:{second:02}"
    return rng.choice(
        (
            f"{year}-{month:02}-{day:02} {clock}",
            f"{year}-{month:02}-{day:02}T{clock}.{rng.randint(0, 999):03}Z",
            f"{day:02}.{month:02}.{year} {hour:02}:{minute:02}",
            f"{month:02}/{day:02}/{year}",
            f"{day:02}/Mar/{year}:{clock} +0200",
            f"{year}{month:02}{day:02}{hour:02}{minute:02}{second:02}",
            str(rng.randint(1_500_000_000, 1_900_000_000)),
        )
    )


def _hash(rng: Random) -> str:
    return rng.choice(
        (_hex(rng, 7), _hex(rng, 40), _hex(rng, 64), f"sha256:{_hex(rng, 64)}", _hex(rng, 32))
    )


def _uuid(rng: Random) -> str:
    return "-".join(_hex(rng, size) for size in (8, 4, 4, 4, 12))


def _error_code(rng: Random) -> str:
    return rng.choice(
        (
            f"0x{_hex(rng, 8).upper()}",
            f"0x{_hex(rng, 16)}",
            f"ORA-{_digits(rng, 5)}",
            f"E{_digits(rng, 4)}",
            f"AADSTS{_digits(rng, 5)}",
            f"HTTP {rng.randint(400, 599)}",
            f"KB{_digits(rng, 7)}",
            f"CVE-{rng.randint(2010, 2026)}-{_digits(rng, 5)}",
            f"ERR_{rng.choice(_WORDS).upper()}_{_digits(rng, 3)}",
        )
    )


def _serial(rng: Random) -> str:
    return rng.choice(
        (
            f"{_some(rng, _UPPER, 3)}-{_digits(rng, 4)}-{_some(rng, _UPPER, 2)}",
            f"{_some(rng, _UPPER + string.digits, 5)}-{_some(rng, _UPPER + string.digits, 5)}",
            f"{_some(rng, _UPPER, 2)}{_digits(rng, 8)}",
            f"S/N {_some(rng, _UPPER + string.digits, 11)}",
            f"SKU-{_digits(rng, 6)}",
            f"{rng.choice(_WORDS).upper()}-{_digits(rng, 3)}B",
        )
    )


def _order(rng: Random) -> str:
    return rng.choice(
        (
            f"order {_digits(rng, 10)}",
            f"order no. 45{_digits(rng, 8)}",
            f"#{_digits(rng, rng.randint(5, 9))}",
            f"PO {_digits(rng, 4)}-{_digits(rng, 6)}",
            f"Bestellung {_digits(rng, 9)}",
            f"Rechnung 2024-{_digits(rng, 6)}",
            f"commande {_digits(rng, 8)}",
            f"pedido {_digits(rng, 9)}",
            f"zamówienie {_digits(rng, 9)}",
            f"INC{_digits(rng, 7)}",
            f"ticket {_digits(rng, 7)}",
        )
    )


def _place_in_code(rng: Random) -> str:
    name = rng.choice(_WORDS)
    return rng.choice(
        (
            f"at com.{name}.core.TokenStore.validate(TokenStore.java:{rng.randint(10, 990)})",
            f'File "/usr/lib/python3.11/site-packages/{name}/auth.py", line {rng.randint(10, 990)}',
            f"/var/log/{name}/password-reset.log",
            f"C:\\Program Files\\{name.capitalize()}\\secret_store.dll",
            f"{name}::access_token_cache::get_or_create",
            f"std::vector<{name}::Key>::at",
            f"{name.capitalize()}PasswordResetController.handle()",
            f"https://{name}.example.com/reset-password?step=2",
            f"{name}_access_key_id_{_digits(rng, 2)}.yml",
            f"@{name}/token-helper@{rng.randint(1, 9)}.{rng.randint(0, 20)}.0",
        )
    )


def _network(rng: Random) -> str:
    return rng.choice(
        (
            ":".join(_hex(rng, 2) for _ in range(6)),
            "-".join(_hex(rng, 2).upper() for _ in range(6)),
            "127.0.0.1:8080",
            "0.0.0.0",
            "255.255.255.0",
            "::1",
            f"localhost:{rng.randint(1024, 65535)}",
            f"port {rng.randint(1024, 65535)}",
            f"{rng.choice(_WORDS)}.example.com:443",
            f"git@git.example.com:{rng.choice(_WORDS)}/app.git",
            f"{rng.choice(_WORDS)}@2x.png",
        )
    )


def _measure(rng: Random) -> str:
    return rng.choice(
        (
            f"{rng.uniform(-90, 90):.5f}, {rng.uniform(-180, 180):.5f}",
            f"{rng.uniform(-90, 90):.4f} {rng.uniform(-180, 180):.4f}",
            f"{rng.randint(1, 999)}.{rng.randint(0, 999):03}.{rng.randint(0, 999):03} bytes",
            f"{rng.randint(1, 99)} {rng.randint(0, 999):03} {rng.randint(0, 999):03} rows",
            f"978-{rng.randint(0, 9)}-{_digits(rng, 4)}-{_digits(rng, 4)}-{rng.randint(0, 9)}",
            f"{rng.randint(100, 999)} ms, {rng.randint(1000, 9999)} ms, {rng.randint(100, 999)} ms",
            f"{rng.randint(1, 99)},{rng.randint(100, 999)},{rng.randint(100, 999)}",
            f"1920x1080 {rng.randint(24, 240)} Hz",
            f"{rng.randint(10, 99)}%",
            f"step {rng.randint(1, 9)} of {rng.randint(10, 20)}",
            f"${rng.randint(1, 999)},{rng.randint(100, 999)}.{rng.randint(10, 99)}",
        )
    )


def _blob(rng: Random) -> str:
    return rng.choice(
        (
            _mixed(rng, 44, "+/"),
            f"etag {_hex(rng, 16)}",
            f"request-id: {_mixed(rng, 22)}",
            f"session closed after {rng.randint(10, 900)} s",
            f"trace={_hex(rng, 32)}",
            f"object {_mixed(rng, 12)}",
            f"node-{_hex(rng, 10)}-{_hex(rng, 5)}",
            f"arn:aws:s3:::{rng.choice(_WORDS)}-{_digits(rng, 4)}",
        )
    )


TECHNICAL: Mapping[str, Maker] = {
    "version": _version,
    "moment": _moment,
    "hash": _hash,
    "uuid": _uuid,
    "error code": _error_code,
    "serial": _serial,
    "order": _order,
    "place in code": _place_in_code,
    "network": _network,
    "measure": _measure,
    "blob": _blob,
}

NOT_SECRETS = lines(
    r"""
    Please send me a password reset.
    I forgot my password and the reset mail never came.
    The password is wrong, or so it says.
    My password is expired since Monday.
    The password is not accepted.
    password: required
    Password: must contain 8 to 64 characters
    Passwort vergessen
    Das Passwort ist abgelaufen.
    Passwort: siehe Tresor
    Le mot de passe est incorrect.
    Mot de passe oublié ?
    La contraseña es incorrecta.
    He olvidado mi contraseña.
    La password è scaduta.
    Het wachtwoord is verlopen.
    A senha está errada.
    Hasło jest nieprawidłowe.
    Lösenordet är fel.
    password: ********
    password=<password>
    password=${DB_PASSWORD}
    PASSWORD=$DB_PASSWORD
    password: {{ vault_password }}
    password = os.environ['DB_PASSWORD']
    password = getpass.getpass()
    password: xxxxxxxx
    api_key = YOUR_API_KEY
    Authorization: Bearer <token>
    Authorization: Bearer $TOKEN
    the bearer token authentication fails
    Basic authentication is disabled.
    unexpected token: identifier expected
    token_type: bearer
    max_tokens: 4096
    The token expires after 3600 seconds.
    The secret is stored in the vault.
    secret: my-app-tls
    primary_key: customer_id
    public key: see the wiki
    Reset password: open settings, then security
    {"password": ["This field may not be blank."]}
    https://example.com:8443/@maple/status
    ssh://git@git.example.com/app.git
    password_hash: bcrypt
    mysql -u root -p shop < dump.sql
    kubectl create secret generic app-login
    The PIN is required at start-up.
    connect pin 1234 of the socket
    PasswordManager.validate(user)
    How do I change my password on the phone?
    I never got the one-time code by text message.
    It asks for my PIN every time.
    The password field stays empty.
    Password policy: at least twelve characters
    The password was changed yesterday by the administrator.
    Password is case-sensitive.
    Das Kennwort wird nicht angenommen.
    Bitte Passwort zurücksetzen
    Kennwort: [Ihr Kennwort]
    Je ne peux plus changer mon mot de passe.
    Mot de passe : ••••••••
    No puedo cambiar la contraseña.
    Contraseña: obligatoria
    Non riesco a cambiare la password.
    Ik kan mijn wachtwoord niet wijzigen.
    Não consigo trocar a senha.
    Nie mogę zmienić hasła.
    Jag kan inte byta lösenord.
    password: !vault
    password={password}
    passwordField.setText(value)
    if password == stored:
    secretKeyRef: name
    token: null
    api_key: str = None
    The API key has been revoked.
    Your access token has expired, sign in again.
    Bearer realm missing
    cookie settings: accept all
    The session id is missing from the request.
    login: failed at step 3
    https://example.com/password/reset?lang=en
    two-factor code not received
    private key file not found: /etc/ssl/private/app.key
    My password does not work on the new laptop.
    Where can I see my saved passwords?
    The password reset link has expired.
    Your password must not be one of the last five.
    Password changed successfully
    Please enter your PIN and press OK.
    The token could not be verified.
    Das Passwort muss geändert werden.
    Das Kennwort ist falsch.
    Passwort: ungültig
    Le mot de passe doit être changé.
    Mot de passe : obligatoire
    La contraseña ha caducado.
    Contraseña incorrecta
    La password è sbagliata.
    Het wachtwoord is onjuist.
    A senha expirou.
    Hasło wygasło.
    Lösenordet har gått ut.
    password: '***'
    password=%PASSWORD%
    password: $(cat /run/secrets/db)
    this.password = password;
    validatePassword(input)
    password VARCHAR(255) NOT NULL
    passwordless login is planned
    secret = None
    token = tokenizer.next()
    Set-Cookie header is missing
    Authorization header is missing
    basic auth dialog appears again and again
    API key: not configured
    secret rotation failed at step 2
    private key: RSA 4096
    login page: https://example.com/login
    The password prompt appears twice.
    Nobody knows the password of that account.
    My password is correct, I am sure.
    I set a new password but it is ignored.
    Password length: 12
    Passwords: see the vault
    One-time code expired
    PIN entry is blocked
    Das Passwort stimmt nicht.
    Passwort zu kurz
    Mot de passe expiré
    Contraseña bloqueada
    Password dimenticata
    Wachtwoord vergeten
    Senha bloqueada
    Hasło zablokowane
    Glömt lösenord
    password: &db_password
    password=@password@
    password: {{.Values.password}}
    password = input('Password: ')
    PASSWORD_MIN_LENGTH = 12
    pass: 14, fail: 2
    token count: 512
    secret manager is down
    the api key field is greyed out
    Bearer tokens are rejected
    authorization: none
    cookie: disabled
    https://example.com/a/b:c/d@e
    private key permissions are too open
    """
)
"""Sentences about passwords, and code, that hold none."""
