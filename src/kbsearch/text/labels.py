"""Words that say what the number behind them is: "error 1603", "case no. 4711", "version 7"."""

from __future__ import annotations

import re
from enum import StrEnum

_MAX_CHARACTERS = 40


class Label(StrEnum):
    """What the label before a number announces."""

    HTTP = "http"
    SQLSTATE = "sqlstate"
    ERROR = "error"
    BULLETIN = "bulletin"
    TICKET = "ticket"
    VERSION = "version"
    HASH = "hash"


def _backwards(words: str) -> str:
    return "|".join(word[::-1] for word in words.split())


_STATUS = _backwards("status response")
_HTTP_MIDDLE = _backwards("code status error response")
_ERROR = _backwards(
    "error err fehler erreur errore erro fout exception errno hresult ntstatus sqlcode"
)
_CODED = _backwards("exit return stop fault result event bugcheck")
_TICKET = _backwards("ticket case incident request issue bug vorgang dossier zaak chamado")
_VERSION = _backwards(
    "version versie versão versión versione ver v release build firmware revision rev"
)
_NUMBER_WORDS = _backwards("code number nummer numero id key")
_SHORT_NUMBER_WORDS = _backwards("no nr")

# A label is read backwards from its number, so that each number costs one match at a known
# place and not a search; hence every word above is turned around.
_LABEL = re.compile(
    rf"""
    [ \t:=\#(\["'/-]{{1,4}}
    (?:(?P<HTTP>edoc[ ]?(?:{_STATUS})
        |(?:(?:{_HTTP_MIDDLE})[ :]{{1,2}}){{0,3}}(?:\d(?:\.\d)?/)?s?ptth)
    |(?P<SQLSTATE>etatslqs)
    |(?P<BULLETIN>bk)
    |(?P<VERSION>(?:\.(?=rev|v))?(?:{_VERSION}))
    |(?:(?:\.?(?:{_SHORT_NUMBER_WORDS})|{_NUMBER_WORDS})[ :_-]{{0,2}})?
        (?:(?P<ERROR>{_ERROR})|(?P<TICKET>{_TICKET}))
    |(?P<CODED>(?:edoc|di)[ _-]?(?:{_CODED})|sutats[ ]tixe)
    )(?!\w)
    |(?P<HASH>\#)(?![\w&\#])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def label_before(text: str, start: int) -> Label | None:
    """
    What announces the number or code that begins at `start`; None if nothing does.

    Labels are read in English, Dutch, French, German, Italian, Portuguese and
    Spanish, in any case, with "code", "no." and the like behind them.
    """
    before = text[max(0, start - _MAX_CHARACTERS) : start]
    if before[-2:-1].isdecimal() and "/" not in before[-5:]:
        return None  # in a row of numbers, only that of HTTP/1.1 belongs to a label
    match = _LABEL.match(before[::-1])
    if match is None:
        return None
    return Label.ERROR if match.lastgroup == "CODED" else Label[match.lastgroup or ""]
