"""What every redactor owes kbsearch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest

from kbsearch.redact import Redactor, redact_text


class RedactorContract:
    """
    What kbsearch relies on, whichever redactor was given.

    Attributes:
        redactor: The one under test.
        replaces: Text → what must stand in its place, as
            `{"Badge B-1234 opens it": "Badge [badge] opens it"}`.
        leaves: Texts that look alike and must stay as they are.
    """

    redactor: ClassVar[Redactor]
    replaces: ClassVar[Mapping[str, str]]
    leaves: ClassVar[Sequence[str]]

    def _redacted(self, text: str) -> str:
        return redact_text(text, [self.redactor]).text

    def test_fulfils_the_protocol(self) -> None:
        """It can be given to `KnowledgeBase.open(redactors=[…])`."""
        assert isinstance(self.redactor, Redactor)

    def test_replaces_what_must_go_and_nothing_beside_it(self) -> None:
        """Each example, to the last character."""
        assert self.replaces
        assert {text: self._redacted(text) for text in self.replaces} == dict(self.replaces)

    def test_leaves_what_only_looks_like_it(self) -> None:
        """A text that is redacted without need answers fewer questions."""
        assert self.leaves
        assert [self._redacted(text) for text in self.leaves] == list(self.leaves)

    @pytest.mark.parametrize("before", ["Größe 帮助 😀\n", "\n\n", "e\u0301 \u201cnote\u201d\n"])
    def test_finds_it_wherever_it_stands(self, before: str) -> None:
        """Offsets count characters, not bytes."""
        for text, expected in self.replaces.items():
            assert self._redacted(before + text) == before + expected

    def test_finds_each_of_many(self) -> None:
        """The second finding of a text is as secret as the first."""
        texts, expected = "\n".join(self.replaces), "\n".join(self.replaces.values())

        assert self._redacted(f"{texts}\n{texts}") == f"{expected}\n{expected}"

    def test_a_second_pass_changes_nothing(self) -> None:
        """Documents are redacted again when settings change; placeholders stay as they are."""
        for expected in self.replaces.values():
            assert self._redacted(expected) == expected

    @pytest.mark.parametrize("text", ["", " ", "\n", "x"])
    def test_finds_nothing_in_nothing(self, text: str) -> None:
        """Empty fields are ordinary."""
        assert list(self.redactor.find(text)) == []

    def test_every_finding_is_a_part_of_the_text(self) -> None:
        """An offset outside of it would be refused, and the document with it."""
        for text in self.replaces:
            findings = self.redactor.find(text)

            assert findings
            assert all(0 <= each.start < each.end <= len(text) for each in findings)

    def test_says_the_same_each_time(self) -> None:
        """Equal documents are recognised by their redacted text."""
        for text in (*self.replaces, *self.leaves):
            assert list(self.redactor.find(text)) == list(self.redactor.find(text))

    def test_its_fingerprint_is_the_same_each_time(self) -> None:
        """It is part of the desk's: a changing one would ask for a rebuild at each start."""
        assert self.redactor.fingerprint
        assert self.redactor.fingerprint == self.redactor.fingerprint
