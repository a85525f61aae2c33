"""Passwords in command lines, where an option of one letter announces them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbsearch.redact.base import Finding
from kbsearch.redact.values import Strength, strength_of

_VALUE = r"[^\s\"'<>|;$%*`-][^\s\"'<>|;`]{2,200}"
_OPTION = re.compile(
    rf" (?P<option>-pw(?= )|-[pPwauUA]|--user|--proxy-user)(?P<gap>[ =]?)[\"']?(?P<value>{_VALUE})"
)
_TAKES = {
    "-p": re.compile(
        r"\b(?:mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|docker login|podman login|rabbitmqadmin"
        r"|cqlsh|7z|helm|influx)\b"
    ),
    "-P": re.compile(r"\b(?:sqlcmd|bcp|unzip|ipmitool)\b"),
    "-pw": re.compile(r"\b(?:plink|pscp)\b"),
    "-w": re.compile(r"\bldapsearch\b"),
    "-a": re.compile(r"\bredis-cli\b"),
    **dict.fromkeys(
        ("-u", "-U", "-A", "--user", "--proxy-user"), re.compile(r"\b(?:curl|wget|http|ab)\b")
    ),
}
_USER_AND_PASSWORD = re.compile(r"[^:]{1,100}:(?!//)[^$%]")
_END_OF_COMMAND = re.compile(r"[\n|;&][^\n|;&]*\Z")
_WINDOWS = re.compile(
    r"net (?:use [^\n|;&]{1,100} /user:\S{1,100}|user \S{1,100}) (?P<secret>[^\s/*][^\s/]{2,100})",
    re.IGNORECASE,
)
_SECURE_STRING = re.compile(
    r"securestring (?:-\w{1,12} ){0,2}[\"'](?P<secret>[^\"'\n$]{3,200})[\"']", re.IGNORECASE
)
_REACH = 160  # characters between a command and its option


def find_in_commands(text: str, lowered: str) -> Iterator[Finding]:
    """`mysql -pS3cret`, `curl -u user:password`, `net use … /user:name password`."""
    if " -" in text:
        for match in _OPTION.finditer(text):
            if _takes_it(text, match):
                is_user = match["option"] in ("-u", "-U", "-A", "--user", "--proxy-user")
                yield Finding(*match.span("value"), "credentials" if is_user else "secret")
    for trigger, pattern in (("net use", _WINDOWS), ("securestring", _SECURE_STRING)):
        if trigger in lowered:
            for match in pattern.finditer(text):
                yield Finding(*match.span("secret"), "secret")


def _takes_it(text: str, match: re.Match[str]) -> bool:
    """Whether the command before an option takes a password with it, and this is one."""
    before = text[max(0, match.start() - _REACH) : match.start()]
    end_of_other = _END_OF_COMMAND.search(before)
    command = _TAKES[match["option"]].search(before, end_of_other.start() if end_of_other else 0)
    if command is None:
        return False
    value = match["value"]
    if match["option"] not in ("-p", "-P", "-pw", "-w", "-a"):
        return _USER_AND_PASSWORD.match(value) is not None
    # "mysql -p shop" names a database, "mysql -pshop" and "mysql -p s3cret" hold a password
    least = Strength.STRONG if match["gap"] and command[0][:2] in ("my", "ma") else Strength.WORD
    is_port = value.isdecimal() and len(value) <= 5
    return strength_of(value) >= least and not is_port
