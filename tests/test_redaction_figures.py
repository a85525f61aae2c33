"""How much redaction finds, and how much too much, on generated samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import pytest

from kbsearch.redact import PersonalDataRedactor, Redactor, SecretRedactor, redact_text
from tests import (
    redaction_assignments,
    redaction_held_out,
    redaction_sentences,
    redaction_templates,
)
from tests.redaction_negatives import NOT_SECRETS, TECHNICAL
from tests.redaction_samples import ASSIGNED, PASSWORDS, PERSONAL, TOKENS, Sample, make_samples

SECRETS, PERSONAL_DATA = SecretRedactor(), PersonalDataRedactor(phone_regions=("US", "DE", "FR"))
BARE = ("{}", "See {} there.", "it said: {}")


def flat(by_locale: Mapping[str, Sequence[str]]) -> list[str]:
    return list(chain.from_iterable(by_locale.values()))


def recall(samples: Sequence[Sample], redactor: Redactor) -> float:
    """The share of samples of whose value nothing but a placeholder is left."""
    n_gone = 0
    for sample in samples:
        value = sample.text[sample.start : sample.end].strip("\"'")
        n_gone += value not in redact_text(sample.text, [redactor]).text
    return n_gone / len(samples)


def share_touched(texts: Iterable[str], redactors: Sequence[Redactor]) -> float:
    found = [bool(redact_text(text, redactors).counts) for text in texts]
    return sum(found) / len(found)


class TestRecall:
    """RELIABILITY asks for 99 %; the templates come in ten locales."""

    def test_tokens_stand_out_by_their_form(self) -> None:
        """Wherever they stand."""
        samples = make_samples([*BARE, *redaction_assignments.ASSIGNMENTS], TOKENS, n=1500, seed=1)

        assert recall(samples, SECRETS) >= 0.99

    @pytest.mark.parametrize(
        "templates",
        [
            flat(redaction_templates.PASSWORDS),
            [*redaction_assignments.ASSIGNMENTS],
        ],
        ids=["prose", "assignments"],
    )
    def test_passwords_are_known_by_the_words_before_them(self, templates: list[str]) -> None:
        """With the templates that the rules were made with."""
        makers = PASSWORDS if templates[0] not in redaction_assignments.ASSIGNMENTS else ASSIGNED

        assert recall(make_samples(templates, makers, n=1500, seed=2), SECRETS) >= 0.99

    def test_numbers_with_checksums_and_mail_addresses_are_found(self) -> None:
        """Accounts, cards, addresses: in sentences of ten locales."""
        samples = make_samples(flat(redaction_sentences.SENTENCES), PERSONAL, n=1500, seed=3)

        assert recall(samples, PERSONAL_DATA) >= 0.99


class TestHeldOutTemplates:
    """Sentences written after the rules were finished."""

    def test_numbers_with_checksums_and_mail_addresses_are_found(self) -> None:
        """The form alone tells."""
        samples = make_samples(flat(redaction_held_out.SENTENCES), PERSONAL, n=1500, seed=4)

        assert recall(samples, PERSONAL_DATA) >= 0.99

    def test_tokens_are_found(self) -> None:
        """In whatever sentence."""
        samples = make_samples(flat(redaction_held_out.SENTENCES), TOKENS, n=1500, seed=5)

        assert recall(samples, SECRETS) >= 0.99


class TestFalsePositives:
    """At most 2 % of technical texts may be touched."""

    def test_technical_strings_are_left_alone(self) -> None:
        """Versions, hashes, serials, orders, log lines: 1,500 of them, by both redactors."""
        samples = make_samples(
            [*redaction_sentences.TECHNICAL_SENTENCES, *redaction_held_out.TECHNICAL_SENTENCES],
            TECHNICAL,
            n=1500,
            seed=6,
        )

        assert share_touched([s.text for s in samples], [SECRETS, PERSONAL_DATA]) <= 0.02

    def test_sentences_about_passwords_hold_none(self) -> None:
        """To forget a password is a problem, not a password."""
        told = [*NOT_SECRETS, *redaction_held_out.NOT_SECRETS]

        assert share_touched(told, [SECRETS]) <= 0.02
