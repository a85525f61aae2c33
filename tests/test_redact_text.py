"""From findings to a text with placeholders, and what every redactor promises."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbsearch.errors import ConfigError
from kbsearch.models import Person
from kbsearch.redact import (
    Finding,
    NameRedactor,
    PersonalDataRedactor,
    PresidioRedactor,
    Redactor,
    SecretRedactor,
    merge_findings,
    redact_text,
)
from tests.test_redact_presidio import StandInAnalyzer

LIND = Person(id="u-4711x", name="Anna Lind", email="a.lind@example.com", phone="+49 30 1234567")
TEXT = (
    "Anna Lind (a.lind@example.com, +49 30 1234567) says: my password is Maple44! "
    "and my card is 4111 1111 1111 1111, see https://anna:pw1@db.example.com/x. "
    "\u00dcber \uff21\uff11\uff12\u3002"
)
BUILDERS: dict[str, Callable[[], Redactor]] = {
    "secrets": SecretRedactor,
    "personal": PersonalDataRedactor,
    "personal of regions": lambda: PersonalDataRedactor(("DE", "US")),
    "names": lambda: NameRedactor([LIND]),
    "presidio": lambda: PresidioRedactor("stand-in", analyzer=StandInAnalyzer("Anna Lind")),
}
ALL = [build() for build in BUILDERS.values()]
PIECES = (
    "password: is Maple44! +49 30 1234567 4111111111111111 a.lind@example.com Lind Anna [email] "
    "[secret] [name] 10.1.2.3 pin 4711 DE89370400440532013000 \u00e9 \uff11 \n , ( ) \u201c"
).split(" ")


class WordRedactor:
    """A user's own: each of its words goes, whatever is around it."""

    fingerprint = "words-1"

    def __init__(self, *words: str, kind: str = "employee number") -> None:
        self._words, self._kind = words, kind

    def find(self, text: str) -> Sequence[Finding]:
        starts = ((text.find(word), word) for word in self._words)
        return [Finding(s, s + len(word), self._kind) for s, word in starts if s >= 0]


@pytest.fixture(params=sorted(BUILDERS))
def redactor(request: pytest.FixtureRequest) -> Redactor:
    return BUILDERS[request.param]()


class TestEveryRedactor:
    """What a caller may rely on, whichever redactor was chosen."""

    def test_points_into_the_text_in_order_and_apart(self, redactor: Redactor) -> None:
        """Offsets are those of the text as it was given, full-width digits and all."""
        findings = redactor.find(TEXT)

        ends = [0] + [finding.end for finding in findings]
        assert findings
        assert all(
            before <= finding.start < finding.end <= len(TEXT)
            for before, finding in zip(ends, findings, strict=False)
        )

    def test_finds_nothing_in_no_text(self, redactor: Redactor) -> None:
        """An empty resolution is an ordinary one."""
        assert redactor.find("") == []
        assert redactor.find(" \n\t") == []

    def test_leaves_what_it_redacted_before(self, redactor: Redactor) -> None:
        """Documents are imported again and again; a second pass must change nothing."""
        once = redact_text(TEXT, [redactor])

        again = redact_text(once.text, [redactor])

        assert again == (once.text, {})

    def test_reads_a_megabyte_in_linear_time(self, redactor: Redactor) -> None:
        """The limit is far above what it takes; quadratic work would take minutes."""
        n_lines = 1_000_000 // len(TEXT)
        start = time.process_time()

        findings = redactor.find(f"{TEXT}\n" * n_lines)

        assert time.process_time() - start < 15
        assert len(findings) == n_lines * len(redactor.find(TEXT))

    def test_has_a_fingerprint_of_its_own(self, redactor: Redactor) -> None:
        """The same for the same rules: an index made by other ones is told by it."""
        assert [each.fingerprint for each in ALL].count(redactor.fingerprint) == 1
        assert isinstance(redactor, Redactor)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
@example("password: [secret] Maple44!")
@example("[email]@example.com")
@example("Lind [name] Anna")
def test_twice_is_once_whatever_the_text(text: str) -> None:
    """All redactors together, as they are used."""
    once = redact_text(text, ALL).text

    assert redact_text(once, ALL).text == once


class TestFindings:
    """Several redactors look at one text; their findings become one list."""

    @pytest.mark.parametrize(
        ("findings", "merged"),
        [
            ([], []),
            ([Finding(3, 5, "a"), Finding(0, 2, "b")], [Finding(0, 2, "b"), Finding(3, 5, "a")]),
            ([Finding(0, 3, "a"), Finding(2, 9, "b")], [Finding(0, 9, "b")]),
            ([Finding(0, 9, "a"), Finding(2, 4, "b")], [Finding(0, 9, "a")]),
            ([Finding(0, 4, "a"), Finding(2, 6, "b")], [Finding(0, 6, "a")]),
            ([Finding(0, 2, "a"), Finding(2, 4, "b")], [Finding(0, 2, "a"), Finding(2, 4, "b")]),
            ([Finding(0, 2, "a"), Finding(1, 4, "b"), Finding(3, 9, "c")], [Finding(0, 9, "c")]),
        ],
    )
    def test_overlapping_ones_become_one_of_the_longest_kind(
        self, findings: list[Finding], merged: list[Finding]
    ) -> None:
        """The union goes, so nothing of either stays; ties are the earlier one's."""
        for order in itertools.permutations(findings):
            assert merge_findings(order) == merged

    def test_a_users_redactor_brings_its_own_kind(self) -> None:
        """The placeholder is its word, kept on a second pass like the shipped ones."""
        own = WordRedactor("E1234")

        once = redact_text("Badge E1234 of Ida", [SecretRedactor(), own])

        assert once.text == "Badge [employee number] of Ida"
        assert once.counts == {"employee number": 1}
        assert redact_text(once.text, [own, WordRedactor("number")]).text == once.text

    def test_the_report_counts_placeholders_not_findings(self) -> None:
        """Two findings that overlap are one placeholder."""
        redacted = redact_text("abcdef", [WordRedactor("abc"), WordRedactor("cdef", kind="x")])

        assert (redacted.text, redacted.counts) == ("[x]", {"x": 1})

    def test_what_stands_around_a_placeholder_still_goes(self) -> None:
        """A key with an address in the middle must not survive because of the address."""
        redacted = redact_text("abc [email] def", [WordRedactor("abc [email] def", kind="x")])

        assert redacted.text == "[x][email][x]"

    @pytest.mark.parametrize(
        "finding",
        [
            Finding(-1, 2, "x"),
            Finding(0, 8, "x"),
            Finding(3, 2, "x"),
            Finding(0, 2, "X"),
            Finding(0, 2, ""),
            Finding(0, 2, "x]"),
        ],
    )
    def test_a_redactor_that_points_nowhere_is_an_error(self, finding: Finding) -> None:
        """Repairing it in silence would leave something unredacted."""

        class WrongRedactor(WordRedactor):
            fingerprint = "wrong-1"

            def find(self, text: str) -> Sequence[Finding]:
                return [finding]

        with pytest.raises(ConfigError, match=r"Redactor 'wrong-1' found characters .* of 7"):
            redact_text("a text.", [WrongRedactor()])

    def test_an_empty_finding_replaces_nothing(self) -> None:
        """Some finders report them at the end of a text."""
        assert redact_text("text", [WordRedactor("")]).text == "text"
