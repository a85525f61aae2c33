"""Microsoft Presidio as a redactor, for those who want people's names found by a model."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Protocol

from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.redact.base import Finding, merge_findings

_KINDS = {
    "PERSON": "name",
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "IBAN_CODE": "iban",
    "CREDIT_CARD": "card",
    "IP_ADDRESS": "ip",
}


class Entity(Protocol):
    """What Presidio's analyzer finds: a type such as "PERSON" and half-open offsets."""

    @property
    def entity_type(self) -> str:
        """In Presidio's words."""
        ...

    @property
    def start(self) -> int:
        """Of the first character."""
        ...

    @property
    def end(self) -> int:
        """Behind the last character."""
        ...


class Analyzer(Protocol):
    """The part of `presidio_analyzer.AnalyzerEngine` that is used."""

    def analyze(
        self, text: str, language: str, entities: list[str], *, score_threshold: float
    ) -> Sequence[Entity]:
        """Entities of a text, in any order."""
        ...


class PresidioRedactor:
    """
    What Presidio finds, by default people's names alone.

    The other redactors find the rest without a model. Some of Presidio's own
    recognisers, that of e-mail addresses among them, ask the network for lists.

    Args:
        model: Name of an installed spaCy model with entities, e.g.
            "en_core_web_sm", or what names the model of a given `analyzer`.
        language: The language of the texts, as Presidio spells it.
        entities: Presidio's types; a type that it has no kind for here gives
            one of its own name, "US_PASSPORT" gives "us passport".
        threshold: Least score of a finding, 0 to 1.
        analyzer: A ready `AnalyzerEngine`, in place of one with `model`.

    Raises:
        MissingExtraError: If presidio-analyzer is not installed.
        ConfigError: If the model is not installed; it is never downloaded.
    """

    def __init__(
        self,
        model: str,
        *,
        language: str = "en",
        entities: Sequence[str] = ("PERSON",),
        threshold: float = 0.5,
        analyzer: Analyzer | None = None,
    ) -> None:
        self._language, self._entities, self._threshold = language, list(entities), threshold
        self._analyzer = analyzer or _make_analyzer(model, language)
        names = "+".join(sorted(self._entities))
        versions = "/".join(_versioned(package) for package in ("presidio-analyzer", model))
        self.fingerprint = f"{versions}/{language}/{names}/{threshold}"

    def find(self, text: str) -> list[Finding]:
        """Findings of a text, ascending, none overlapping."""
        found = self._analyzer.analyze(
            text, self._language, self._entities, score_threshold=self._threshold
        )
        return merge_findings(
            Finding(entity.start, entity.end, _kind_of(entity.entity_type)) for entity in found
        )


def _kind_of(entity_type: str) -> str:
    return _KINDS.get(entity_type) or entity_type.lower().replace("_", " ")


def _versioned(package: str) -> str:
    try:
        return f"{package}-{metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return package


def _make_analyzer(model: str, language: str) -> Analyzer:
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from spacy.util import is_package
    except ImportError:
        raise MissingExtraError(
            "Finding names by a model", "presidio-analyzer", "presidio"
        ) from None
    if not is_package(model):
        raise ConfigError(
            f"The spaCy model {model!r} is not installed. Install its package, or give an "
            "AnalyzerEngine of your own as `analyzer`."
        )
    models = [{"lang_code": language, "model_name": model}]
    engine = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": models}
    ).create_engine()
    analyzer: Analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=[language])
    return analyzer
