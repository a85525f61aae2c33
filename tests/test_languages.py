"""Which language a text is in: sure, or not known."""

from __future__ import annotations

import sys

import pytest

from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.text import LanguageDetector, languages

DETECTOR = LanguageDetector()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Outlook keeps asking for credentials whenever I open the calendar."),
        ("de", "Outlook fragt ständig nach den Zugangsdaten, wenn ich den Kalender öffne."),
        ("fr", "Outlook redemande mes identifiants quand j'ouvre le calendrier."),
        ("es", "Outlook pide las credenciales cada vez que abro el calendario."),
        ("nl", "Outlook vraagt steeds om inloggegevens als ik de agenda open."),
        ("ru", "Outlook постоянно запрашивает учётные данные, когда я открываю календарь."),
        ("zh", "每次打开日历时都要求输入凭据。在哪里可以下载最新驱动程序?"),
        ("ja", "予定表を開くたびに資格情報を求められます。"),
        ("ko", "일정을 열 때마다 자격 증명을 요구합니다."),
    ],
)
def test_a_sentence_tells_its_language(code: str, text: str) -> None:
    """One sentence of a ticket is enough, also with a product's English name in it."""
    assert DETECTOR.detect(text) == code


@pytest.mark.parametrize("text", ["", "VPN", "0x80070005", "outlook", "… !?", "\u0301", "reset"])
def test_what_is_too_short_to_tell_has_no_language(text: str) -> None:
    """A guess would stem a name by the rules of a language it is not in."""
    assert DETECTOR.detect(text) is None


def test_with_few_languages_shorter_texts_are_sure() -> None:
    """`Drucker kaputt` could be many things; on a desk in German and English it is German."""
    chosen = LanguageDetector(["de-AT", "en"])

    assert DETECTOR.detect("Drucker kaputt") is None
    assert chosen.detect("Drucker kaputt") == "de"


def test_a_language_that_cannot_be_detected_is_an_error() -> None:
    """It says which ones can."""
    with pytest.raises(
        ConfigError, match=r"holds tlh, which cannot be detected. Use some of: .*en"
    ):
        LanguageDetector(["en", "tlh"]).detect("some text")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no part of a bare installation."""
    languages._identifier.cache_clear()
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)

    with pytest.raises(MissingExtraError, match=r"kbsearch\[languages\]"):
        LanguageDetector().detect("some text")
