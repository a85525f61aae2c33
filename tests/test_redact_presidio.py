"""Presidio as a redactor, by a stand-in that answers as its analyzer does."""

from __future__ import annotations

import builtins
import re
from typing import Any, NamedTuple

import pytest

from kbsearch.errors import MissingExtraError
from kbsearch.redact import Finding, PresidioRedactor, redact_text


class StandInEntity(NamedTuple):
    """As `presidio_analyzer.RecognizerResult`."""

    entity_type: str
    start: int
    end: int
    score: float


class StandInAnalyzer:
    """Finds words it was told, in descending order, as Presidio may; remembers its calls."""

    def __init__(self, *words: str, entity_type: str = "PERSON") -> None:
        self._words, self._entity_type = words, entity_type
        self.calls: list[dict[str, Any]] = []

    def analyze(
        self, text: str, language: str, entities: list[str], *, score_threshold: float
    ) -> list[StandInEntity]:
        self.calls.append(
            {"language": language, "entities": entities, "score_threshold": score_threshold}
        )
        found = (m for word in self._words for m in re.finditer(re.escape(word), text))
        return sorted(
            (StandInEntity(self._entity_type, *match.span(), 0.85) for match in found), reverse=True
        )


def test_people_found_by_presidio_become_names() -> None:
    """Its types are its own; ours are words that a reader understands."""
    redactor = PresidioRedactor("stand-in", analyzer=StandInAnalyzer("Ida Berg", "Ola"))

    assert redactor.find("Ida Berg met Ola.") == [Finding(0, 8, "name"), Finding(13, 16, "name")]
    assert redact_text("Ida Berg met Ola.", [redactor]).text == "[name] met [name]."


def test_a_type_without_a_kind_of_ours_gives_one_of_its_own_name() -> None:
    """Presidio knows many more types than need a word here."""
    analyzer = StandInAnalyzer("X123", entity_type="US_PASSPORT")
    redactor = PresidioRedactor("stand-in", entities=["US_PASSPORT"], analyzer=analyzer)

    assert redactor.find("no. X123") == [Finding(4, 8, "us passport")]


def test_presidio_is_asked_for_people_alone_unless_told_otherwise() -> None:
    """Some of its other recognisers ask the network for lists."""
    analyzer = StandInAnalyzer()

    PresidioRedactor("stand-in", analyzer=analyzer).find("text")
    PresidioRedactor(
        "m", language="de", entities=["LOCATION"], threshold=0.7, analyzer=analyzer
    ).find("text")

    assert analyzer.calls == [
        {"language": "en", "entities": ["PERSON"], "score_threshold": 0.5},
        {"language": "de", "entities": ["LOCATION"], "score_threshold": 0.7},
    ]


def test_its_fingerprint_names_all_that_changes_a_finding() -> None:
    """Another model, language, threshold or type finds something else."""
    analyzer = StandInAnalyzer()
    made = [
        PresidioRedactor("a", analyzer=analyzer),
        PresidioRedactor("b", analyzer=analyzer),
        PresidioRedactor("a", language="de", analyzer=analyzer),
        PresidioRedactor("a", threshold=0.6, analyzer=analyzer),
        PresidioRedactor("a", entities=["LOCATION"], analyzer=analyzer),
    ]

    assert len({redactor.fingerprint for redactor in made}) == len(made)
    assert made[0].fingerprint == PresidioRedactor("a", analyzer=analyzer).fingerprint


def test_without_presidio_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user reads what to install, not a traceback of imports."""
    genuine = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("presidio_analyzer"):
            raise ImportError(name)
        return genuine(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)

    with pytest.raises(MissingExtraError, match=r'pip install "kbsearch\[presidio\]"'):
        PresidioRedactor("en_core_web_sm")
