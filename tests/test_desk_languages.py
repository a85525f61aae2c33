"""A desk in several languages: each document is read by its own, and a query meets them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbsearch import Audience, Filters, KnowledgeBase
from kbsearch.config import Settings, WordSettings, settings_to_toml
from kbsearch.embed import HashingEmbedder
from kbsearch.search.languages import languages_to_ask
from tests.builders import article

GERMAN = "Die Häuser haben keinen Empfang, weil die Antennen auf den Dächern fehlen."
ENGLISH = "The printers on this floor are not printing, because the cartridges are empty."
AUTO = Settings(words=WordSettings(language="auto"))


@pytest.fixture
def mixed(tmp_path: Path, hashing_embedder: HashingEmbedder) -> Iterator[KnowledgeBase]:
    """A German and an English article for customers, of which neither names its language."""
    path = tmp_path / "mixed.kb"
    with KnowledgeBase.create(path, settings=AUTO, embedder=hashing_embedder) as kb:
        kb.upsert(
            [
                article("de", GERMAN, Audience.EXTERNAL),
                article("en", ENGLISH, Audience.EXTERNAL),
            ]
        )
        yield kb


def words_of(kb: KnowledgeBase, query: str) -> dict[str, float]:
    """BM25 scores above 0 by id."""
    ranked = kb.searcher(Audience.EXTERNAL).rank(query)
    return {one.id: one.scores.bm25_score for one in ranked if one.scores.bm25_score > 0}


@pytest.mark.parametrize("is_folded", [False, True], ids=["recent", "snapshot"])
@pytest.mark.parametrize(
    ("query", "found"),
    [("Haus", "kb:de"), ("Antenne", "kb:de"), ("printer", "kb:en"), ("cartridge", "kb:en")],
)
def test_another_form_of_a_word_is_found_in_its_language(
    mixed: KnowledgeBase, query: str, found: str, is_folded: bool
) -> None:
    """One word is too short to tell its language: it is looked up in those of the shelf."""
    if is_folded:
        mixed.rebuild()

    assert list(words_of(mixed, query)) == [found]


def test_by_one_stemmer_the_other_language_is_not_found(
    tmp_path: Path, hashing_embedder: HashingEmbedder
) -> None:
    """The control: English leaves Häuser and Haus apart."""
    with KnowledgeBase.create(tmp_path / "one.kb", embedder=hashing_embedder) as kb:
        kb.upsert([article("de", GERMAN, Audience.EXTERNAL)])

        assert words_of(kb, "Haus") == {}


def test_a_hit_tells_its_language_and_marks_words_by_it(mixed: KnowledgeBase) -> None:
    """`Häuser` is marked for `Haus`, as German inflects."""
    (hit,) = mixed.searcher(Audience.EXTERNAL).search("Haus", filters=Filters(language=("de",)))

    passage = hit.passage
    assert (hit.id, hit.language) == ("kb:de", "de")
    assert [passage.text[m.start : m.end] for m in passage.matches] == ["Häuser"]


@pytest.mark.parametrize("is_folded", [False, True], ids=["recent", "snapshot"])
def test_filters_find_the_detected_language(mixed: KnowledgeBase, is_folded: bool) -> None:
    """As if the document named it."""
    if is_folded:
        mixed.rebuild()
    searcher = mixed.searcher(Audience.EXTERNAL)

    hits = searcher.search("printers", filters=Filters(language=("en",)))

    assert [hit.id for hit in hits] == ["kb:en"]
    assert not searcher.search("printers", filters=Filters(language=("fr",))).hits


def test_what_a_document_says_of_itself_wins(mixed: KnowledgeBase) -> None:
    """It was filed by somebody who knows; Dutch here, though it reads as English."""
    mixed.upsert([article("en", ENGLISH, Audience.EXTERNAL, language="nl-BE")])

    hits = mixed.searcher(Audience.EXTERNAL).search("printers")

    assert {hit.id: hit.language for hit in hits}["kb:en"] == "nl-BE"


def test_a_rebuild_with_another_setting_makes_languages_anew(
    mixed: KnowledgeBase, hashing_embedder: HashingEmbedder
) -> None:
    """Without `auto` nothing is detected, and back again it is."""
    for words, language in ((WordSettings(), None), (WordSettings(language="auto"), "de")):
        mixed.close()
        toml = settings_to_toml(Settings(words=words))
        (mixed.path / "kbsearch.toml").write_text(toml, encoding="utf-8")
        with KnowledgeBase.open(mixed.path, embedder=hashing_embedder) as kb:
            report = kb.rebuild()
            hits = kb.searcher(Audience.EXTERNAL).search("Häuser")

            assert {hit.id: hit.language for hit in hits}["kb:de"] == language
            assert sum(shelf.n_embedded for shelf in report) == 0


def test_a_bundle_keeps_the_languages(
    mixed: KnowledgeBase, tmp_path: Path, hashing_embedder: HashingEmbedder
) -> None:
    """They are copied with what else is derived."""
    mixed.export_shelf(Audience.EXTERNAL, tmp_path / "bundle")

    with KnowledgeBase.open(tmp_path / "bundle", embedder=hashing_embedder) as bundle:
        assert words_of(bundle, "Haus") == words_of(mixed, "Haus")
        (hit,) = bundle.searcher(Audience.EXTERNAL).search("Haus", k=1)
        assert hit.language == "de"


def test_customers_queries_do_not_tell_what_staff_write_in(mixed: KnowledgeBase) -> None:
    """Languages are counted per shelf: French for staff alone changes nothing for customers."""
    query = "les maisons Haus printers"
    before = mixed.searcher(Audience.EXTERNAL).search(query)

    mixed.upsert(
        [article("fr", "Les maisons n'ont plus de réseau depuis hier.", Audience.INTERNAL)]
    )

    assert mixed.searcher(Audience.EXTERNAL).search(query) == before


def test_rare_languages_are_looked_up_only_if_the_query_is_in_them() -> None:
    """By hand: of 1,000 documents, 9 are fewer than one in a hundred, 10 are not."""
    shelf = {"de": 500, "en": 400, None: 81, "it": 10, "pt-BR": 9}

    assert languages_to_ask(shelf) == ["de", "en", None, "it"]
    assert languages_to_ask(shelf, "pt") == ["de", "en", None, "it", "pt-BR"]
    assert languages_to_ask(shelf, "sv") == ["de", "en", None, "it"]
    assert languages_to_ask({}) == []


def test_forgetting_leaves_no_stem_of_a_language(mixed: KnowledgeBase) -> None:
    """Stems of German stand in the index, and are looked for in every byte after it."""
    mixed.rebuild()
    assert b'"antenn"' in all_bytes(mixed.path)

    receipt = mixed.forget(ids=["kb:de"])

    assert receipt.document_ids == ("kb:de",)
    assert words_of(mixed, "Haus") == {}
    assert b"antenn" not in all_bytes(mixed.path).lower()


def all_bytes(path: Path) -> bytes:
    """Of every file of a desk."""
    return b"".join(file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file())
