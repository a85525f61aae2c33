"""What a desk searches for beside what was typed: by shelf, by audience, as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, Settings
from kbsearch.arrays import Float32
from kbsearch.config import EmbedderSettings, WordSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import ConfigError
from kbsearch.layout import VOCABULARY_PREFIX
from kbsearch.models import RewordingCause, SearchResult
from tests.builders import article, ticket
from tests.cli_runner import run
from tests.disk import bytes_of, flip_a_bit
from tests.library import EXTERNAL, INTERNAL, WHERE, ids, index

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PRINTER = article("printer", "The printer hums: clean the drum.", EXTERNAL)
SCANNER = article("scanner", "The scanner whistles: call the vendor.", INTERNAL)


def reworded(found: SearchResult) -> dict[str, tuple[str, ...]]:
    """What was searched for beside what was typed."""
    return {one.typed: one.used for one in found.rewordings}


def write_synonyms(desk: KnowledgeBase, shelf: str, content: str) -> Path:
    """As a support lead does: with an editor, while the desk is open."""
    path = desk.path / shelf / "synonyms.toml"
    path.write_text(content, encoding="utf-8")
    return path


class RememberingEmbedder(HashingEmbedder):
    """Remembers the queries that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.queries: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        self.queries += texts
        return super().embed_queries(texts)


class TestCorrections:
    """Words of documents for words that no document holds."""

    @pytest.mark.parametrize("where", WHERE)
    def test_a_misspelt_query_finds_what_the_right_one_finds(
        self, desk: KnowledgeBase, where: str
    ) -> None:
        """In a snapshot and in what is newer; by its words, which the hit marks."""
        index(desk, [PRINTER, article("fax", "Nobody sends a fax.", EXTERNAL)], where)

        found = desk.searcher(EXTERNAL).search("pritner hmus")

        assert ids(found)[0] == "kb:printer"
        assert reworded(found) == {"pritner": ("printer",), "hmus": ("hums",)}
        assert found.rewordings[0].cause is RewordingCause.SPELLING
        assert found[0].scores.bm25_score > 0
        assert [found[0].title[m.start : m.end] for m in found[0].title_matches] == [
            *("printer", "hums")
        ]

    def test_a_clean_query_is_searched_for_as_it_is(self, desk: KnowledgeBase) -> None:
        """Nothing is said, and nothing changes."""
        index(desk, [PRINTER, SCANNER], "both")

        found = desk.searcher(INTERNAL).search("printer hums, scanners whistle")

        assert found.rewordings == ()

    def test_the_model_reads_the_corrected_query(self, tmp_path: Path) -> None:
        """Its vectors suffer from mistakes as well; what was typed stays the query."""
        embedder = RememberingEmbedder()
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=embedder) as kb:
            kb.upsert([PRINTER])

            found = kb.searcher(EXTERNAL).search("my pritner")

        assert embedder.queries[-1] == "my printer"
        assert found.query == "my pritner"

    def test_customers_get_words_of_their_own_shelf_alone(self, desk: KnowledgeBase) -> None:
        """Staff get those of both."""
        index(desk, [PRINTER, SCANNER], "both")

        theirs = desk.searcher(EXTERNAL).search("pritner scannre")
        ours = desk.searcher(INTERNAL).search("pritner scannre")

        assert reworded(theirs) == {"pritner": ("printer",)}
        assert reworded(ours) == {"pritner": ("printer",), "scannre": ("scanner",)}

    @pytest.mark.parametrize("where", WHERE)
    @pytest.mark.parametrize(
        "dates", [{"valid_from": datetime(2026, 6, 1, tzinfo=UTC)}, {"valid_until": NOON}]
    )
    def test_words_of_articles_that_customers_cannot_read_now_are_not_told(
        self, desk: KnowledgeBase, where: str, dates: dict[str, datetime]
    ) -> None:
        """A product that is announced in June has no name in May; staff know it."""
        launch = article("launch", "Meet the frobnicator.", EXTERNAL, **dates)
        index(desk, [PRINTER, launch], where)

        theirs = desk.searcher(EXTERNAL, clock=lambda: NOON).search("frobnicatr")
        ours = desk.searcher(INTERNAL, clock=lambda: NOON).search("frobnicatr")

        assert reworded(theirs) == {}
        assert reworded(ours) == {"frobnicatr": ("frobnicator",)}

    def test_words_of_a_withdrawn_article_are_not_told(self, desk: KnowledgeBase) -> None:
        """At once, and not only when the snapshot has been made anew."""
        index(desk, [PRINTER], "snapshot")
        searcher = desk.searcher(EXTERNAL)
        before = reworded(searcher.search("pritner"))

        desk.withdraw(["kb:printer"])

        assert before == {"pritner": ("printer",)}
        assert reworded(searcher.search("pritner")) == {}

    def test_similar_tickets_are_found_by_corrected_words(self, desk: KnowledgeBase) -> None:
        """Customers write tickets in a hurry."""
        index(desk, [ticket("1", "printer hums"), ticket("2", "fax is silent")], "both")

        found = desk.searcher(INTERNAL).similar(ticket("9", "pritner hmus"), resolved_only=False)

        assert ids(found)[0] == "desk:1"
        assert reworded(found) == {"pritner": ("printer",), "hmus": ("hums",)}

    def test_can_be_switched_off(self, tmp_path: Path) -> None:
        """A desk of names and codes may be better off without."""
        settings = Settings(words=WordSettings(correct_spelling=False))
        embedder = HashingEmbedder()
        with KnowledgeBase.create(tmp_path / "x.kb", settings=settings, embedder=embedder) as kb:
            kb.upsert([PRINTER])

            assert kb.searcher(EXTERNAL).search("pritner").rewordings == ()

    def test_people_are_told_what_was_searched_for(self, tmp_path: Path) -> None:
        """So that nobody wonders at hits that do not hold their word."""
        settings = Settings(embedder=EmbedderSettings(kind="hashing"))
        with KnowledgeBase.create(tmp_path / "support.kb", settings=settings) as kb:
            kb.upsert([PRINTER])
            write_synonyms(kb, "external", '[synonyms]\nbluebird = "printer"\n')

            shown = run("search", "pritner bluebird", "--desk", kb.path, "--audience", "external")

        assert "searched also for: printer (instead of pritner)" in shown.stdout
        assert "searched also for: printer (for bluebird)" in shown.stdout

    def test_words_are_files_of_the_snapshot_and_verified_as_all_are(
        self, desk: KnowledgeBase
    ) -> None:
        """A damaged vocabulary is never read; the records serve without it."""
        index(desk, [PRINTER], "snapshot")
        (words,) = desk.path.glob(f"external/snapshot-*/{VOCABULARY_PREFIX}words.json")
        flip_a_bit(words)

        findings = desk.check(EXTERNAL).findings

        assert any(f"{VOCABULARY_PREFIX}words.json is damaged" in one.what for one in findings)


class TestSynonyms:
    """What a desk's own files say."""

    def test_a_change_counts_from_the_next_search_on(self, desk: KnowledgeBase) -> None:
        """Without a rebuild, in a searcher that is open already."""
        index(desk, [PRINTER, SCANNER], "both")
        searcher = desk.searcher(EXTERNAL)
        before = ids(searcher.search("bluebird"))

        path = write_synonyms(desk, "external", '[synonyms]\nbluebird = "printer"\n')
        found = searcher.search("bluebirds")
        path.unlink()

        assert before == []
        assert ids(found) == ["kb:printer"]
        assert reworded(found) == {"bluebirds": ("printer",)}
        assert found.rewordings[0].cause is RewordingCause.SYNONYM
        assert ids(searcher.search("bluebird")) == []

    def test_customers_have_their_file_and_staff_have_both(self, desk: KnowledgeBase) -> None:
        """What staff call things is not for customers, not even as a word that works."""
        index(desk, [PRINTER, SCANNER], "both")
        write_synonyms(desk, "external", '[one_way]\nbluebird = "printer"\n')
        write_synonyms(desk, "internal", '[one_way]\nbluebird = "drum"\nmagpie = "scanner"\n')

        theirs = desk.searcher(EXTERNAL).search("bluebird magpie")
        ours = desk.searcher(INTERNAL).search("bluebird magpie")

        assert reworded(theirs) == {"bluebird": ("printer",)}
        assert reworded(ours) == {"bluebird": ("printer", "drum"), "magpie": ("scanner",)}

    def test_what_was_typed_goes_first(self, desk: KnowledgeBase) -> None:
        """A synonym counts a little less, and both together no more than one."""
        documents = [
            article("typed", "the tunnel broke", EXTERNAL),
            article("other", "the vpn broke", EXTERNAL),
            article("both", "the tunnel vpn broke", EXTERNAL),
            *(article(str(n), "the fax is silent", EXTERNAL) for n in range(4)),
        ]
        index(desk, documents, "snapshot")
        write_synonyms(desk, "external", '[synonyms]\nvpn = "tunnel"\n')

        found = desk.searcher(EXTERNAL).search("tunnel", k=3)

        scores = {hit.id: hit.scores.bm25_score for hit in found}
        assert scores["kb:typed"] > scores["kb:other"] > 0
        assert scores["kb:both"] < scores["kb:typed"]  # it is longer, and gains nothing

    def test_abbreviations_are_written_out_for_the_model(self, desk: KnowledgeBase) -> None:
        """By hand, for the hashing embedder: an article shares no word with "AD", then two."""
        account = article("account", "Active directory locks people out", EXTERNAL)
        index(desk, [account, PRINTER], "both")
        searcher = desk.searcher(EXTERNAL)
        before = {one.id: one.scores.cosine for one in searcher.rank("AD")}

        write_synonyms(desk, "external", '[abbreviations]\nAD = "active directory"\n')

        after = {one.id: one.scores.cosine for one in searcher.rank("AD")}
        assert after["kb:account"] > before.get("kb:account", 0.0) + 0.2
        assert searcher.rank("AD")[0].id == "kb:account"

    @pytest.mark.parametrize("audience", [EXTERNAL, INTERNAL])
    def test_a_mistake_in_a_file_is_an_error_of_every_search(
        self, desk: KnowledgeBase, audience: str
    ) -> None:
        """Half of the rules would be a desk that nobody can explain; `check` finds it too."""
        desk.upsert([PRINTER])
        write_synonyms(desk, "external", '[synonyms]\n\nvpn = [""]\n')

        with pytest.raises(ConfigError, match=r"external/synonyms\.toml' cannot be used: line 3"):
            desk.searcher(audience).search("vpn")
        (finding,) = desk.check(EXTERNAL).findings
        assert "line 3" in finding.what
        assert finding.remedy.startswith("Correct it, or remove it")

    def test_a_mistake_of_staff_does_not_trouble_customers(self, desk: KnowledgeBase) -> None:
        """Their searchers do not open the file."""
        desk.upsert([PRINTER])
        write_synonyms(desk, "internal", "nonsense")

        assert ids(desk.searcher(EXTERNAL).search("printer")) == ["kb:printer"]
        with pytest.raises(ConfigError, match=r"internal/synonyms\.toml"):
            desk.searcher(INTERNAL).search("printer")

    def test_a_file_of_the_desk_is_no_stranger(self, desk: KnowledgeBase) -> None:
        """And one on a shelf of a group, where nobody reads it, is."""
        desk.upsert([PRINTER, article("pay", "Salaries.", INTERNAL, groups=("hr",))])
        for shelf in ("external", "internal", "internal.hr"):
            write_synonyms(desk, shelf, '[synonyms]\nvpn = "tunnel"\n')

        assert desk.check(EXTERNAL).findings == ()
        assert [one.shelf for one in desk.check(INTERNAL, groups=["hr"]).findings] == [
            "internal.hr"
        ]

    def test_a_bundle_has_customers_file_alone_and_without_comments(
        self, desk: KnowledgeBase, tmp_path: Path
    ) -> None:
        """It answers as the desk does, and is proven by it."""
        index(desk, [PRINTER, article("note", "The bluebird is old.", INTERNAL)], "both")
        write_synonyms(desk, "external", '# ask Mira\n[synonyms]\n"bluebird" = "printer"\n')
        write_synonyms(desk, "internal", '[synonyms]\nbluebird = "lk-edge-cluster"\n')

        desk.export_shelf("external", tmp_path / "public.kb")

        content = b"".join(bytes_of(tmp_path / "public.kb").values())
        assert b"Mira" not in content
        assert b"lk-edge-cluster" not in content
        assert desk.check_bundle(tmp_path / "public.kb").findings == ()
        with KnowledgeBase.open(tmp_path / "public.kb", embedder=HashingEmbedder()) as bundle:
            assert reworded(bundle.searcher(EXTERNAL).search("bluebird")) == {
                "bluebird": ("printer",)
            }

    def test_a_bundle_with_other_synonyms_than_its_desk_is_told(
        self, desk: KnowledgeBase, tmp_path: Path
    ) -> None:
        """They were changed since."""
        desk.upsert([PRINTER])
        desk.export_shelf("external", tmp_path / "public.kb")
        write_synonyms(desk, "external", '[synonyms]\nbluebird = "printer"\n')

        (finding,) = desk.check_bundle(tmp_path / "public.kb").findings

        assert finding.what == "synonyms.toml is not what this desk's file gives"
