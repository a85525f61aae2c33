"""A megabyte of anything is cleaned, redacted, stored, searched and shown, or refused by name."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbsearch import Article, Audience, KnowledgeBase, Ticket
from kbsearch.errors import KbSearchError
from kbsearch.models import TextFormat, clean_characters
from kbsearch.redact import PersonalDataRedactor, SecretRedactor, redact_text
from kbsearch.text import identifiers
from kbsearch.text.mail import mail_cuts
from tests.builders import customer_says
from tests.hostile_texts import MARKDOWN, MARKUP, PLAIN, Filled

CASES = [
    *((name, filled, TextFormat.HTML) for name, filled in MARKUP.items()),
    *((name, filled, TextFormat.MARKDOWN) for name, filled in {**MARKDOWN, **MARKUP}.items()),
    *((name, filled, TextFormat.PLAIN) for name, filled in PLAIN.items()),
]
SIZE, MEGABYTE = 50_000, 990_000
every_case = pytest.mark.parametrize(
    ("filled", "text_format"),
    [case[1:] for case in CASES],
    ids=[f"{case[2]}-{case[0]}" for case in CASES],
)


def documents(text: str, text_format: TextFormat) -> tuple[Article, Ticket]:
    """The text as an article for customers, and as the message of a published ticket."""
    page = Article(
        id="kb:1",
        title="Hostile page",
        body=text,
        format=text_format,
        audience=Audience.EXTERNAL,
    )
    asked = Ticket(
        id="desk:1",
        subject="Hostile ticket",
        messages=(customer_says(text, format=text_format),),
        published=True,
    )
    return page, asked


def store_and_search(kb: KnowledgeBase, text: str, text_format: TextFormat) -> None:
    report = kb.upsert(documents(text, text_format))
    for audience in Audience:
        for hit in kb.searcher(audience).search("hostile end word"):
            assert len(hit.passage.text) <= len(text)
    assert len(report.added) + len(report.rejected) == 2


@every_case
def test_it_is_stored_and_searched_or_refused(
    desk: KnowledgeBase, filled: Filled, text_format: TextFormat
) -> None:
    """Never an untyped error; on both shelves, so that every redactor sees it."""
    store_and_search(desk, filled.text(SIZE), text_format)


@pytest.mark.nightly
@every_case
def test_a_megabyte_of_it_does_not_hang(
    desk: KnowledgeBase, filled: Filled, text_format: TextFormat
) -> None:
    """A guard against what never ends: an article and a ticket, three faces in all."""
    start = monotonic()

    store_and_search(desk, filled.text(MEGABYTE), text_format)

    assert monotonic() - start < 20


@pytest.mark.nightly
def test_a_megabyte_of_all_of_it_one_after_another_takes_little_memory() -> None:
    """In a process of its own: what one text needs at its worst, all formats."""
    script = """
        import sys, tempfile
        from pathlib import Path
        from kbsearch import KnowledgeBase
        from kbsearch.embed import HashingEmbedder
        from tests.builders import article
        from tests.test_hostile_text import CASES, documents

        def peak_kib():  # ru_maxrss would begin with the peak of the process that started this one
            lines = Path("/proc/self/status").read_text().splitlines()
            return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0])

        with tempfile.TemporaryDirectory() as folder:
            kb = KnowledgeBase.create(Path(folder) / "a.kb", embedder=HashingEmbedder(64))
            kb.upsert(documents("warm <b>up</b> " * 100, CASES[0][2]))
            kb.searcher("external").search("warm")
            before = peak_kib()
            for name, filled, text_format in CASES[::6]:
                kb.upsert(documents(filled.text(990_000), text_format))
            print(peak_kib() - before)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )

    assert int(result.stdout) * 1024 <= 400_000_000  # two documents at once


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(
    "work",
    [
        lambda text: redact_text(text, [SecretRedactor()]),
        lambda text: redact_text(text, [PersonalDataRedactor(phone_regions=("US", "DE"))]),
        identifiers,
        mail_cuts,
    ],
    ids=["secrets", "personal", "identifiers", "mail"],
)
def test_every_finder_is_linear(name: str, work: object) -> None:
    """Four times the text takes about four times as long: not eight, where it could be sixteen."""
    small, large = (clean_characters(PLAIN[name].text(size)) for size in (25_000, 100_000))

    def seconds(part: str) -> float:
        start = monotonic()
        work(part)  # type: ignore[operator]
        return monotonic() - start

    seconds(small[:1000])  # what is compiled at its first use
    best_small = min(seconds(small) for _ in range(2))
    best_large = min(seconds(large) for _ in range(2))

    assert best_large < max(0.3, 12 * best_small)


@settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=400), text_format=st.sampled_from(TextFormat))
def test_any_text_is_taken_or_refused_by_name(
    desk: KnowledgeBase, text: str, text_format: TextFormat
) -> None:
    """Surrogates, controls and half a tag included."""
    try:
        sent = documents(text, text_format)
    except KbSearchError:
        return

    report = desk.upsert(sent)

    assert len(report.added) + len(report.changed) + len(report.unchanged) + len(
        report.rejected
    ) == len(sent)
