"""File paths and registry keys in a text, in one form whatever the separators and the case."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WINDOWS_PATH = re.compile(
    r"""
    (?<![\w\\/.])
    (?:[A-Z]:[\\/]++ | \\\\++(?=[\w.$?-]++\\++[\w.$-]) | %\w{1,40}+%[\\/]++ | \$env:\w{1,40}+[\\/]++
        |(?:computer\\)?(?P<hive>hkey_[a-z_]{5,20}+|hk(?:lm|cu|cr|u|cc)):?\\++)
    (?:[^\s\\/:*?"<>|,;`]++(?:[ ](?!%|hk|computer)[^\s\\/:*?"<>|,;`]++){0,3}[\\/]++)*+
    (?:Program\ Files(?:\ \(x86\))?+ | [^\s\\/:*?"<>|,;`]*+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_POSIX_PATH = re.compile(
    r"(?<![\w/.:~<>\\$}%@)-])(?:~|\.{1,2}|\$\{?HOME\}?)?(?:/++[\w.@+%~=-]++)++/?+"
)
_ROOTS = frozenset("bin boot dev etc home lib mnt opt proc root run srv sys tmp usr var".split())
_HIVES = {
    "hkey_local_machine": "hklm",
    "hkey_current_user": "hkcu",
    "hkey_classes_root": "hkcr",
    "hkey_users": "hku",
    "hkey_current_config": "hkcc",
}
_SEPARATORS = re.compile(r"[\\/]+")
_AFTER_A_PATH = ".,;:!?)]}'\u2019\u201d\u3002"


def paths(text: str) -> Iterator[tuple[str, int, int]]:
    """
    Find Windows paths, network shares, registry keys and POSIX paths.

    A Windows path is folded to lower case with `/` as its separator, for
    Windows tells neither apart; hives get their short names, `$HOME` is `~`.
    Only folders may hold blanks, at most three each; behind the last separator
    the first blank ends the path. The path of a URL is none.

    Returns:
        (normalised path, start, end), ends half-open.
    """
    if "\\" in text or "%/" in text or ":/" in text.replace("://", ""):
        for match in _WINDOWS_PATH.finditer(text):
            yield _windows_path(match)
    if "/" in text:
        for match in _POSIX_PATH.finditer(text):
            raw = match[0].rstrip(_AFTER_A_PATH)
            if value := _posix_path(raw):
                yield value, match.start(), match.start() + len(raw)


def _windows_path(match: re.Match[str]) -> tuple[str, int, int]:
    raw = match[0]
    if not raw.endswith("(x86)"):
        raw = raw.rstrip(_AFTER_A_PATH)
    value = _SEPARATORS.sub("/", raw.lower()).rstrip("/")
    if value.startswith("/"):
        value = f"/{value}"  # a share is no POSIX path
    if hive := match["hive"]:
        _, _, key = value.removeprefix("computer/").partition("/")
        value = f"{_HIVES.get(hive.lower(), hive.lower())}/{key}"
    return value, match.start(), match.start() + len(raw)


def _posix_path(raw: str) -> str:
    """The path without doubled or trailing separators; empty for a switch, a date, a fraction."""
    head, *names = _SEPARATORS.sub("/", raw).rstrip("/").split("/")
    is_path = head or len(names) > 1 or (names[:1] and names[0] in _ROOTS)
    if not is_path or not any(len(name) > 1 and name.lstrip(".")[:1].isalpha() for name in names):
        return ""
    return "/".join(["~" if "HOME" in head else head, *names])
