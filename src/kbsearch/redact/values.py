"""How much a word looks like a secret: stand-ins, states and technical terms are none."""

from __future__ import annotations

import re
from enum import IntEnum

from kbsearch.redact.labels import COMMON_PASSWORDS, NOT_PASSWORDS, SENTENCE_WORDS


class Strength(IntEnum):
    """How sure it is that a value is a password."""

    NONE = 0  # a mask, a variable, a path, a state such as "expired"
    WORD = 1  # letters alone: a password only where nothing else can stand
    STRONG = 2  # digits among letters, symbols, or four digits and more
    UNMISTAKABLE = 3  # letters, digits and symbols


_STAND_IN = re.compile(
    r"""
    [*•●■▪xX.\#_?…~=-]+ | [^*]*\*{3,}.* | [xX]{4,}.*                # a mask
    | <.* | [$@\#]?\{.* | \$[({].* | \$env:.* | \$[A-Za-z_]+(?:[/:.]\$?[\w-]+)*
    | %[A-Za-z_]+% | %[(sdr].* | &[lg]t;?.* | &nbsp;? | [!&][a-z_]+
    | @[A-Za-z_.]+@ | \.?(?:[A-Za-z_]\w*\.)+(?:password|passwd|pwd|secret|token|key)\W*
    | (?:[!+-][A-Z0-9]+:?)+                                       # OpenSSL's "!PSK:!SRP"
    | \[[a-z -]{2,40}\]?                                          # [secret], [your password]
    | [A-Z][A-Z0-9]*(?:_[A-Z][A-Z0-9]*)+                         # DB_PASSWORD
    | your[\w\\-]* | (?:ihre?|deine?|votre|tu|su)\\?[_-][\w\\-]*
    | (?:[A-Za-z_\\-]*(?:password|passwort|passwd|pwd|secret|passphrase)
      |(?:[A-Za-z]+[_-])*(?:pass|key|token))(?:[_-]?here)?
    | [\w.:>-]*\b(?:var|local|data|module|config|settings|env|process|os|self|this|args|opts|options
      |params|secrets|values|vault|props|request|req|ctx)(?:\.|->|::)[\w.:>()\[\]"'-]*
    | [a-z_]\w*(?:\.[A-Za-z_]\w*){2,}(?:@[0-9a-f]+)?              # a name of many parts
    | [\w-]+=["'].*                                               # the next attribute
    | [A-Za-z_]\w*(?:(?:\.|->|::)[A-Za-z_]\w*)*\((?:["'$@)A-Z].*)?    # getenv("X")
    | [A-Za-z_]\w*(?:(?:\.|->|::)[A-Za-z_]\w*)+\(.*
    | [A-Za-z_][\w.]*\[["'$0-9].*                                 # environ["X"]
    """,
    re.VERBOSE,
)
_PLACE = re.compile(  # a path, a file, an address, an e-mail, a link in markdown
    r"(?:~|\.{1,2})?(?:/[a-z0-9_.-]+)+/?|[A-Za-z]:\\.*|\\\\.*|(?:[a-z]{2,10}:)?//[\w-]+(?:[.:/].*)?"
    r"|.*\]\(.*|.*://.*"
    r"|[\w-]+\.(?:json|ya?ml|txt|conf|cfg|ini|xml|env|properties|pem|key|kdbx|xlsx?|docx?|pdf|php|py)"
    r"|[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,20}"
)
_TECHNICAL = re.compile(
    r"(?:hmac-?)?(?:aes|sha|md|rsa|des|base|utf|rfc|tls|ssl|bcrypt|argon|pbkdf|ntlmv|wpa|rs|hs|es"
    r"|oauth|win|windows|office|exchange|server|sql|ipv|http|iso|kb|imap|pop|aarch|pkcs#?"
    r"|ubuntu|debian|centos|android|python|php|mysql|java)"
    r"-?[0-9]{1,8}(?:[a-z]{0,8}[0-9]{0,2}|[\W_]\S{0,12})|x(?:32|64|86|509)(?![a-z0-9])\S{0,12}"
    r"|ssh-\S{0,20}|(?:id_)?(?:ecdsa|ed25519|nistp)\S{0,20}"
    r"|[0-9]{1,3}-?(?:bit|char|digit|day|month|hour|min|time|x|th|nd|rd|st)[a-z]{0,12}",
    re.IGNORECASE,
)
_NUMBERISH = re.compile(r"0x[0-9a-f]+|[+#]?[0-9]+(?:[.,:/-][0-9]+)+|#[0-9]+", re.IGNORECASE)
_ERROR_CODE = re.compile(r"aadsts[0-9]+|ora-[0-9]+|0x[0-9a-f]{8}", re.IGNORECASE)
_DIGIT, _LETTER = re.compile(r"[0-9]"), re.compile(r"[^\W\d_]")
_SYMBOL = re.compile(r"[^\w\-.'/,:\s]|_")
_NOT_IN_WORDS = re.compile(r"[^\w.'-]|[\d_]")
_NAME_OF_A_THING = re.compile(r"[a-z]+(?:[-_.][a-z0-9]+)+|[A-Za-z]+[0-9]{0,2}")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LONG_WORDS = re.compile(r"[a-z]{4,}(?:[-_.][a-z]{4,}){3,}", re.IGNORECASE)
_KEY_CHARACTERS = re.compile(r"[\w+/.~:%!@#$^&*?-]+={0,2}")
_KEY_PART = re.compile(r"[A-Za-z0-9]{8,}")
_LOOSE_END = ".,;:!?…)]}>\"'`|*_\\"


def strength_of(value: str) -> Strength:
    """
    How much one word, or a few between quotes, looks like a password.

    Args:
        value: In plain forms, without the quotes around it.
    """
    core = value.rstrip(_LOOSE_END)
    if len(core) < 3 or is_stand_in(value) or is_stand_in(core) or _ERROR_CODE.fullmatch(core):
        return Strength.NONE
    if " " in core:
        words = core.lower().split()
        is_phrase = 3 <= len(words) <= 8 and words[-1] not in NOT_PASSWORDS
        return Strength(is_phrase and SENTENCE_WORDS.isdisjoint(words))
    if core.isdecimal():
        return Strength.STRONG if len(core) >= 4 else Strength.NONE
    if _NUMBERISH.fullmatch(core):
        return Strength.NONE
    return _strength_by_characters(core)


def _strength_by_characters(core: str) -> Strength:
    has_digit, has_letter = _DIGIT.search(core), _LETTER.search(core)
    has_symbol = _SYMBOL.search(core)
    if has_letter and has_digit:
        is_sure = has_symbol and len(core) >= 6
        return Strength.UNMISTAKABLE if is_sure else Strength(2 if len(core) >= 4 else 0)
    if has_symbol and len(core) >= (5 if has_letter else 6):
        return Strength.STRONG
    if not has_letter or _NOT_IN_WORDS.search(core):
        return Strength.NONE
    is_made_up = core in COMMON_PASSWORDS or _LONG_WORDS.fullmatch(core) or _is_jumbled(core)
    return Strength.STRONG if is_made_up else Strength.WORD


def is_stand_in(value: str) -> bool:
    """Whether a value only shows where a secret would stand, or where it comes from."""
    lowered = value.lower()
    return bool(
        lowered in NOT_PASSWORDS
        or lowered in SENTENCE_WORDS
        or _STAND_IN.fullmatch(value)
        or _PLACE.fullmatch(value)
    )


def is_technical(value: str) -> bool:
    """Whether a value rather names an algorithm or a size: "AES-256", "12-character"."""
    return _TECHNICAL.fullmatch(value.rstrip(_LOOSE_END)) is not None


def is_machine_made(value: str) -> bool:
    """Whether a value looks like a key or a token: eight characters and more, no name."""
    core = value.rstrip(_LOOSE_END)
    if len(core) < 8 or is_stand_in(value) or is_stand_in(core) or is_technical(core):
        return False
    if not _KEY_CHARACTERS.fullmatch(core):
        return False
    if _is_random(core) or any(_is_random(part[0]) for part in _KEY_PART.finditer(core)):
        return True
    return strength_of(core) is Strength.UNMISTAKABLE


def is_name_of_a_thing(value: str) -> bool:
    """Whether a value reads as programmers name things: "db-login-v2", "node2"."""
    return _NAME_OF_A_THING.fullmatch(value.rstrip(_LOOSE_END)) is not None


def _is_random(part: str) -> bool:
    """Whether letters and digits are mixed as nobody names things, or capitals are."""
    n_digits = len(_DIGIT.findall(part))
    if part.isalnum():
        return 2 <= n_digits < len(part) or (len(part) >= 12 and _is_jumbled(part))
    return len(part) >= 20 and n_digits > 0 and _is_jumbled(part)


def _is_jumbled(word: str) -> bool:
    """Whether capitals stand where no language or programmer puts them: "kJhGfDsA"."""
    humps = _HUMPS.findall(word)
    return len(word) >= 7 and len(humps) >= 3 and sum(map(len, humps)) / len(humps) <= 2.7
