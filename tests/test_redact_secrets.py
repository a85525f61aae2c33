"""Secrets by example: what goes, what is kept of it, and what is none."""

from __future__ import annotations

import pytest

from kbsearch.redact import SecretRedactor, redact_text

KEY_LINES = "MIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEAAoIBAQ"


def redacted(text: str) -> str:
    return redact_text(text, [SecretRedactor()]).text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("password=sunshine", "password=[secret]"),
        ("'password' => 'x1y2z3',", "'password' => '[secret]',"),
        ('{\\"password\\": \\"Foo123\\"}', '{\\"password\\": \\"[secret]\\"}'),
        ("<password>sunshine</password>", "<password>[secret]</password>"),
        ('<add key="Password" value="Foo99"/>', '<add key="Password" value="[secret]"/>'),
        ("Server=db;Password=Pa$$w0rd;Encrypt=true", "Server=db;Password=[secret];Encrypt=true"),
        ("?user=a&password=b4nana&lang=en", "?user=a&password=[secret]&lang=en"),
        ("Password:\nFoo123!\n", "Password:\n[secret]\n"),
        ("**Password:** `Foo123!`", "**Password:** `[secret]`"),
        ("user anna / pw: Foo123!", "user anna / pw: [secret]"),
        ("passphrase 'correct horse battery'.", "passphrase 'correct horse battery'."),
        ("passphrase: 'correct horse battery'", "passphrase: '[secret]'"),
        ("credentials: anna / Foo123!", "credentials: anna / [secret]"),
        ("| password | Foo123! |", "| password | [secret] |"),
        ("client_secret: 8f14e45fceea167a5a36", "client_secret: [secret]"),
        (
            '{"name": "DB_PASSWORD", "value": "lynx"}',
            '{"name": "DB_PASSWORD", "value": "[secret]"}',
        ),
        ("define('DB_PASSWORD', 'lynx77');", "define('DB_PASSWORD', '[secret]');"),
        ("deploy --password sunshine --fast", "deploy --password [secret] --fast"),
    ],
)
def test_an_assigned_secret_goes_and_its_form_stays(text: str, clean: str) -> None:
    """What stands around it says what the problem was."""
    assert redacted(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("my password is Foo123!, please help", "my password is [secret], please help"),
        ("Das Passwort lautet Sommer2024.", "Das Passwort lautet [secret]."),
        ("we changed the password to hunter2 today", "we changed the password to [secret] today"),
        ("log in with password hunter2", "log in with password [secret]"),
        ("I typed Foo123! as the password", "I typed [secret] as the password"),
        ("PIN is 4711", "PIN is [secret]"),
        ("482 910 is your verification code", "[secret] is your verification code"),
        ("\u5bc6\u7801\uff1aFoo123", "\u5bc6\u7801\uff1a[secret]"),
        (
            "\u30d1\u30b9\u30ef\u30fc\u30c9\u306fFoo123! \u3067\u3059",
            "\u30d1\u30b9\u30ef\u30fc\u30c9\u306f[secret] \u3067\u3059",
        ),
        (
            "\uff50\uff57\uff1a\u00a0\uff26\uff4f\uff4f\uff11\uff12\uff13",
            "\uff50\uff57\uff1a\u00a0[secret]",
        ),
    ],
)
def test_a_secret_in_a_sentence_goes(text: str, clean: str) -> None:
    """In many languages, and in full-width letters."""
    assert redacted(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgres://anna:pw@db.example.com/x", "postgres://[credentials]@db.example.com/x"),
        ("https://anna:p@ss@host.example", "https://[credentials]@host.example"),
        ("https://anna:p/ss@host.example", "https://[credentials]@host.example"),
        ("https%3A%2F%2Fa%3Ab%40h.example%2F", "https%3A%2F%2F[credentials]%40h.example%2F"),
        ("jdbc:oracle:thin:scott/lynx@db", "jdbc:oracle:thin:[credentials]@db"),
        ("curl -u anna:lynx1 https://x.example", "curl -u [credentials] https://x.example"),
        ("mysql -u root -pS3cret shop", "mysql -u root -p[secret] shop"),
        ("net use x: /user:anna Foo123!", "net use x: /user:anna [secret]"),
        ("Authorization: Basic YW5uYTpseW54", "Authorization: Basic [secret]"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [secret]"),
        ("Cookie: sid=abc; theme=dark\nHost: x", "Cookie: [secret]\nHost: x"),
        (
            f"a\n-----BEGIN PRIVATE KEY-----\n{KEY_LINES}\n-----END PRIVATE KEY-----\nb",
            "a\n[private key]\nb",
        ),
        (f"cut off: -----BEGIN EC PRIVATE KEY-----\n{KEY_LINES}", "cut off: [private key]"),
    ],
)
def test_credentials_in_addresses_commands_headers_and_key_files_go(text: str, clean: str) -> None:
    """Of an address the host stays; a key cut off goes to the end of the text."""
    assert redacted(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "The file begins with -----BEGIN PRIVATE KEY----- and ends with an END line.",
        "https://host.example:8080/@user and https://example.com/a:b@c",
        "ssh://git@git.example.com/app.git",
        "mkdir -p /var/x; ssh -p 2222 host; mysql -u root -p shop < dump.sql",
        "cookie: the browser refuses it",
        "Basic authentication, bearer tokens",
        "PublicKeyToken=31bf3856ad364e35, NOPASSWD: ALL",
        "password: AES-256 encrypted at rest",
        "token.JobTokenIdentifier@6b5966e1",
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    """Found in real manuals and logs while the rules were written."""
    assert redacted(text) == text
