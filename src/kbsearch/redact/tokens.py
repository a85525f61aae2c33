"""Keys and tokens that show by their own shape what they are."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from typing import NamedTuple

from kbsearch.redact.base import Finding
from kbsearch.redact.reading import Reading, WordMemory
from kbsearch.redact.values import is_stand_in


class _Shape(NamedTuple):
    """A pattern that is tried only where one of its literals stands; its group 1 is the secret."""

    literals: tuple[str, ...]
    pattern: re.Pattern[str]


def _shape(pattern: str, *literals: str) -> _Shape:
    return _Shape(literals, re.compile(pattern, re.ASCII))


# A run starts after anything but a letter or digit, or after "=", ":" or "&" in percent form.
_START = r"(?:(?<![A-Za-z0-9])|(?<=%3[ADad])|(?<=%2[06]))"
_END = r"(?![A-Za-z0-9])"
_RUN = r"(?:(?<![\w.-])|(?<=%3[ADad])|(?<=%2[06])|(?<=\\n))"  # where a run of [\w.-] starts

_SHAPES = (
    _shape(  # JWT and JWE, signature cut off included
        rf"{_RUN}(eyJ[\w-]{{8,}}+\.[\w-]{{8,}}+(?:\.[\w-]*+){{0,3}})", "eyJ"
    ),
    _shape(  # AWS key ids
        rf"{_START}((?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA)[A-Z0-9]{{16}}){_END}",
        *("AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA", "AGPA", "ANPA", "ANVA", "AIPA"),
    ),
    _shape(rf"{_START}(AIza[\w-]{{35}})", "AIza"),  # Google API
    _shape(rf"{_START}(ya29\.[\w-]{{20,}}+)", "ya29."),  # Google OAuth
    _shape(rf"{_START}(GOCSPX-[\w-]{{20,40}}+)", "GOCSPX-"),
    _shape(rf"{_START}([\w~.-]{{3}}[78]Q~[\w~.-]{{31,34}}+)", "8Q~", "7Q~"),  # Entra client secret
    _shape(rf"{_START}([A-Za-z0-9]{{50,80}}AZDO[A-Za-z0-9]{{4}}){_END}", "AZDO"),
    _shape(rf"{_START}(gh[opusr]_[A-Za-z0-9]{{36,255}}+)", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _shape(rf"{_START}(github_pat_\w{{22,255}}+)", "github_pat_"),
    _shape(
        rf"{_START}(gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-[\w.-]{{20,255}}+)",
        *("glpat-", "gloas-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-"),
        *("glagent-", "glsoat-", "glffct-"),
    ),
    _shape(rf"{_START}(xox[a-z]-[\w-]{{10,}}+|xapp-[0-9]-[\w-]{{10,}}+)", "xox", "xapp-"),
    _shape(  # incoming webhooks are passwords in the shape of an address
        r"(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks"
        r"|webhook\.office\.com/webhookb2)/([\w@/-]{20,300}+)",
        *("hooks.slack.com/", "/api/webhooks/", "webhook.office.com/"),
    ),
    _shape(rf"{_START}((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{{16,255}}+)", "_live_", "_test_"),
    _shape(rf"{_START}(whsec_[A-Za-z0-9+/]{{24,100}}+={{0,2}})", "whsec_"),
    _shape(rf"((?:SK|AC)(?<![A-Za-z0-9]..)[0-9a-f]{{32}}){_END}", "SK", "AC"),  # Twilio
    _shape(rf"{_START}(SG\.[\w-]{{16,32}}\.[\w-]{{16,64}}+)", "SG."),  # SendGrid
    _shape(rf"(key-(?<![A-Za-z0-9]key-)[0-9a-f]{{32}}){_END}", "key-"),  # Mailgun
    _shape(rf"{_START}([0-9a-f]{{32}}-us[0-9]{{1,2}}){_END}", "-us"),  # Mailchimp
    _shape(rf"{_START}(npm_[A-Za-z0-9]{{36}}){_END}", "npm_"),
    _shape(rf"{_START}(pypi-[\w-]{{50,}}+)", "pypi-"),
    _shape(  # OpenAI, Anthropic and their like
        rf"{_START}(sk-(?=[\w-]{{0,80}}[0-9])(?:proj-|svcacct-|admin-|ant-|or-|None-)?[\w-]{{20,}}+)",
        "sk-",
    ),
    _shape(rf"{_START}(hf_[A-Za-z0-9]{{30,}}+|gsk_[A-Za-z0-9]{{40,}}+)", "hf_", "gsk_"),
    _shape(rf"{_START}(HRKU-[\w-]{{30,}}+)", "HRKU-"),
    _shape(rf"{_START}([0-9]{{8,10}}:[\w-]{{35}})(?![\w-])", ":A"),  # Telegram
    _shape(r"([MNO](?<![\w.-].)[\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,45}+)", "."),  # Discord
    _shape(
        rf"{_START}((?:do[opr]_v1_|shp(?:at|ca|pa|ss)_|dapi|rubygems_)[0-9a-fA-F]{{32,64}}+){_END}",
        *("_v1_", "shpat_", "shpca_", "shppa_", "shpss_", "dapi", "rubygems_"),
    ),
    _shape(
        r"(?<![A-Za-z0-9_])((?:sq0(?:atp|csp)-|lin_api_|ATATT3|ATCTT3|PMAK-|glsa_|glc_|hv[sb]\.|dckr_pat_|NRAK-"
        r"|sntry[su]_|dp\.(?:pt|st|ct)\.|ntn_|pat-(?:na|eu)1-|fio-u-|EAAC|figd_|pul-|tfp_"
        r"|rdme_|sbp_|AGE-SECRET-KEY-1|CFPAT-|pscale_(?:tkn|pw)_)(?=[\w=-]{0,40}[0-9])[\w=-]{20,}+)",
        *("sq0", "lin_api_", "ATATT3", "ATCTT3", "PMAK-", "glsa_", "glc_", "hvs.", "hvb.", "NRAK-"),
        *("dckr_pat_", "sntry", "dp.pt.", "dp.st.", "dp.ct.", "ntn_", "pat-na1-"),
        *("pat-eu1-", "fio-u-", "EAAC", "figd_", "pul-", "tfp_", "rdme_", "sbp_", "CFPAT-"),
        *("AGE-SECRET-KEY-1", "pscale_"),
    ),
    _shape(r"(?<![A-Za-z0-9_])(secret_[A-Za-z0-9]{43})(?!\w)", "secret_"),  # Notion, older
    _shape(rf"{_RUN}([A-Za-z0-9]{{14}}\.atlasv1\.[\w-]{{50,}}+)", ".atlasv1."),  # Terraform
    _shape(  # signatures and keys in the query of an address
        r"[?&;](?:sig|signature|code|auth|key|hmac|x-amz-signature|x-amz-security-token)="
        r"((?=[^\s&\"'<>#]{0,60}[0-9])[^\s&\"'<>#]{16,})",
        *("sig=", "signature=", "code=", "auth=", "key=", "hmac=", "X-Amz-"),
    ),
)

_LEAST = 20  # characters of a token and what stands before it up to a blank

_KEY_BEGIN = re.compile(r"BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?")
_KEY_END = re.compile(r"END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?\s?-{0,6}")
_KEY_MATERIAL = re.compile(r"(?=[A-Za-z+/]{0,60}[0-9+/])[A-Za-z0-9+/]{20,}")
_DASHES = re.compile(r"-[- ]*\Z")
_PUTTY_BEGIN = "PuTTY-User-Key-File-"
_PUTTY_END = re.compile(r"Private-MAC: ?[0-9a-f]+")

_AUTHORIZATION = re.compile(
    r"authorization\\?[\"'`]?\]?\s{0,2}(?:[:=,]|=>)\s{0,2}\\?[\"'`]?"
    r"(?:(?P<scheme>bearer|basic|token|apikey|negotiate|ntlm|digest|hmac|aws4-hmac-sha256|splunk)\s{1,3})?"
    r"(?P<value>(?(scheme)|(?=[A-Za-z._~+/-]{0,60}[0-9]))[^\s\"'<>\\]{8,}+)",
    re.IGNORECASE,
)
_REST_OF_LINE = re.compile(r"[^\n\"'<]*+")
_SCHEMES_WITH_FIELDS = frozenset({"digest", "aws4-hmac-sha256", "hmac"})
_BEARER = re.compile(
    r"\bbearer\s{1,3}((?=[A-Za-z._~+/-]{0,60}[0-9])[A-Za-z0-9._~+/=-]{16,}+)", re.IGNORECASE
)
_BASIC = re.compile(r"\bbasic\s{1,3}([A-Za-z0-9+/]{8,}+={0,2})", re.IGNORECASE)
_COOKIE = re.compile(
    r"\b(?:set-)?cookie2?\\?[\"'`]?\s{0,2}[:=]\s{0,2}\\?[\"'`]?"
    r"(?P<value>[\w.$%-]{1,80}=[^\n\"'<]+)",
    re.IGNORECASE,
)


def find_tokens(reading: Reading) -> Iterator[Finding]:
    """Keys and tokens of well-known services, JWTs, signed addresses."""
    for pattern in _PATTERNS.found_in(reading):
        for match in pattern.finditer(reading.plain):
            yield Finding(*match.span(1), "secret")


def _patterns_in(word: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of which one word holds a match; a token has no blanks within."""
    if len(word) < _LEAST:
        return ()
    return tuple(
        pattern
        for literals, pattern in _SHAPES
        if any(map(word.__contains__, literals)) and pattern.search(word)
    )


_PATTERNS = WordMemory(_patterns_in)


def find_private_keys(text: str) -> Iterator[Finding]:
    """PEM, OpenSSH, PGP and PuTTY private keys; one without its end goes to the end of the text."""
    position = 0
    while "PRIVATE KEY" in text and (begin := _KEY_BEGIN.search(text, position)):
        position = begin.end()
        if _KEY_MATERIAL.search(text, position, position + 400):
            end = _KEY_END.search(text, position)
            position = end.end() if end else len(text)
            dashes = _DASHES.search(text, max(0, begin.start() - 8), begin.start())
            yield Finding(dashes.start() if dashes else begin.start(), position, "private key")
    start = text.find(_PUTTY_BEGIN)
    while start >= 0:
        end = _PUTTY_END.search(text, start)
        position = end.end() if end else len(text)
        yield Finding(start, position, "private key")
        start = text.find(_PUTTY_BEGIN, position)


def find_in_headers(text: str, lowered: str) -> Iterator[Finding]:
    """What follows `Authorization:`, `Bearer`, `Basic` and `Cookie:`."""
    if "authorization" in lowered:
        for match in _AUTHORIZATION.finditer(text):
            if is_stand_in(match["value"]):
                continue
            end = match.end()
            if (match["scheme"] or "").lower() in _SCHEMES_WITH_FIELDS:
                rest = _REST_OF_LINE.match(text, end)
                end = rest.end() if rest else end
            yield Finding(match.start("value"), end, "secret")
    if "bearer" in lowered:
        for match in _BEARER.finditer(text):
            yield Finding(*match.span(1), "secret")
    if "basic" in lowered:
        for match in _BASIC.finditer(text):
            if _holds_user_and_password(match[1]):
                yield Finding(*match.span(1), "secret")
    if "cookie" in lowered:
        for match in _COOKIE.finditer(text):
            yield Finding(*match.span("value"), "secret")


def _holds_user_and_password(encoded: str) -> bool:
    try:
        decoded = b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8")
    except (Base64Error, UnicodeDecodeError):
        return False
    return ":" in decoded and decoded.isprintable()
