"""
How much of what must go redaction finds, and how often it takes something else for it.

    python benchmarks/redaction.py [--json]

Values are generated, their check digits right, and put into the sentences of the tests:
those that the rules were written with, and held-out ones. No sentence is real mail, so
the figures compare rules and versions; they promise nothing about somebody's own texts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from kbsearch.redact import PersonalDataRedactor, Redactor, SecretRedactor
from tests import redaction_assignments as known_forms
from tests import redaction_held_out as held_out
from tests import redaction_held_out_later as held_out_later
from tests import redaction_held_out_third as held_out_third
from tests import redaction_samples as samples_of
from tests import redaction_sentences as known
from tests import redaction_templates as known_passwords
from tests.redaction_negatives import NOT_SECRETS, TECHNICAL
from tests.redaction_numbers import NATIONAL_IDS, REGIONS, international_phone, national_phone
from tests.redaction_samples import LOCALES, Maker, Sample, ip, make_samples

Sentences = Sequence[str]
N_SAMPLES, KNOWN, HELD_OUT, LATER = 1000, "development", "held out", "held out, later"
THIRD = "held out, third"


class Measure(NamedTuple):
    """A share of samples; of the values that are gone, or of the texts that were touched."""

    kind: str
    templates: str
    n_templates: int
    n_samples: int
    share: float


def is_gone(sample: Sample, redactor: Redactor) -> bool:
    """Whether every letter and digit of the value lies in a finding."""
    hidden = {place for start, end, _ in redactor.find(sample.text) for place in range(start, end)}
    value = range(sample.start, sample.end)
    return all(place in hidden for place in value if sample.text[place].isalnum())


def recall(
    kind: str, makers: Mapping[str, Maker], redactor: Redactor, templates: Mapping[str, Sentences]
) -> Iterator[Measure]:
    """One measure for each group of templates."""
    for group, sentences in templates.items():
        samples = make_samples(sentences, makers, n=N_SAMPLES, seed=22)
        n_gone = sum(is_gone(sample, redactor) for sample in samples)
        yield Measure(kind, group, len(sentences), len(samples), n_gone / len(samples))


def recalls() -> Iterator[Measure]:
    """Recall of each kind."""
    secrets, personal = SecretRedactor(), PersonalDataRedactor()
    sentences = {KNOWN: _all(known.SENTENCES), HELD_OUT: _all(held_out.SENTENCES)}
    assignments = {
        KNOWN: known_forms.ASSIGNMENTS,
        HELD_OUT: held_out.ASSIGNMENTS,
        LATER: held_out_later.ASSIGNMENTS,
    }
    keys = {KNOWN: known_forms.KEY_ASSIGNMENTS, HELD_OUT: held_out.KEY_ASSIGNMENTS}
    codes = {KNOWN: known_forms.CODES, HELD_OUT: held_out.CODES}
    prose = {
        KNOWN: _all(known_passwords.PASSWORDS),
        HELD_OUT: _all(held_out.PASSWORDS),
        LATER: _all(held_out_later.PASSWORDS),
    }
    yield from recall("tokens and private keys", samples_of.TOKENS, secrets, sentences)
    yield from recall("passwords, assigned", samples_of.ASSIGNED, secrets, assignments)
    yield from recall("keys, assigned", samples_of.KEYS, secrets, keys)
    yield from recall("one-time codes and PINs", samples_of.CODES, secrets, codes)
    yield from recall("passwords, in prose", samples_of.PASSWORDS, secrets, prose)
    third = {THIRD: _all(held_out_third.PASSWORDS)}
    for strength, maker in held_out_third.STRENGTHS.items():
        kind = f"passwords, in prose: {strength}"
        yield from recall(kind, {strength: maker}, secrets, third)
    for kind, maker in {**samples_of.PERSONAL, "ip": ip}.items():
        yield from recall(kind, {kind: maker}, personal, sentences)
    yield from recall("national ids", NATIONAL_IDS, personal, sentences)
    yield from _phones(KNOWN, known.SENTENCES, known.PHONES)
    yield from _phones(HELD_OUT, held_out.SENTENCES, held_out.PHONES)


def _phones(
    group: str, sentences: Mapping[str, Sentences], labelled: Mapping[str, Sentences]
) -> Iterator[Measure]:
    n_each = N_SAMPLES // len(LOCALES)
    found = {"phones, international": 0, "phones, of configured regions": 0}
    for locale, region in zip(LOCALES, REGIONS, strict=True):
        templates = [*sentences[locale], *labelled[locale]]
        for kind, maker, regions in (
            ("phones, international", international_phone(locale), ()),
            ("phones, of configured regions", national_phone(locale), (region,)),
        ):
            redactor = PersonalDataRedactor(regions)
            samples = make_samples(templates, {kind: maker}, n=n_each, seed=22)
            found[kind] += sum(is_gone(sample, redactor) for sample in samples)
    n_samples = n_each * len(LOCALES)
    n_templates = len(_all(sentences)) + len(_all(labelled))
    for kind, n_found in found.items():
        yield Measure(kind, group, n_templates, n_samples, n_found / n_samples)


def false_positives() -> Iterator[Measure]:
    """Share of texts without secrets or personal data in which something is found."""
    redactors = (SecretRedactor(), PersonalDataRedactor(("DE", "US")))
    for group, module in ((KNOWN, known), (HELD_OUT, held_out)):
        samples = make_samples(module.TECHNICAL_SENTENCES, TECHNICAL, n=N_SAMPLES, seed=23)
        texts = [sample.text for sample in samples]
        share = _share_touched(texts, redactors)
        yield Measure("technical strings", group, len(module.TECHNICAL_SENTENCES), N_SAMPLES, share)
    near = _all(held_out_third.PASSWORDS)
    texts = [sample.text for sample in make_samples(near, TECHNICAL, n=N_SAMPLES, seed=23)]
    share = _share_touched(texts, redactors)
    yield Measure('technical strings near "password"', THIRD, len(near), N_SAMPLES, share)
    for group, told in ((KNOWN, NOT_SECRETS), (HELD_OUT, held_out.NOT_SECRETS)):
        share = _share_touched(told, redactors)
        yield Measure("sentences about passwords", group, len(told), len(told), share)


def _share_touched(texts: Sequence[str], redactors: Sequence[Redactor]) -> float:
    return sum(any(each.find(text) for each in redactors) for text in texts) / len(texts)


def _all(by_locale: Mapping[str, Sentences]) -> list[str]:
    return list(chain.from_iterable(by_locale.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    as_json = parser.parse_args().json
    tables = {"recall": [*recalls()], "false positives": [*false_positives()]}
    if as_json:
        rows = {title: [each._asdict() for each in table] for title, table in tables.items()}
        print(json.dumps(rows, indent=2))
        return
    for title, table in tables.items():
        print(f"| {title} | templates | n | samples | share |\n|---|---|---|---|---|")
        for kind, group, n_templates, n_samples, share in table:
            print(f"| {kind} | {group} | {n_templates} | {n_samples:,} | {share:.1%} |")
        print()


if __name__ == "__main__":
    main()
