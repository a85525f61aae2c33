"""Twins: what changed on one side since both were in step, and what became of the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from kbsearch import Article, Audience, KnowledgeBase, Person
from kbsearch.errors import ConfigError, DocumentNotFoundError
from kbsearch.indexing.twin_notes import note_twins, noted_twins, sentence_key
from kbsearch.models import ArticleStatus
from kbsearch.sharing.twins import TwinPair, TwinState
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL

_EARLY, _LATE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
STAFF = article(
    "vpn-staff",
    "Set the adapter to stay awake. The edge drops it after 45 seconds.",
    INTERNAL,
    title="VPN drops",
    twin_id="kb:vpn",
)
CUSTOMERS = article(
    "vpn", "Set the adapter to stay awake. Then restart.", EXTERNAL, title="VPN drops"
)
PAIR = ("kb:vpn-staff", "kb:vpn")


def changed(document: Article, body: str) -> Article:
    return document.model_copy(update={"body": body})


def only_pair(desk: KnowledgeBase) -> TwinPair:
    (pair,) = desk.twins().pairs
    return pair


def noted_by(desk: KnowledgeBase) -> list[str]:
    """Who said of pairs that they are in step."""
    with desk._writers() as writers:
        return [note.by for note in noted_twins(writers[INTERNAL].records).values()]


@pytest.fixture
def marked(desk: KnowledgeBase) -> KnowledgeBase:
    desk.upsert([STAFF, CUSTOMERS])
    desk.mark_in_step(*PAIR, by="mira")
    return desk


class TestBeforeAnybodyCompared:
    """A stated pair has no baseline: dates are all there is."""

    def test_a_pair_is_what_the_internal_article_states(self, desk: KnowledgeBase) -> None:
        """Without dates nobody can say which is newer."""
        desk.upsert([STAFF, CUSTOMERS])

        pair = only_pair(desk)

        assert (pair.internal_id, pair.external_id) == PAIR
        assert (pair.state, pair.newer, pair.is_out_of_step) == (TwinState.UNMARKED, None, False)

    def test_the_later_date_tells_which_is_newer(self, desk: KnowledgeBase) -> None:
        """The other may lack the change."""
        desk.upsert(
            [
                STAFF.model_copy(update={"updated_at": _LATE}),
                CUSTOMERS.model_copy(update={"updated_at": _EARLY}),
            ]
        )

        pair = only_pair(desk)

        assert pair.newer is INTERNAL
        assert pair.is_out_of_step

    def test_looking_writes_nothing(self, desk: KnowledgeBase) -> None:
        """A read by a colleague must not settle what nobody compared."""
        desk.upsert([STAFF, CUSTOMERS])

        desk.twins()
        desk.upsert([changed(CUSTOMERS, "Something else entirely.")])

        assert only_pair(desk).state is TwinState.UNMARKED

    def test_an_external_draft_may_state_its_twin_too(self, desk: KnowledgeBase) -> None:
        """It stands with the staff, twin id and all; customers do not read it."""
        draft = CUSTOMERS.model_copy(
            update={"status": ArticleStatus.DRAFT, "twin_id": "kb:vpn-staff"}
        )
        desk.upsert([STAFF.model_copy(update={"twin_id": None}), draft])

        pair = only_pair(desk)

        assert (pair.internal_id, pair.external_id) == PAIR
        assert pair.remarks == ("the external one is not published: its status is draft",)

    def test_two_internal_articles_that_name_each_other_are_one_pair(
        self, desk: KnowledgeBase
    ) -> None:
        """Otherwise each would be reported as the other's missing twin."""
        desk.upsert(
            [
                article("a", "One.", INTERNAL, twin_id="kb:b"),
                article("b", "Two.", INTERNAL, twin_id="kb:a"),
            ]
        )

        assert len(desk.twins().pairs) == 1


class TestSinceTheyWereInStep:
    """Sentences that are new or gone, and what may need the same change."""

    def test_what_is_unchanged_is_in_step(self, marked: KnowledgeBase) -> None:
        """With who said so."""
        pair = only_pair(marked)

        assert (pair.state, pair.by, pair.changes) == (TwinState.IN_STEP, "mira", ())
        assert marked.twins().out_of_step == ()

    def test_a_new_sentence_is_shown_beside_the_nearest_of_the_other(
        self, marked: KnowledgeBase
    ) -> None:
        """By hand: set, adapter, stay, awake of five terms of both: "never" is new."""
        marked.upsert([changed(STAFF, "Set the adapter to stay awake forever.")])

        pair = only_pair(marked)

        assert pair.state is TwinState.INTERNAL_CHANGED
        (change,) = pair.changes
        assert (change.side, change.n_gone) == (Audience.INTERNAL, 2)
        (new,) = change.new
        assert new.sentence == "Set the adapter to stay awake forever."
        assert new.nearest == "Set the adapter to stay awake."
        assert new.overlap == pytest.approx(0.8)

    def test_a_sentence_that_is_like_none_has_no_nearest(self, marked: KnowledgeBase) -> None:
        """A guess would send the editor to the wrong place."""
        marked.upsert([changed(CUSTOMERS, f"{CUSTOMERS.body} Invoices arrive monthly.")])

        pair = only_pair(marked)

        assert pair.state is TwinState.EXTERNAL_CHANGED
        assert [(each.sentence, each.nearest) for each in pair.changes[0].new] == [
            ("Invoices arrive monthly.", None)
        ]

    def test_both_may_have_changed(self, marked: KnowledgeBase) -> None:
        """Each side has its own list; marked again, they are in step."""
        marked.upsert([changed(STAFF, "Pull the plug."), changed(CUSTOMERS, "Pull the plug.")])

        assert only_pair(marked).state is TwinState.BOTH_CHANGED
        marked.mark_in_step(*PAIR, by="mira")
        assert only_pair(marked).state is TwinState.IN_STEP

    def test_case_and_spacing_are_no_change(self, marked: KnowledgeBase) -> None:
        """Nor is the order of sentences."""
        marked.upsert([changed(CUSTOMERS, "Then  RESTART.\nSet the adapter to stay awake.")])

        assert only_pair(marked).state is TwinState.IN_STEP

    def test_a_pair_that_was_only_marked_is_one_too(self, desk: KnowledgeBase) -> None:
        """An importer that knows no twins overwrites `twin_id`; the note stays."""
        desk.upsert([STAFF.model_copy(update={"twin_id": None}), CUSTOMERS])
        desk.mark_in_step(*PAIR, by="mira")

        assert only_pair(desk).state is TwinState.IN_STEP


class TestWhatBecameOfATwin:
    """Deleted, withdrawn, archived, expired: each is reported."""

    def test_a_deleted_twin(self, marked: KnowledgeBase) -> None:
        """Either side, until the pair is dropped."""
        marked.delete(["kb:vpn"])

        pair = only_pair(marked)

        assert (pair.state, pair.remarks) == (TwinState.GONE, ("the external one is deleted",))
        assert pair.is_out_of_step

    def test_a_pair_that_is_dropped_is_reported_no_more(self, marked: KnowledgeBase) -> None:
        """Once both are gone there is nothing left to do."""
        marked.delete(PAIR)
        assert only_pair(marked).remarks == (
            "the internal one is deleted",
            "the external one is deleted",
        )

        assert marked.unmark_twins(*PAIR)

        assert marked.twins().pairs == ()
        assert not marked.unmark_twins(*PAIR)

    def test_a_withdrawn_twin(self, marked: KnowledgeBase) -> None:
        """Staff still have it."""
        marked.withdraw(["kb:vpn"])

        assert only_pair(marked).remarks == (
            "the external one was withdrawn: it stands with the staff",
        )

    def test_archived_ones(self, marked: KnowledgeBase) -> None:
        """On both sides."""
        archived = {"status": ArticleStatus.ARCHIVED}
        marked.upsert([STAFF.model_copy(update=archived), CUSTOMERS.model_copy(update=archived)])

        assert only_pair(marked).remarks == (
            "the internal one is archived",
            "the external one is not published: its status is archived",
        )

    def test_an_expired_twin(self, marked: KnowledgeBase) -> None:
        """It is on its shelf, and customers do not find it."""
        past = datetime.now(UTC) - timedelta(days=2)
        marked.upsert([CUSTOMERS.model_copy(update={"valid_until": past})])

        assert only_pair(marked).remarks == (f"the external one expired on {past:%Y-%m-%d}",)


class TestMarking:
    """An explicit act of somebody, on two articles."""

    def test_somebody_must_say_so(self, marked: KnowledgeBase) -> None:
        """A baseline without a name answers to nobody."""
        with pytest.raises(ConfigError, match="Say who"):
            marked.mark_in_step(*PAIR, by="  ")

    @pytest.mark.parametrize(
        ("by", "match"),
        [
            (None, "Say who"),
            (5, "is text, and this is 5"),
            ("x" * 1001, "1,000 characters at most"),
        ],
    )
    def test_who_said_so_is_kept_as_in_the_audit_trail(
        self, marked: KnowledgeBase, by: object, match: str
    ) -> None:
        """One rule for every name: one line of so many characters, or nothing is noted."""
        before = noted_by(marked)

        with pytest.raises(ConfigError, match=match):
            marked.mark_in_step(*PAIR, by=by)  # type: ignore[arg-type]

        assert before == noted_by(marked) == ["mira"]

    def test_ids_are_str(self, marked: KnowledgeBase) -> None:
        """Whatever else is given is shown."""
        for act in (partial(marked.mark_in_step, by="mira"), marked.unmark_twins):
            with pytest.raises(ConfigError, match="takes ids as str, and one is 5"):
                act("kb:vpn-staff", 5)  # type: ignore[arg-type]

    @pytest.mark.parametrize("pair", [PAIR[::-1], ("kb:vpn-staff", "kb:none")])
    def test_both_must_stand_on_their_shelves(
        self, pair: tuple[str, str], marked: KnowledgeBase
    ) -> None:
        """The wrong way round is a slip that must be seen."""
        with pytest.raises(DocumentNotFoundError):
            marked.mark_in_step(*pair, by="mira")

    def test_a_ticket_is_no_twin(self, marked: KnowledgeBase) -> None:
        """It is a conversation; nobody edits it to keep it in step."""
        marked.upsert([ticket("1", "It drops")])

        with pytest.raises(ConfigError, match="is a ticket"):
            marked.mark_in_step("desk:1", "kb:vpn", by="mira")


class TestWhatIsKept:
    """Hashes, on the staff's shelf, until something of it is forgotten."""

    def test_nothing_of_it_reaches_the_customers_shelf(self, marked: KnowledgeBase) -> None:
        """Neither the pair, nor who said so, nor a hash; the control finds it with the staff."""
        wanted = [b"kb:vpn-staff", b"mira", sentence_key("Then restart.").encode()]

        seen = {
            side: [value for value in wanted if value in bytes_below(marked.path / side)]
            for side in ("external", "internal")
        }

        assert seen == {"external": [], "internal": wanted}

    def test_forgetting_a_document_forgets_its_pair(self, marked: KnowledgeBase) -> None:
        """A hash of a sentence could still confirm what it said."""
        marked.forget(["kb:vpn-staff"], by="privacy")

        left = bytes_below(marked.path)
        assert sentence_key("The edge drops it after 45 seconds.").encode() not in left
        assert b"twin:" not in left

    def test_forgetting_a_person_forgets_what_was_said_by_them(self, desk: KnowledgeBase) -> None:
        """Their name stands in the note alone."""
        desk.upsert([STAFF.model_copy(update={"twin_id": None}), CUSTOMERS])
        desk.mark_in_step(*PAIR, by="Mira Okafor")

        desk.forget(person=Person(name="Mira Okafor"), by="privacy")

        assert desk.twins().pairs == ()
        assert b"Okafor" not in bytes_below(desk.path)

    @pytest.mark.parametrize("by", ["Mira  Okafor", " Mira\n\u200bOkafor (lead) "])
    def test_however_their_name_was_spaced(self, desk: KnowledgeBase, by: str) -> None:
        """Two blanks hide nobody, neither in the note nor in the request."""
        desk.upsert([STAFF.model_copy(update={"twin_id": None}), CUSTOMERS])
        desk.mark_in_step(*PAIR, by=by)
        before = noted_by(desk)

        desk.forget(person=Person(name="Mira  Okafor"), by="privacy")

        assert before == [" ".join(by.replace("\u200b", "").split())]
        assert noted_by(desk) == []
        assert b"Okafor" not in bytes_below(desk.path)

    def test_a_name_that_an_older_kbsearch_noted_as_it_was_given(self, desk: KnowledgeBase) -> None:
        """Such notes stand on desks, and are found all the same."""
        desk.upsert([STAFF.model_copy(update={"twin_id": None}), CUSTOMERS])
        desk.mark_in_step(*PAIR, by="mira")
        with desk._writers() as writers:
            internal = writers[INTERNAL]
            ((pair, note),) = noted_twins(internal.records).items()
            note_twins(internal, {pair: note.model_copy(update={"by": "Mira  Okafor"})})

        desk.forget(person=Person(name="Mira Okafor"), by="privacy")

        assert noted_by(desk) == []

    def test_a_rewritten_document_loses_its_pair(self, desk: KnowledgeBase) -> None:
        """Its old sentence named the person; the hash of it goes too."""
        desk.upsert([changed(STAFF, "Ask Mira Okafor about the edge."), CUSTOMERS])
        desk.mark_in_step(*PAIR, by="lead")

        desk.forget(person=Person(name="Mira Okafor"), by="privacy")

        assert only_pair(desk).state is TwinState.UNMARKED
        key = sentence_key("Ask Mira Okafor about the edge.").encode()
        assert key not in bytes_below(desk.path)


class TestSuggestions:
    """Pairs by likeness, both ways and with a margin; marked as such."""

    def test_two_that_are_nearest_to_each_other_are_suggested(self, desk: KnowledgeBase) -> None:
        """By the hashing embedder, which sees words only; the fax has no twin."""
        words = "The VPN adapter drops after sleep: keep the adapter awake and restart"
        desk.upsert(
            [
                article("a", f"{words} the edge.", INTERNAL, title="VPN drops after sleep, staff"),
                article("b", f"{words} it.", EXTERNAL, title="VPN drops after sleep"),
                article("c", "Change the paper of the printer and close the lid.", EXTERNAL),
                article("fax", "The fax machine is in the cellar.", INTERNAL),
            ]
        )

        assert desk.twins().pairs == ()
        (pair,) = desk.twins(suggest=True).pairs

        assert (pair.internal_id, pair.external_id) == ("kb:a", "kb:b")
        assert pair.state is TwinState.SUGGESTED
        assert not pair.is_out_of_step

    def test_of_two_that_are_as_near_none_is_suggested(self, desk: KnowledgeBase) -> None:
        """A control for the margin."""
        words = "The VPN adapter drops after sleep: keep the adapter awake and restart it."
        desk.upsert(
            [
                article("a", words, INTERNAL),
                article("b", words, EXTERNAL),
                article("c", words, EXTERNAL),
            ]
        )

        assert desk.twins(suggest=True).pairs == ()

    def test_a_stated_pair_is_not_suggested_again(self, marked: KnowledgeBase) -> None:
        """Nor may its twin be given to another."""
        marked.upsert([article("other", STAFF.body, INTERNAL, title="VPN drops")])

        assert [pair.state for pair in marked.twins(suggest=True).pairs] == [TwinState.IN_STEP]


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
