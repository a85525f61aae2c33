"""Telling versions from dates, times, amounts, addresses and headings that look like them."""

from __future__ import annotations

import re

_PRE_RELEASE = re.compile(
    r"[-_.]?(alpha|beta|rc|preview|pre|dev|snapshot|final|ga|sp|patch|build)[-.]?(?=\d|$)"
)
_NO_VERSION = re.compile(
    r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"  # an IP address
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d"  # a day
    r"|[0-3]\d\.[01]\d\.\d\d|(?:19|20)\d\d\.[01]\d\.[0-3]\d"
    r"|[012]\d\.[0-5]\d\.[0-5]\d"  # a time
    r"|\d{1,3}(?:\.\d{3}){2,}|\d{3}\.\d{3}\.\d{4}"  # an amount, a telephone
)
_TWO_NUMBERS = re.compile(r"\d+\.\d+(?:-(?:alpha|beta|rc|preview|pre|dev|sp)\d*)?")
_HEADING = re.compile(r"\.?[ \t]+[^\W\d_]")
_WORD_BEFORE = re.compile(r" ([A-Za-z0-9+#]{2,20})(?![\w.])")  # read backwards
_UNIT = re.compile(
    r"[ \u00a0]?(?:[%€$£\"°]|,\d|(?:[kmgt]i?b|[kmg]bit|[kmg]bps|[kmg]?hz|ms|s|sec|seconds|min"
    r"|minutes|h|hours|days|weeks|months|years|mm|cm|m|km|kg|g|v|w|a|inch|x|times|percent|points"
    r"|stars|out|million|billion|euros?|dollars?|eur|usd|gbp|chf|am|pm|uhr|o'clock)\b)",
    re.IGNORECASE,
)
_PARTS_OF_A_TEXT = frozenset(
    "annex appendix article chapter clause fig figure item kapitel lesson page paragraph part"
    " question rule section step table task".split()
)
_NO_PRODUCTS = frozenset(
    "about above after all almost and april around at august before below between by chf ci"
    " december est eur euro february for from gbp if in it january july june just level march may"
    " more nearly no november nr october of on only or over price rs score september since so some"
    " sum than that the then this to total under until up usd was we when with you".split()
)


def version_of(token: str, *, before: str, after: str, is_labelled: bool) -> str:
    """
    Normalise a version: lower case, no `v` before it, `-` before a pre-release.

    Three or more numbers are a version unless they are something else; two
    numbers are one only behind a `v`, a label or a product's name, because
    prose is full of decimals.

    Args:
        token: Numbers joined by dots, perhaps with `v` or a suffix.
        before: Some twenty characters before it; empty at the start of a text.
        after: Some ten characters behind it.
        is_labelled: Whether "version" or the like stands before it.

    Returns:
        The normalised version; empty if the token is none.
    """
    value = _PRE_RELEASE.sub(r"-\1", token.lower().removeprefix("v"))
    if token[0] in "vV" or is_labelled:
        in_url = before.endswith("/") and value.isdecimal()
        return "" if in_url else value
    numbers = value[: len(value) - len(value.lstrip("0123456789."))]
    n_numbers = numbers.count(".") + 1
    if n_numbers == 1:
        return value  # 8u281, 22h2: no number alone has their shape
    word_before = _WORD_BEFORE.match(before[::-1])
    word = word_before[1][::-1] if word_before else ""
    is_heading = before[-1:] in ("", "\n") and _HEADING.match(after)
    if is_heading or word.lower() in _PARTS_OF_A_TEXT or _NO_VERSION.fullmatch(numbers):
        return ""
    if n_numbers > 2:
        return value
    is_product = word != word.lower() and word.lower() not in _NO_PRODUCTS
    is_decimal = _UNIT.match(after) or not _TWO_NUMBERS.fullmatch(value)
    return value if is_product and not is_decimal else ""
