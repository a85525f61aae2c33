"""What readers should not meet in a text: found with its sentence, and few false alarms."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.config import VoiceKind, VoiceSettings
from kbsearch.errors import AudienceError, ConfigError, MissingExtraError
from kbsearch.models import FindingKind, TextFinding, TextFormat
from kbsearch.sharing.voice import readability
from kbsearch.sharing.voice.abbreviations import KNOWN
from kbsearch.sharing.voice.checking import Readers, VoiceReport, check_text
from kbsearch.sharing.voice.glossary import Glossary, load_glossary
from kbsearch.sharing.voice.judged_text import judged_text
from kbsearch.sharing.voice.phrases import language_of
from kbsearch.sharing.voice.readability import measure, prose_sentences
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL

_LONG = "The printer prints " + "and prints again " * 15 + "until it stops."


def checked(
    text: str, *, settings: VoiceSettings | None = None, terms: dict[str, str] | None = None
) -> VoiceReport:
    readers = Readers(EXTERNAL, settings or VoiceSettings(), Glossary(terms or {}))
    return check_text(text, readers, text_format=TextFormat.MARKDOWN)


def found(text: str, kind: FindingKind, **options: object) -> list[TextFinding]:
    return [one for one in checked(text, **options).findings if one.kind is kind]  # type: ignore[arg-type]


class TestInternalTerms:
    """Words of the desk's own glossary."""

    def test_a_term_is_found_with_its_sentence_and_what_to_write_instead(self) -> None:
        """By hand: the second sentence begins at character 13."""
        (one,) = found(
            "Sorry again. We opened a PRB for it.",
            FindingKind.INTERNAL_TERM,
            terms={"PRB": "problem record"},
        )

        assert one.sentence == "We opened a PRB for it."
        assert (one.start, one.end) == (13, 36)
        assert one.why == "'PRB' is a word for staff; write 'problem record' instead."

    @pytest.mark.parametrize(
        ("term", "text", "n"),
        [
            ("lk-edge", "Restarted LK-Edge twice.", 1),
            ("lk-edge", "Restarted lk-edge-3 twice.", 1),
            ("Lighthouse", "Look at the lighthouse.", 0),
            ("Lighthouse", "Look at the Lighthouses.", 1),
            ("churn", "The churning stopped.", 0),
            ("ops room", "Ask the ops\troom.", 1),
            ("#ops", "Ask in #ops, please.", 1),
            ("PRB", "Run `open PRB now`.", 1),
        ],
    )
    def test_terms_are_whole_words_as_they_are_written(self, term: str, text: str, n: int) -> None:
        """Small letters match any case, capitals only themselves; code is no hiding place."""
        assert len(found(text, FindingKind.INTERNAL_TERM, terms={term: ""})) == n

    def test_of_two_terms_that_begin_alike_the_longer_is_named(self) -> None:
        """Otherwise "edge" would hide that "edge drain" has a plainer name."""
        (one,) = found(
            "An edge drain began.", FindingKind.INTERNAL_TERM, terms={"edge": "", "edge drain": ""}
        )

        assert one.why.startswith("'edge drain'")

    def test_a_glossary_is_read_from_the_staffs_side(self, desk: KnowledgeBase) -> None:
        """What customers must not meet must not stand where they can read."""
        (desk.path / "internal" / "glossary.toml").write_text('"PRB" = "problem record"\n')

        report = desk.check_voice("We opened a PRB for it.")

        assert [one.kind for one in report.findings] == [FindingKind.INTERNAL_TERM]
        assert desk.check("internal").is_sound

    def test_a_glossary_on_the_customers_side_is_reported(self, desk: KnowledgeBase) -> None:
        """It is not read from there, and `check` says that it has no business there."""
        (desk.path / "external" / "glossary.toml").write_text('"Quarry" = ""\n')

        assert desk.check_voice("We asked Quarry for it.").findings == ()
        assert [one.shelf for one in desk.check("external").findings] == ["external"]

    @pytest.mark.parametrize("text", ["PRB", '"PRB" = 3', '"..." = ""'])
    def test_a_glossary_that_cannot_be_used_is_an_error(self, text: str, tmp_path: Path) -> None:
        """A list that is passed over in silence would let every word of it out."""
        path = tmp_path / "glossary.toml"
        path.write_text(text)

        with pytest.raises(ConfigError, match="glossary"):
            load_glossary(path)


class TestAbbreviations:
    """Two to six letters that nobody explained."""

    @pytest.mark.parametrize(
        "text",
        [
            "Your request waits for the CAB to meet.",
            "Two CABs have met about it.",
            "Wir warten auf das CAB am Montag.",
            "This is a SaaS product.",
        ],
    )
    def test_an_unexplained_one_is_found(self, text: str) -> None:
        """In the plural, and in other languages."""
        assert len(found(text, FindingKind.ABBREVIATION)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "The change advisory board (CAB) meets today, and the CAB decides.",
            "The CAB (change advisory board) meets today.",
            "CAB stands for a board that decides.",
            "The change advisory board meets. Ask the CAB for it.",
            "Save the PDF on a USB stick, then open the VPN and paste the URLs.",
            "Open the file with error ERR_CAB_17 in `CAB` please.",
            'Press "CAB" and wait for it.',
            "Click **CAB** and wait for it.",
            "Do NOT press it twice, and not too fast.",
            "THE CAB MEETS TODAY",
            "Chapter XIV tells it all.",
            "The model CAB 3000 tells it all.",
            "Send us the CAB file of it.",
            "Read https://help.example/CAB/list about it.",
        ],
    )
    def test_what_is_explained_known_quoted_or_no_abbreviation_is_none(self, text: str) -> None:
        """Each of these would be a false alarm."""
        assert found(text, FindingKind.ABBREVIATION) == []

    def test_each_is_named_once_with_how_often_it_is_used(self) -> None:
        """A page of forty warnings about one word is not read."""
        (one,) = found("Ask the CAB first. Then the CAB decides.", FindingKind.ABBREVIATION)

        assert one.sentence == "Ask the CAB first."
        assert "used 2 times" in one.why

    def test_a_desk_can_say_which_ones_its_readers_know(self) -> None:
        """In any case of letters."""
        settings = VoiceSettings(known_abbreviations=("cab",))

        assert found("Ask the CAB about it.", FindingKind.ABBREVIATION, settings=settings) == []

    def test_the_known_ones_are_capitals_and_digits(self) -> None:
        """A slip in the list would switch nothing off, and nobody would notice."""
        assert all(word.isascii() and word == word.upper() for word in KNOWN)
        assert {"PDF", "VPN", "USB"} <= KNOWN


class TestTone:
    """Blame, and wording for colleagues."""

    @pytest.mark.parametrize(
        "text",
        [
            "You should have read the mail.",
            "As I already told you, it is closed.",
            "It was a user error.",
            "You failed to save the file.",
            "Obviously it is switched off.",
            "You didn\u2019t even try it.",
            "Sie hätten die Datei sichern müssen.",
            "Vous auriez dû nous le dire.",
            "Usted debería haber leído el correo que está en la caja.",
        ],
    )
    def test_blame_is_found(self, text: str) -> None:
        """In four languages, whatever the apostrophe."""
        assert len(found(text, FindingKind.BLAME)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "You should have received a letter by now.",
            "You should have the number at hand.",
            "If you failed to sign in five times, wait an hour.",
            "The log shows a user error message.",
            'The text "you failed to save" disappears.',
            "Run `obviously --wrong` to see it.",
            "You could have a look at the list.",
        ],
    )
    def test_what_only_sounds_like_blame_is_none(self, text: str) -> None:
        """Controls for each pattern above: quoted, conditional, or another meaning."""
        assert found(text, FindingKind.BLAME) == []

    @pytest.mark.parametrize(
        "text",
        [
            "We are gonna look at it.",
            "Send it ASAP please.",
            "It works again :-)",
            "It works again!!",
            "Das ist nix für Sie und die Kollegen.",
            "C'est foutu, la clé est dans le tiroir.",
        ],
    )
    def test_informal_wording_is_found(self, text: str) -> None:
        """Words, emoticons, marks."""
        assert len(found(text, FindingKind.INFORMAL)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "Press Fn and try again!",
            "Set the ratio (16:9) and go on.",
            "```\nyeah!! :-)\n```",
            "Choose **Oops** in the menu.",
            "Use the list (see: D) for it.",
        ],
    )
    def test_what_only_looks_informal_is_none(self, text: str) -> None:
        """Controls: one mark, ratios, code, labels."""
        assert found(text, FindingKind.INFORMAL) == []

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Der Drucker ist nicht mit dem Netz verbunden.", "de"),
            ("Le câble est dans le tiroir avec les clés.", "fr"),
            ("El cable está en la caja con los papeles.", "es"),
            ("Printer.", "en"),
        ],
    )
    def test_the_language_of_a_draft_is_told_by_its_little_words(
        self, text: str, language: str
    ) -> None:
        """English if there are too few."""
        assert language_of(text) == language


class TestReadability:
    """Long sentences, and years of school."""

    def test_a_long_sentence_is_found(self) -> None:
        """By hand: 3 + 15 times 3 + 3 words."""
        (one,) = found(f"Short one first here. {_LONG}", FindingKind.READABILITY)

        assert one.sentence == _LONG
        assert one.why.startswith("It has 51 words")

    def test_the_grade_is_that_of_flesch_and_kincaid(self) -> None:
        """By hand: 4 words, each of one syllable: 0.39 * 4 + 11.8 - 15.59 < 0, so 0; then more."""
        plain = measure(prose_sentences(judged_text("The cat sat down. " * 25, "plain")), "en")  # type: ignore[arg-type]
        hard = measure(
            prose_sentences(judged_text("Configuration of administration. " * 40, "plain")),  # type: ignore[arg-type]
            "en",
        )

        assert (plain.grade, plain.n_words, plain.words_per_sentence) == (0.0, 100, 4.0)
        assert hard.grade is None  # three words are no sentence

    @pytest.mark.parametrize("language", ["de", "fr", "es", "it", "nl"])
    def test_other_languages_get_a_grade_of_their_own_formula(self, language: str) -> None:
        """Longer words ask for more years of school in each of them."""
        easy = prose_sentences(judged_text("Das Auto ist hier. " * 30, TextFormat.PLAIN))
        hard = prose_sentences(
            judged_text(
                "Administrative Konfigurationen dokumentieren Qualitäten. " * 30, TextFormat.PLAIN
            )
        )

        assert (measure(easy, language).grade or 0) < (measure(hard, language).grade or 0)

    def test_a_language_that_is_not_measured_gets_no_grade(self) -> None:
        """Its sentences are counted all the same."""
        prose = prose_sentences(judged_text("Ten samochód jest tutaj. " * 30, TextFormat.PLAIN))

        assert measure(prose, "pl").grade is None
        assert measure(prose, "pl").n_words == 120

    def test_a_hard_text_is_found_by_its_longest_sentence(self) -> None:
        """One finding for the whole, not one for each sentence."""
        settings = VoiceSettings(max_reading_grade=5.0)
        hard = "Administrative configurations necessitate considerable documentation."

        (one,) = found(" ".join([hard] * 20), FindingKind.READABILITY, settings=settings)

        assert "years of school" in one.why

    def test_code_and_tables_are_not_measured(self) -> None:
        """Nobody reads a command aloud."""
        code = "```\n" + "run this very long command here now " * 20 + "\n```\n"
        table = "| a | b |\n|---|---|\n| " + "many words in here " * 20 + "| x |\n"

        assert found(f"Do it.\n\n{code}\n{table}", FindingKind.READABILITY) == []

    def test_without_its_package_it_is_a_clear_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Which package, and how to get it; switched off, none is needed."""
        monkeypatch.setitem(sys.modules, "pyphen", None)
        readability._hyphenation.cache_clear()
        text = "The cat sat down here. " * 30

        with pytest.raises(MissingExtraError, match=r"kbsearch\[voice\]"):
            checked(text)

        assert checked(text, settings=VoiceSettings(external=(VoiceKind.BLAME,))).findings == ()

    def test_words_of_documents_are_not_kept_in_memory(self) -> None:
        """What was forgotten must not live on in a cache of syllables."""
        measure(
            prose_sentences(judged_text("Zebrafinken sind hier zuhause. " * 30, TextFormat.PLAIN)),
            "de",
        )

        assert readability._hyphenation("de").hd.cache == {}


class TestADesk:
    """Documents, whole shelves, and settings."""

    def test_the_whole_shelf_is_checked_most_findings_first(self, desk: KnowledgeBase) -> None:
        """Drafts and staff's articles are not among them."""
        desk.upsert(
            [
                article("calm", "Restart it and wait for a minute.", EXTERNAL),
                article("loud", "Obviously you failed to restart it!!", EXTERNAL, title="Restart"),
                article("staff", "Obviously a user error!!", INTERNAL),
            ]
        )

        reports = desk.check_voices()

        assert [(one.document_id, len(one.findings)) for one in reports] == [
            ("kb:loud", 3),
            ("kb:calm", 0),
        ]

    def test_of_a_ticket_only_what_agents_wrote_is_judged(self, desk: KnowledgeBase) -> None:
        """A customer may write as he likes."""
        shouted = customer_says("It is broken!!")
        answered = agent_says("That was a user error.", public=True)

        report = desk.check_voice(ticket("1", "", subject="x", messages=(shouted, answered)))

        assert [one.sentence for one in report.findings] == ["That was a user error."]

    def test_what_staff_read_is_judged_only_as_settled(self, desk: KnowledgeBase) -> None:
        """Among themselves they write as they talk."""
        note = article("staff", "Obviously a user error!!", INTERNAL)

        assert desk.check_voice(note, audience="internal").findings == ()
        assert len(desk.check_voice(note).findings) == 6  # title and body

    def test_an_audience_that_is_none_is_an_error(self, desk: KnowledgeBase) -> None:
        """As everywhere: nothing is assumed."""
        with pytest.raises(AudienceError, match="everybody"):
            desk.check_voice("x", audience="everybody")

    def test_the_settings_name_what_is_looked_for(self) -> None:
        """Each kind by itself, and none at all."""
        text = f"Obviously the CAB is gonna meet. {_LONG}"
        for kind in VoiceKind:
            settings = VoiceSettings(external=(kind,))
            kinds = {
                one.kind.value
                for one in checked(text, settings=settings, terms={"meet": ""}).findings
            }
            assert kinds == {kind.value}
        assert checked(text, settings=VoiceSettings(external=())).findings == ()

    def test_offsets_lead_to_the_sentence(self) -> None:
        """In the text as its reader sees it."""
        text = "# Title\n\nSome *words* here. You failed to save it.\n\n- Send it ASAP\n"
        plain = judged_text(text, TextFormat.MARKDOWN).text

        report = checked(text)

        assert [plain[one.start : one.end] for one in report.findings] == [
            one.sentence for one in report.findings
        ]
        assert len(report.findings) == 2

    def test_an_empty_text_has_no_findings(self) -> None:
        """Nor an error."""
        report = checked("")

        assert (report.findings, report.n_sentences) == ((), 0)

    def test_the_extra_is_part_of_all(self) -> None:
        """Who installs all gets it."""
        root = Path(__file__).parents[1]
        extras = tomllib.loads((root / "pyproject.toml").read_text())["project"][
            "optional-dependencies"
        ]

        assert "voice" in extras["all"][0]
