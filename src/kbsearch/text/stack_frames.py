"""Frames of stack traces, named by what was called and not by the line it stood on."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Each pattern is tried only on a text that holds its fixed part, so that a text without
# traces costs next to nothing. Names are bounded, so that hostile text stays linear.
_FRAMES = (
    (  # Java, Kotlin, Scala, C#: at com.example.Shop.pay(Shop.java:42)
        "at ",
        re.compile(
            r"at (?<!\wat )(?:[\w.@-]{1,80}+//?)?"
            r"(?:(?=[^\s().:]++\.[^\s().:]++\.)|(?=[^\s():]++\((?:[^()\n]{1,200}:\d+|Native Method"
            r"|Unknown Source)\)))(?P<call>[A-Za-z_][^\s()/\\:]{2,300}+)\([^()\n]{0,300}+\)"
        ),
    ),
    (  # JavaScript: at pay (/srv/shop.js:10:3)
        "at ",
        re.compile(
            r"at (?<!\wat )(?:async |new )?(?P<call>[^\s()]{1,200}+)(?: \[as [^\]\n]{1,100}+\])?"
            r" \((?P<file>[^()\n]{1,300}?):\d+:\d+\)"
        ),
    ),
    (  # JavaScript, nameless: at /srv/shop.js:10:3
        "at ",
        re.compile(r"at (?<!\wat )(?=[^\s()]{0,300}[\\/])(?P<file>[^\s()]{1,300}?):\d+:\d+"),
    ),
    (  # Python: File "/srv/shop.py", line 3, in pay
        'File "',
        re.compile(r'File "(?P<file>[^"\n]{1,300}+)", line \d+(?:, in (?P<call>[^\s,]{1,200}+))?'),
    ),
    (  # Ruby: shop.rb:12:in `pay'
        ".rb:",
        re.compile(r"(?<![\w-])(?P<file>[\w-]{1,100}+\.rb):\d+:in [`'](?P<call>[^'\n]{1,200}+)'"),
    ),
    (  # PHP: #0 /srv/shop.php(12): Shop->pay()
        "): ",
        re.compile(r"#\d{1,4} [^\s()]{1,300}+\(\d+\): (?P<call>[\w\\:>{}-]{1,200}+)\("),
    ),
    (  # C and C++ in gdb: #3  0x00007f01 in pay (sum=1) at shop.c:42
        "#",
        re.compile(
            r"#\d{1,4} {1,8}(?P<address>0x[0-9A-Fa-f]{1,16} in )?(?P<call>[\w:~<>*]{1,200}+)"
            r"(?(address)| \([^()\n]{0,300}+\) (?:at|from) )"
        ),
    ),
    (  # Go: main.pay(0xc000) before a line that names its file
        ".go:",
        re.compile(
            r"^(?P<call>[^\s:]{1,200})\([^()\n]{0,300}+\)\n[ \t]{1,8}\S{1,300}?\.go:\d+",
            re.MULTILINE,
        ),
    ),
    (  # Windows debuggers: ntdll.dll!RtlUserThreadStart+0x21
        "+0x",
        re.compile(r"(?<![\w.])(?P<call>[\w.]{1,80}+![\w:~@?$]{1,200}+)\+0x[0-9A-Fa-f]+"),
    ),
)
_NUMBERED = re.compile(r"\$\d+")


def stack_frames(text: str) -> Iterator[tuple[str, int, int]]:
    """
    Find the frames of stack traces of eight families of languages.

    A frame is named by the qualified method (`com.example.Shop.pay`), or by its
    file without folders and the function where functions are not qualified
    (`shop.py:pay`); numbers of lines, lambdas and nameless classes are left out,
    as the next release changes them.

    Returns:
        (normalised frame, start, end), ends half-open; frames of different
        families may overlap.
    """
    for fixed_part, pattern in _FRAMES:
        if fixed_part in text:
            for match in pattern.finditer(text):
                yield _name_of(match.groupdict()), match.start(), match.end()


def _name_of(groups: dict[str, str | None]) -> str:
    file = (groups.get("file") or "").replace("\\", "/").rpartition("/")[2]
    call = _NUMBERED.sub("", groups.get("call") or "")
    return ":".join(part for part in (file, call) if part)
