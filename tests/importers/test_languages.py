"""Locales as vendors write them."""

from __future__ import annotations

import pytest

from kbsearch.importers.shared.languages import language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("en_US", "en-US"),
        ("pt-br", "pt-BR"),
        ("de_DE.UTF-8", "de-DE"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        (" fr ", "fr"),
        ("English", None),
        ("e", None),
        ("en-", None),
        ("日本", None),
        ("", None),
    ],
)
def test_a_locale_becomes_a_code_of_bcp_47(written: str, code: str | None) -> None:
    """Documents keep a lower-case primary tag; what is no code is dropped, never guessed."""
    assert language_code(written) == code
