"""Bytes of mails to text, also where a mail lies about its charset."""

from __future__ import annotations

import codecs

# Text encodings to Python, charsets to nobody; decoding them may take quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "unicode-escape"})


def decoded(content: bytes, charset: str | None) -> tuple[str, bool]:
    """
    Decode as declared, else as UTF-8, else as Latin-1, which reads any bytes.

    Args:
        content: The bytes.
        charset: As the mail declares it; None if it does not.

    Returns:
        The text, and whether the declaration holds: without one, whether it is UTF-8.
    """
    for name in (charset, "utf-8") if charset else ("utf-8",):
        try:
            if codecs.lookup(name).name not in _NO_CHARSETS:
                return content.decode(name), name == (charset or "utf-8")
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1"), False
