"""Language codes as vendors write them, and as documents keep them."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*+", re.IGNORECASE | re.ASCII)
_REGION, _SCRIPT = 2, 4  # letters


def language_code(text: str) -> str | None:
    """
    A code of BCP 47: `en_US` and `en-us` give `en-US`; None for what is no code.

    Args:
        text: A locale of a vendor, maybe with an encoding (`de_DE.UTF-8`).
    """
    written = text.strip().partition(".")[0].replace("_", "-")
    if not _CODE.fullmatch(written):
        return None
    primary, *rest = written.split("-")
    return "-".join([primary.lower(), *map(_subtag, rest)])


def _subtag(text: str) -> str:
    if len(text) == _REGION:
        return text.upper()
    return text.title() if len(text) == _SCRIPT else text.lower()
