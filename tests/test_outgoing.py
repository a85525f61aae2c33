"""What only staff know is found in a draft, and what customers may read is not."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from kbsearch import Article, ArticleStatus, KnowledgeBase, TextFormat, Ticket
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.models import FindingKind, OutgoingReport
from tests.builders import agent_says, article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL
from tests.spies import SpyEmbedder

SECRET = "The reaper on the edge servers skips half-open sessions since build 1.18."
PUBLIC = "Quit the tray program, wait a full minute and start it again from the menu."
COMPLAINT = "Our reception computer shows a steady amber light after every lunch break."
REPLY = "Please update the tray program to version 4.6 and restart the reception computer."
NOTE = "The session hung on the third edge machine because Pavel drained it too early."
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)


def answered() -> Ticket:
    return ticket(
        "7",
        COMPLAINT,
        subject="amber",
        messages=(
            customer_says(COMPLAINT, id="1"),
            agent_says(REPLY, public=True, id="2"),
            agent_says(NOTE, public=False, id="3"),
        ),
    )


@pytest.fixture
def staffed(desk: KnowledgeBase) -> KnowledgeBase:
    """A desk with an internal article, a public one, and a ticket with a private note."""
    desk.upsert([article("s", SECRET, INTERNAL), article("p", PUBLIC, EXTERNAL), answered()])
    return desk


def found(report: OutgoingReport) -> list[tuple[FindingKind, str | None]]:
    return [(finding.kind, finding.source_id) for finding in report.findings]


class TestCopies:
    """Sentences that were taken from internal text, as they are or edited."""

    def test_names_the_sentence_its_place_and_its_source(self, staffed: KnowledgeBase) -> None:
        """An agent must see at once what to take out and why."""
        draft = f"Hello Hanne, thank you. {SECRET} Kind regards"

        (finding,) = staffed.check_outgoing(draft).findings

        assert (finding.kind, finding.source_id) == (FindingKind.COPY, "kb:s")
        assert finding.sentence == draft[finding.start : finding.end] == SECRET
        assert finding.source_sentence == SECRET
        assert finding.score == 1.0

    @pytest.mark.parametrize(
        "edited",
        [
            SECRET.upper(),
            "The **reaper** on the `edge servers` skips half-open sessions since build 1.18!",
            "The reaper on our edge servers apparently skips half-open sessions since build 1.18.",
            "Since build 1.18, the reaper on the edge servers skips half-open sessions.",
            "The reaepr on the edge servrs skips half-open sessions since build 1.18.",
            "The reaper on the edge servers ignores half-open sessions since build 1.18.",
            "I had a look, and the reaper on the edge servers skips half-open sessions since "
            "build 1.18, so please bear with us until the next week.",
        ],
        ids=["capitals", "markup", "inserted", "reordered", "misspelt", "synonym", "wrapped"],
    )
    def test_finds_it_edited(self, staffed: KnowledgeBase, edited: str) -> None:
        """Nobody pastes without touching a word."""
        report = staffed.check_outgoing(f"Hello. {edited}")

        assert [source for _, source in found(report)] == ["kb:s"]

    def test_a_title_that_is_a_part_of_it_does_not_hide_the_line(
        self, staffed: KnowledgeBase
    ) -> None:
        """A title of four words stands whole in the sentence and proves nothing."""
        edited = "Since build 1.18, the reaper on the edge servers skips half-open sessions."

        (finding,) = staffed.check_outgoing(edited).findings

        assert (finding.kind, finding.source_sentence) == (FindingKind.NEAR_COPY, SECRET)

    def test_finds_a_sentence_that_was_parted(self, staffed: KnowledgeBase) -> None:
        """Each half alone may be too short to prove anything."""
        report = staffed.check_outgoing(
            "The reaper skips sessions. They are half-open on edge servers since build 1.18."
        )

        assert "kb:s" in [source for _, source in found(report)]

    def test_another_number_is_another_fact(self, staffed: KnowledgeBase) -> None:
        """Same words, other facts: only what is the same gives something away."""
        (copy,) = staffed.check_outgoing(SECRET).findings
        report = staffed.check_outgoing("Our edge servers keep sessions open since build 2.40.")

        assert copy.kind is FindingKind.COPY
        assert report.is_clear

    def test_finds_it_in_the_delta_and_in_a_snapshot(self, staffed: KnowledgeBase) -> None:
        """A note of a minute ago counts as much as one of last year."""
        before = found(staffed.check_outgoing(SECRET))
        staffed.rebuild()
        staffed.upsert([article("later", "A visit by the auditors of Umbra is planned.", INTERNAL)])

        assert before == found(staffed.check_outgoing(SECRET)) == [(FindingKind.COPY, "kb:s")]
        assert found(staffed.check_outgoing("A visit by the auditors of Umbra is planned.")) == [
            (FindingKind.COPY, "kb:later")
        ]

    def test_drafts_and_archived_internal_articles_are_sources(self, desk: KnowledgeBase) -> None:
        """What searches hide by default is no less internal."""
        desk.upsert([article("s", SECRET, INTERNAL, status=ArticleStatus.ARCHIVED)])

        assert found(desk.check_outgoing(SECRET)) == [(FindingKind.COPY, "kb:s")]


def test_sentences_that_only_share_a_site_are_not_alike(desk: KnowledgeBase) -> None:
    """Two addresses of one site share half their words; the control shares the sentence."""
    site = "https://search.brightwater.example/query?context=global&repository=tunnel&kind"
    desk.upsert([article("s", f"Reaped ones: {site}=reaper-sessions-half-open", INTERNAL)])

    near = desk.check_outgoing(f"Search for printers: {site}=printers")
    same = desk.check_outgoing(f"Reaped ones: {site}=reaper-sessions-half-open")

    assert near.is_clear
    assert found(same) == [(FindingKind.LINK, "kb:s")]


class TestWhatIsKnown:
    """What customers can read, or whoever asked has said, gives nothing away."""

    def test_what_also_stands_in_a_public_article_is_no_finding(self, desk: KnowledgeBase) -> None:
        """Internal articles quote public ones all the time; the control has no public one."""
        desk.upsert([article("s", f"{PUBLIC} {SECRET}", INTERNAL)])
        alone = desk.check_outgoing(PUBLIC)
        desk.upsert([article("p", PUBLIC, EXTERNAL)])

        assert found(alone) == [(FindingKind.COPY, "kb:s")]
        assert desk.check_outgoing(PUBLIC).is_clear
        assert found(desk.check_outgoing(f"{PUBLIC} {SECRET}")) == [(FindingKind.COPY, "kb:s")]

    def test_a_public_article_that_is_not_valid_yet_frees_nothing(
        self, desk: KnowledgeBase
    ) -> None:
        """Customers cannot read it today."""
        later = article("p", PUBLIC, EXTERNAL, valid_from=FUTURE)
        desk.upsert([article("s", PUBLIC, INTERNAL), later])

        assert found(desk.check_outgoing(PUBLIC)) == [(FindingKind.COPY, "kb:s")]

    def test_public_messages_of_the_ticket_answered_may_be_quoted(
        self, staffed: KnowledgeBase
    ) -> None:
        """The ticket stands on the internal shelf alone; to another asker it is a leak."""
        quoted = f"You wrote: {COMPLAINT} As I said: {REPLY}"

        assert staffed.check_outgoing(quoted, ticket="desk:7").is_clear
        assert {source for _, source in found(staffed.check_outgoing(quoted))} == {"desk:7"}

    def test_its_private_notes_may_not(self, staffed: KnowledgeBase) -> None:
        """The commonest leak of all: the note right above the reply."""
        report = staffed.check_outgoing(NOTE, ticket="desk:7")

        assert found(report) == [(FindingKind.COPY, "desk:7")]
        assert "private note" in report.findings[0].why

    def test_a_ticket_that_is_not_saved_is_taken_as_it_is(self, desk: KnowledgeBase) -> None:
        """Helpdesks check before the ticket is synchronised."""
        report = desk.check_outgoing(f"{COMPLAINT} {NOTE}", ticket=answered())

        assert [finding.sentence for finding in report.findings] == [NOTE]

    def test_messages_without_ids_are_private_unless_all_are_public(
        self, desk: KnowledgeBase
    ) -> None:
        """It cannot be told which of them a sentence comes from: fail closed."""
        mixed = ticket(
            "8", "x", messages=(customer_says(PUBLIC), customer_says(COMPLAINT, public=False))
        )

        assert not desk.check_outgoing(COMPLAINT, ticket=mixed).is_clear

    def test_a_reply_that_two_customers_got_is_a_stock_reply(self, desk: KnowledgeBase) -> None:
        """The control: told to one customer only, it counts as theirs."""
        one, two = (
            ticket(n, "Help with it", messages=(agent_says(REPLY, public=True, id=f"m{n}"),))
            for n in ("1", "2")
        )
        desk.upsert([one])
        told_once = desk.check_outgoing(REPLY)
        desk.upsert([two])

        assert found(told_once) == [(FindingKind.COPY, "desk:1")]
        assert desk.check_outgoing(REPLY).is_clear

    def test_an_article_is_no_source_for_its_own_next_version(self, staffed: KnowledgeBase) -> None:
        """Else every draft of a stored article would be all findings."""
        assert staffed.check_outgoing(SECRET, draft_of="kb:s").is_clear

    @pytest.mark.parametrize(
        "text",
        ["", "   \n ", "Kind regards, Ines", "Thank you for your message!", "?", "12:30"],
    )
    def test_greetings_and_nothing_are_clear(self, staffed: KnowledgeBase, text: str) -> None:
        """A check that cries wolf is switched off."""
        assert staffed.check_outgoing(text).is_clear


class TestOffsets:
    """Where a finding stands."""

    def test_they_refer_to_the_text_as_it_was_given(self, staffed: KnowledgeBase) -> None:
        """Line ends, zero-width characters and combining marks are not counted away."""
        draft = f"Cafe\u0301 \u200bfirst.\r\nThen:\r\n{SECRET}\r\nBye"

        report = staffed.check_outgoing(draft)

        (finding,) = report.findings
        assert report.text == draft
        assert draft[finding.start : finding.end] == SECRET

    def test_of_marked_up_drafts_they_refer_to_the_plain_text(self, staffed: KnowledgeBase) -> None:
        """That is what a reader sees; the report carries it."""
        report = staffed.check_outgoing(
            f"<p>Hello</p><p><b>The reaper</b>{SECRET[10:]}</p>", format=TextFormat.HTML
        )

        (finding,) = report.findings
        assert report.text[finding.start : finding.end] == SECRET


def _seeing(spy: SpyEmbedder) -> SpyEmbedder:
    """The same, said to see what sentences mean."""
    spy.fingerprint = spy.fingerprint.model_copy(update={"kind": "spy"})
    return spy


class TestTheCall:
    """What may be passed, and what it costs."""

    @pytest.mark.parametrize(
        ("arguments", "error", "match"),
        [
            ({"text": 7}, ConfigError, "pass its text as str"),
            ({"text": "a" * 200_001}, ConfigError, "Check it in parts"),
            ({"text": "a", "format": "rtf"}, ConfigError, "'rtf' is not known"),
            ({"text": "a", "ticket": 5}, ConfigError, "`ticket` is a int"),
            ({"text": "a", "draft_of": 5}, ConfigError, "`draft_of` is 5"),
            ({"text": "a", "ticket": "kb:s"}, ConfigError, "is an article"),
            ({"text": "a", "ticket": "desk:none"}, DocumentNotFoundError, "desk:none"),
        ],
    )
    def test_what_cannot_be_checked_is_refused(
        self,
        staffed: KnowledgeBase,
        arguments: dict[str, object],
        error: type[Exception],
        match: str,
    ) -> None:
        """Nothing is guessed and nothing passes as clear."""
        with pytest.raises(error, match=match):
            staffed.check_outgoing(**arguments)  # type: ignore[arg-type]

    def test_texts_of_two_audiences_never_share_a_call_of_the_embedder(
        self, tmp_path: pytest.TempPathFactory
    ) -> None:
        """Public lines are compared apart from what staff wrote."""
        spy, internal = (
            _seeing(SpyEmbedder()),
            "Half-open sessions stay since the reaper skips each of them.",
        )
        public = "Half-open sessions are closed by the reaper as soon as possible."
        with KnowledgeBase.create(f"{tmp_path}/a.kb", embedder=spy) as kb:
            kb.upsert([article("s", internal, INTERNAL), article("p", public, EXTERNAL)])
            spy.calls.clear()

            with patch.multiple(
                "kbsearch.sharing.outgoing.paraphrase", _SURPRISE=-9.0, _LEAST_COSINE=-1.0
            ):
                kb.check_outgoing("The reaper passes over sessions that are half-open of late.")

        assert [(internal in call, public in call) for call in spy.calls] == [
            (True, False),
            (False, True),
        ]

    def test_an_embedder_that_sees_words_only_is_asked_for_no_paraphrases(
        self, tmp_path: pytest.TempPathFactory
    ) -> None:
        """By words alone, every third alarm of a hundred would be one; the control is above."""
        spy, internal = (
            SpyEmbedder(),
            "Half-open sessions stay since the reaper skips each of them.",
        )
        with KnowledgeBase.create(f"{tmp_path}/a.kb", embedder=spy) as kb:
            kb.upsert([article("s", internal, INTERNAL)])
            spy.calls.clear()

            with patch.multiple(
                "kbsearch.sharing.outgoing.paraphrase", _SURPRISE=-9.0, _LEAST_COSINE=-1.0
            ):
                report = kb.check_outgoing(
                    "The reaper passes over sessions that are half-open of late."
                )

        assert spy.calls == []
        assert report.is_clear

    def test_a_second_check_embeds_no_line_again(self, tmp_path: pytest.TempPathFactory) -> None:
        """An agent who waits for it changes a word and waits again; forgetting keeps nothing."""
        spy, internal = (
            _seeing(SpyEmbedder()),
            "Half-open sessions stay since the reaper skips each of them.",
        )
        draft = "The reaper passes over sessions that are half-open of late."
        with KnowledgeBase.create(f"{tmp_path}/a.kb", embedder=spy) as kb:
            kb.upsert([article("s", internal, INTERNAL), article("t", "Other lines.", INTERNAL)])
            kb.check_outgoing(draft)
            spy.calls.clear()

            kb.check_outgoing(draft)
            n_again = len(spy.calls)
            kb.forget(["kb:t"])
            kb.check_outgoing(draft)

        assert n_again == 0
        assert {draft, internal} <= set(spy.calls[-1])

    def test_an_empty_desk_has_nothing_to_leak(self, desk: KnowledgeBase) -> None:
        """The first day must not raise."""
        assert desk.check_outgoing(SECRET).is_clear

    def test_the_report_does_not_show_the_draft_when_it_is_logged(
        self, staffed: KnowledgeBase
    ) -> None:
        """Drafts hold customers' data; reports end up in logs."""
        assert "Hanne" not in repr(staffed.check_outgoing("Hello Hanne, all is well with you."))

    def test_external_drafts_on_the_desk_are_no_other_than_internal(
        self, desk: KnowledgeBase
    ) -> None:
        """An article for customers that is not published yet is not public."""
        draft = Article(
            id="kb:d", title="t", body=SECRET, audience=EXTERNAL, status=ArticleStatus.DRAFT
        )
        desk.upsert([draft])

        assert not desk.check_outgoing(SECRET).is_clear
        assert desk.check_outgoing(SECRET, draft_of="kb:d").is_clear
