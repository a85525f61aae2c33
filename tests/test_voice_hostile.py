"""Checking how a text sounds takes time linear in it, and tells no more than can be read."""

from __future__ import annotations

import pytest

from kbsearch.config import VoiceSettings
from kbsearch.models import TextFormat
from kbsearch.sharing.voice.checking import MAX_FINDINGS, Readers, check_text
from kbsearch.sharing.voice.glossary import Glossary
from tests.library import EXTERNAL

_CODES = " ".join(f"we use B{a}{b}K and go." for a in "CDFGH" for b in "CDFGHKLMNP")
_EXTERNAL = Readers(EXTERNAL, VoiceSettings(), Glossary({}))


class TestTextsOfAMillionCharacters:
    """Time grows with the text and no faster; a hang would fail the run."""

    @pytest.mark.parametrize(
        ("text", "text_format"),
        [
            (":) " * 80_000, TextFormat.PLAIN),
            ("<code>" + "<" * 250_000, TextFormat.HTML),
            (_CODES + "(" * 250_000, TextFormat.PLAIN),
            ("ABCD (aa aa aa aa aa aa aa aa " * 8_000, TextFormat.PLAIN),
        ],
        ids=["smileys", "open tags", "open brackets", "open explanations"],
    )
    def test_are_checked_to_their_end(self, text: str, text_format: TextFormat) -> None:
        """Growth was measured; here only that the check ends, with no more than is told."""
        report = check_text(text, _EXTERNAL, text_format=text_format)

        assert len(report.findings) <= MAX_FINDINGS

    def test_findings_beyond_the_first_thousand_are_counted(self) -> None:
        """A thousand smileys and three: who reads the report sees that there are more."""
        report = check_text("Fine :)\n" * 1003, _EXTERNAL)

        assert len(report.findings) == MAX_FINDINGS
        assert report.n_more == 3
        assert report.findings[0].start == 0
