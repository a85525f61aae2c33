"""Documents that are restricted to groups of staff: who finds them, and where they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbsearch import Article, Audience, KnowledgeBase, Ticket
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import (
    DocumentNotFoundError,
    GroupError,
    InvalidDocumentError,
    StoreError,
)
from kbsearch.indexing import ShelfWriter
from kbsearch.store import RecordWriter
from tests.builders import article, ticket
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL, ids
from tests.spies import SpyEmbedder
from tests.staff_groups import LEAVE, MANUAL, PAY, SUIT, filled_with_groups, found_by


@pytest.fixture
def filled(desk: KnowledgeBase) -> KnowledgeBase:
    """One document for each circle of readers."""
    return filled_with_groups(desk)


def interrupted(*arguments: object) -> None:
    """In the place of a step."""
    raise KeyboardInterrupt


class TestASearcher:
    """It sees what its groups see, and nothing else."""

    def test_of_no_group_sees_nothing_that_is_restricted(self, filled: KnowledgeBase) -> None:
        """Being staff is not enough."""
        assert found_by(filled) == {"kb:leave", "kb:manual"}

    def test_of_a_group_sees_what_is_for_it_beside_what_all_see(
        self, filled: KnowledgeBase
    ) -> None:
        """HR's searcher has never heard of Legal's documents."""
        assert found_by(filled, "hr") == {"kb:pay", "kb:shared", "kb:leave", "kb:manual"}
        assert found_by(filled, "legal") == {"kb:suit", "kb:shared", "kb:leave", "kb:manual"}

    def test_of_two_groups_finds_what_they_share_once(self, filled: KnowledgeBase) -> None:
        """It stands on the shelf of each."""
        result = filled.searcher(INTERNAL, groups=["legal", "hr"]).search("salary dispute")

        assert ids(result).count("kb:shared") == 1
        assert {hit.id: hit.shelf for hit in result}["kb:shared"] == "internal.hr"

    def test_for_customers_has_no_groups(self, filled: KnowledgeBase) -> None:
        """A mistake in an application must not open a shelf of staff."""
        with pytest.raises(GroupError, match="customers are in none"):
            filled.searcher(EXTERNAL, groups=["hr"])

    @pytest.mark.parametrize("name", ["HR", "", "h r", "../internal", "a.b", "-x", "x" * 65, None])
    def test_refuses_what_is_no_name_of_a_group(
        self, filled: KnowledgeBase, name: str | None
    ) -> None:
        """It would become a part of a path."""
        with pytest.raises(GroupError, match="small letters, digits and hyphens"):
            filled.searcher(INTERNAL, groups=[name])  # type: ignore[list-item]

    def test_refuses_one_str_instead_of_a_list(self, filled: KnowledgeBase) -> None:
        """`groups="hr"` would be the groups h and r."""
        with pytest.raises(GroupError, match="a list of names, not one str"):
            filled.searcher(INTERNAL, groups="hr")

    def test_of_a_group_without_documents_sees_what_all_see(self, filled: KnowledgeBase) -> None:
        """Groups come from a directory of people; most of them have no documents here."""
        assert found_by(filled, "everyone") == {"kb:leave", "kb:manual"}

    def test_is_told_the_same_of_a_restricted_id_as_of_one_that_never_was(
        self, filled: KnowledgeBase
    ) -> None:
        """Trying ids tells nothing."""
        staff = filled.searcher(INTERNAL, groups=["legal"])
        told = []
        for document_id in ("kb:pay", "kb:nothing"):
            with pytest.raises(DocumentNotFoundError) as raised:
                staff.get(document_id)
            told.append(str(raised.value).replace(document_id, "ID"))

        assert told[0] == told[1]
        assert staff.get("kb:suit") == SUIT

    def test_finds_similar_tickets_of_its_groups(self, desk: KnowledgeBase) -> None:
        """What fixed a case of HR is for HR."""
        case = ticket("1", "Salary was not paid", groups=("hr",))
        desk.upsert([case, ticket("2", "Salary slip is missing")])
        draft = ticket("draft", "Salary not paid")

        everybody, hr = desk.searcher(INTERNAL), desk.searcher(INTERNAL, groups=["hr"])

        assert ids(everybody.similar(draft, resolved_only=False)) == ["desk:2"]
        assert ids(hr.similar(draft, resolved_only=False)) == ["desk:1", "desk:2"]


class TestADocument:
    """For groups of staff, or for customers, but not for both."""

    def test_for_customers_is_in_no_group(self) -> None:
        """A contradiction is not guessed away."""
        with pytest.raises(InvalidDocumentError, match="leave out one of the two"):
            article("1", "Salary", EXTERNAL, groups=("hr",))
        with pytest.raises(InvalidDocumentError, match="leave out one of the two"):
            ticket("1", "Salary", published=True, groups=("hr",))

    def test_can_be_restricted_as_a_copy(self) -> None:
        """What asks for customers does so no more."""
        case = ticket("1", "Salary", published=True).restricted_to(["hr"])
        page = MANUAL.restricted_to(["hr"])

        assert (case.published, case.groups) == (False, ("hr",))
        assert (page.audience, page.groups) == (Audience.INTERNAL, ("hr",))


class TestTheDirectories:
    """Separation is a matter of where bytes lie."""

    @pytest.mark.parametrize(
        ("word", "shelves"),
        [
            (b"zqbands7", {"internal.hr"}),
            (b"zqclaim7", {"internal.legal"}),
            (b"zqdispute7", {"internal.hr", "internal.legal"}),
        ],
    )
    def test_hold_a_word_where_its_readers_are_and_nowhere_else(
        self, filled: KnowledgeBase, word: bytes, shelves: set[str]
    ) -> None:
        """Records, indexes and notes."""
        filled.rebuild()

        files = bytes_of(filled.path)

        assert {name.split("/")[0] for name, content in files.items() if word in content} == shelves

    def test_of_others_do_not_change_by_a_bit(self, tmp_path: Path) -> None:
        """Two desks that differ in what HR knows alone; the embedder is the same object."""
        embedder = HashingEmbedder()
        seen = []
        for name, secret in (("a", "zqone7 salary"), ("b", "zqtwo7 of the whole board is salary")):
            with KnowledgeBase.create(tmp_path / name, embedder=embedder) as kb:
                secrets = [
                    article(f"{n}", f"{secret} {n}", INTERNAL, groups=("hr",)) for n in range(3)
                ]
                kb.upsert([secrets[0], LEAVE, SUIT, ticket("1", "Salary slip")])
                kb.rebuild()
                kb.upsert([LEAVE.model_copy(update={"tags": ("pay",)}), *secrets[1:]])
                kb.delete(["kb:2", "desk:none"])
                files = {
                    name: content
                    for name, content in bytes_of(kb.path).items()
                    if not name.startswith("internal.hr")
                }
                answers = [
                    kb.searcher(audience, groups=groups).search(query).model_dump_json()
                    for audience, groups in ((INTERNAL, ()), (INTERNAL, ("legal",)), (EXTERNAL, ()))
                    for query in ("salary", "zqone7 board")
                ]
                counts = [
                    stats.model_copy(update={"size_bytes": 0})
                    for stats in kb.stats(INTERNAL, groups=["legal"])
                ]
                seen.append((files, answers, counts))

        assert seen[0] == seen[1]

    def test_that_look_like_a_group_and_are_none_stand_in_nobodys_way(
        self, filled: KnowledgeBase
    ) -> None:
        """Somebody made a copy before an upgrade."""
        shutil.copytree(filled.path / "internal", filled.path / "internal.bak")
        (filled.path / "internal.notes").mkdir()

        filled.upsert([article("new", "Salary day is the 25th", INTERNAL)])
        filled.rebuild()

        assert "kb:new" in found_by(filled)

    def test_that_are_missing_open_nothing_that_stood_there(self, filled: KnowledgeBase) -> None:
        """A disk that was not mounted: the nightly import must not bring it to all staff."""
        (filled.path / "internal.hr" / "records.sqlite").unlink()
        news = article("pay", "Salary bands", INTERNAL)

        with pytest.raises(StoreError, match=r"internal\.hr"):
            filled.upsert([news])
        with pytest.raises(StoreError, match=r"internal\.hr"):
            filled.searcher(INTERNAL, groups=["hr"]).search("salary")

        assert found_by(filled) == {"kb:leave", "kb:manual"}
        assert not filled.check(INTERNAL, groups=["hr"]).is_sound

    def test_that_are_damaged_keep_nothing_from_being_withdrawn(
        self, filled: KnowledgeBase
    ) -> None:
        """Customers' shelf is nobody's hostage; nor is what all staff read."""
        (filled.path / "internal.hr" / "records.sqlite").write_bytes(b"garbage" * 100)

        gone = filled.withdraw(["kb:manual"])

        assert gone == ("kb:manual",)
        assert ids(filled.searcher(EXTERNAL).search("salary")) == []
        assert list(filled.ids(INTERNAL)) == ["kb:leave", "kb:manual"]

    def test_left_of_an_interrupted_making_are_made_anew(self, desk: KnowledgeBase) -> None:
        """A shelf stands whole, or not at all."""
        (desk.path / ".internal.hr.new").mkdir()
        (desk.path / ".internal.hr.new" / "records.sqlite").write_bytes(b"half")

        desk.upsert([PAY])

        assert found_by(desk, "hr") == {"kb:pay"}
        assert not (desk.path / ".internal.hr.new").exists()


class TestRestricting:
    """What becomes restricted leaves all others first; it does not open again by itself."""

    @pytest.mark.parametrize("document", [LEAVE, MANUAL, ticket("1", "Salary slip")])
    def test_takes_a_document_from_all_others(
        self, desk: KnowledgeBase, document: Article | Ticket
    ) -> None:
        """From staff's shelf as from customers'."""
        desk.upsert([document])

        report = desk.upsert([document.restricted_to(["hr"])])

        assert report.changed == (document.id,)
        assert found_by(desk) == set()
        assert found_by(desk, "hr") == {document.id}
        assert ids(desk.searcher(EXTERNAL).search("salary")) == []

    def test_takes_it_from_them_even_if_the_embedder_fails(self, tmp_path: Path) -> None:
        """It is kept for its group, and found after the next rebuild."""
        embedder = SpyEmbedder()
        with KnowledgeBase.create(tmp_path / "a.kb", embedder=embedder) as desk:
            desk.upsert([LEAVE])
            embedder.fails_at_call = len(embedder.calls) + 1
            with pytest.raises(MemoryError):
                desk.upsert([LEAVE.restricted_to(["hr"])])
            without = found_by(desk)
            (finding,) = desk.check(INTERNAL, groups=["hr"]).findings
            desk.rebuild()

            assert (finding.shelf, finding.remedy.split(":")[0]) == (
                "internal.hr",
                "Run `kbsearch rebuild`",
            )

            assert without == set()
            assert found_by(desk, "hr") == {"kb:leave"}

    def test_leaves_no_snapshot_that_holds_it_after_the_next_rebuild(
        self, desk: KnowledgeBase
    ) -> None:
        """Staff's snapshots are kept to roll back to; not those that hold what is not theirs."""
        desk.upsert([LEAVE, article("n", "Salary zqnumber7", INTERNAL)])
        desk.rebuild()
        desk.upsert([article("n", "Salary zqnumber7", INTERNAL, groups=("hr",))])
        desk.rebuild()

        words = b"".join(bytes_of(desk.path / "internal").values())

        assert [s.number for s in desk.snapshots(INTERNAL) if s.shelf == "internal"] == [2]
        assert b"zqnumber7" not in words

    def test_leaves_no_snapshot_that_holds_it_though_it_was_interrupted(
        self, desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was dropped and why are one commit: a repeated write would not know it any more."""
        desk.upsert([LEAVE, article("n", "Salary zqnumber7", INTERNAL)])
        desk.rebuild()
        number = article("n", "Salary zqnumber7", INTERNAL, groups=("hr",))
        with monkeypatch.context() as broken:
            broken.setattr(RecordWriter, "forget_boilerplate_of", interrupted)
            with pytest.raises(KeyboardInterrupt):
                desk.upsert([number])

        desk.upsert([number])
        desk.rebuild()

        assert b"zqnumber7" not in b"".join(bytes_of(desk.path / "internal").values())

    def test_moves_a_document_from_one_group_to_another(self, filled: KnowledgeBase) -> None:
        """Legal takes the case over."""
        filled.upsert([PAY.restricted_to(["legal"])])

        assert "kb:pay" not in found_by(filled, "hr")
        assert "kb:pay" in found_by(filled, "legal")

    def test_for_another_group_brings_it_no_word_of_the_old_version(self, tmp_path: Path) -> None:
        """Not even when the write fails: Legal's text is Legal's until HR's stands there."""
        spy = SpyEmbedder()
        kb = KnowledgeBase.create(tmp_path / "support.kb", embedder=spy)
        kb.upsert([PAY, SUIT])
        moved = article("suit", "Salary claim, for the file", INTERNAL, groups=("hr",))
        spy.fails_at_call = len(spy.calls) + 1
        with pytest.raises(MemoryError):
            kb.upsert([moved])
        after_failure = found_by(kb, "hr"), b"".join(bytes_of(kb.path / "internal.hr").values())

        kb.upsert([moved])

        assert after_failure[0] == {"kb:pay"}
        assert b"zqclaim7" not in after_failure[1]
        assert b"zqclaim7" not in b"".join(bytes_of(kb.path / "internal.hr").values())
        assert (found_by(kb, "hr"), found_by(kb, "legal")) == ({"kb:pay", "kb:suit"}, set())

    def test_lasts_when_a_version_names_no_group(self, filled: KnowledgeBase) -> None:
        """The nightly import knows nothing of groups, and brings news all the same."""
        news = article("pay", "Salary bands were raised", INTERNAL)

        report = filled.upsert([news])

        assert report.changed == ("kb:pay",)
        assert found_by(filled) == {"kb:leave", "kb:manual"}
        assert filled.searcher(INTERNAL, groups=["hr"]).get("kb:pay") == news.restricted_to(["hr"])

    def test_lasts_when_it_came_while_another_write_waited_its_turn(
        self, desk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The group had no shelf yet when the import opened those that it writes to."""
        other = KnowledgeBase.open(desk.path, embedder=HashingEmbedder())
        lock = ShelfWriter.lock

        def lock_after_the_other(writer: ShelfWriter) -> None:
            monkeypatch.setattr(ShelfWriter, "lock", lock)
            other.upsert([PAY])
            lock(writer)

        monkeypatch.setattr(ShelfWriter, "lock", lock_after_the_other)

        desk.upsert([article("pay", "Salary bands", INTERNAL)])

        assert found_by(desk) == set()
        assert found_by(desk, "hr") == {"kb:pay"}

    def test_lasts_when_a_version_asks_for_customers(self, filled: KnowledgeBase) -> None:
        """And the report says how it could be opened."""
        report = filled.upsert([article("pay", "Salary bands", EXTERNAL)])

        assert "restricted to hr and stays so" in report.held_back["kb:pay"]
        assert ids(filled.searcher(EXTERNAL).search("salary")) == ["kb:manual"]

    def test_ends_when_the_document_is_deleted(self, filled: KnowledgeBase) -> None:
        """An explicit act opens it."""
        assert filled.delete(["kb:pay"]) == ("kb:pay",)

        filled.upsert([article("pay", "Salary bands", INTERNAL)])

        assert "kb:pay" in found_by(filled)

    def test_moves_nothing_where_two_versions_contradict_each_other(
        self, filled: KnowledgeBase
    ) -> None:
        """Both are rejected; Legal's text must not come to HR by it."""
        sent = [SUIT.restricted_to(["hr"]), SUIT.model_copy(update={"body": "Salary"})]

        report = filled.upsert(sent)

        assert len(report.rejected) == 2
        assert "kb:suit" in found_by(filled, "legal")
        assert "kb:suit" not in found_by(filled, "hr")

    def test_is_foretold_by_a_dry_run(self, desk: KnowledgeBase) -> None:
        """Which makes no shelf."""
        desk.upsert([LEAVE])

        report = desk.upsert([LEAVE.restricted_to(["hr"]), PAY], dry_run=True)

        assert (report.added, report.changed) == (("kb:pay",), ("kb:leave",))
        assert desk.groups() == ()
