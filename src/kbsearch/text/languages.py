"""Which language a text is in, and which stemmer reads it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from kbsearch.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_N_CHARACTERS = 1000
"""So much of a text is looked at: more changes nothing but the time."""
_LEAST_SURE = 0.5
"""A detector's probability; below, a language is not known."""
_NO_LANGUAGE = "zxx"
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch_porter", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
    # Snowball's "dutch" cuts wachtwoorden to another stem than wachtwoord.
    # Of the languages below, their own words are not stemmed, and Latin ones are mostly English.
    "ja": "english", "km": "english", "ko": "english", "lo": "english", "my": "english",
    "th": "english", "zh": "english",
}  # fmt: skip


def stemmer_of(code: str) -> str | None:
    """Snowball's name for a language code as "de" or "pt-BR"; None if it has no stemmer."""
    return _STEMMERS.get(code.partition("-")[0])


class LanguageDetector:
    """
    Tells the language of a text, if it is sure.

    The same text gives the same language, whatever else stands on a desk.

    Args:
        languages: Codes of those that come into question; left out, all it knows.

    Source:
        py3langid (langid.py, Lui & Baldwin, ACL 2012, trained anew).
    """

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._languages = tuple(sorted({code.partition("-")[0] for code in languages}))

    def detect(self, text: str) -> str | None:
        """
        A code as "de"; None if the text is too short to tell, or no language.

        Raises:
            MissingExtraError: If py3langid is not installed.
            ConfigError: If one of `languages` is not known to it.
        """
        code, probability = _identifier(self._languages).classify(text[:_N_CHARACTERS])
        return str(code) if probability >= _LEAST_SURE and code != _NO_LANGUAGE else None


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        raise MissingExtraError("Detecting languages", "py3langid", "languages") from None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if languages:
        unknown = sorted(set(languages) - set(identifier.labels))
        if unknown:
            raise ConfigError(
                f"languages under [words] holds {', '.join(unknown)}, which cannot be detected. "
                f"Use some of: {', '.join(sorted(identifier.labels))}."
            )
        identifier.set_languages(list(languages))
    return identifier
