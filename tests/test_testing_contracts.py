"""The contracts that users subclass: what is right passes, and each planted fault is rejected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from kbsearch.embed import HashingEmbedder
from kbsearch.models import Person
from kbsearch.redact import NameRedactor, PersonalDataRedactor, SecretRedactor
from kbsearch.testing.contracts import (
    EmbedderContract,
    ImporterContract,
    LexicalIndexContract,
    RedactorContract,
    RerankerContract,
    VectorIndexContract,
)
from tests import wrong_implementations as wrong
from tests import wrong_rerankers

Rejected = tuple[type[Exception], ...]
FAULTS: Rejected = (AssertionError, ValueError, IndexError)


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (wrong.Unnormalised, "rows_have_length_one"),
        (wrong.DependsOnTheBatch, "rows_come_in_the_order_of_the_texts"),
        (wrong.SortsTheTexts, "rows_come_in_the_order_of_the_texts"),
        (wrong.LosesTheWidth, "no_texts_give_no_rows"),
        (wrong.NotANumber, "blank_texts_give_finite_rows"),
        (wrong.ForgetsDropout, "equal_calls_give_equal_bytes"),
        (wrong.SecretPrompt, "queries_and_passages_agree_without_prompts"),
        (wrong.OneBuffer, "threads_share_one_embedder"),
        (wrong.CutsItsTokens, "counts_all_tokens_of_a_text_longer_than_its_limit"),
        (wrong.ReadsLess, "reads_a_text_up_to_its_limit_and_no_further"),
        (wrong.NewEachTime, "its_fingerprint_is_the_same_each_time"),
    ],
)
def test_a_wrong_embedder_is_rejected(kind: type[HashingEmbedder], claim: str) -> None:
    """By the test that says what is wrong with it; the right one passes it."""
    check = getattr(EmbedderContract(), f"test_{claim}")
    is_built_in_the_test = claim.startswith(("equal_calls", "its_fingerprint_is"))

    with pytest.raises(FAULTS, match=r"."):
        check(kind if is_built_in_the_test else kind())
    check(HashingEmbedder if is_built_in_the_test else HashingEmbedder())


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (wrong_rerankers.ScoresTheBatch, "scores_come_in_the_order_of_the_texts"),
        (wrong_rerankers.ScoresSorted, "scores_come_in_the_order_of_the_texts"),
        (wrong_rerankers.TwoScores, "each_text_has_one_finite_score"),
        (wrong_rerankers.NoNumber, "blank_texts_and_queries_have_finite_scores"),
        (wrong_rerankers.NeedsTexts, "no_texts_have_no_scores"),
        (wrong_rerankers.Refuses, "long_texts_and_queries_have_finite_scores"),
        (wrong_rerankers.Moody, "equal_calls_have_equal_scores"),
        (wrong_rerankers.Moody, "threads_share_one_reranker"),
        (wrong_rerankers.NamedByItsAddress, "its_name_is_one_line_and_the_same_each_time"),
    ],
)
def test_a_wrong_reranker_is_rejected(kind: type[wrong_rerankers.SharedWords], claim: str) -> None:
    """By the test that says what is wrong with it; the right one passes it."""
    check = getattr(RerankerContract(), f"test_{claim}")
    is_built_in_the_test = claim.startswith(("equal_calls", "its_name_is"))

    with pytest.raises(FAULTS, match=r"."):
        check(kind if is_built_in_the_test else kind())
    check(wrong_rerankers.SharedWords if is_built_in_the_test else wrong_rerankers.SharedWords())


def test_an_embedder_that_counts_bytes_is_rejected() -> None:
    """Highlights would be shifted by every umlaut before them."""
    check = EmbedderContract().test_token_offsets_cover_every_word_exactly

    with pytest.raises(FAULTS, match=r"."):
        check(wrong.CountsBytes(), "Grüße aus Köln: naïve")
    check(wrong.CountsBytes(), "the printer drops")


class TestBruteForce(VectorIndexContract):
    """The contract does not ask for FAISS: an index of a dozen lines of NumPy passes."""

    index_type = wrong.BruteForce


@pytest.mark.parametrize(
    ("kind", "claim", "arguments"),
    [
        (wrong.GivesPadding, "gives_all_rows_when_k_is_larger_than_the_index", ()),
        (wrong.FiltersAfterwards, "filters_are_exact_at_any_selectivity", (10, 4)),
        (wrong.GivesDistances, "gives_cosines_worked_by_hand", ()),
        (wrong.GivesDistances, "scores_a_vector_against_itself_as_one", (1.0,)),
        (wrong.BreaksTiesByChance, "equal_cosines_come_in_the_order_of_their_rows", (40,)),
        (wrong.MixesTheQueries, "answers_each_query_in_its_place", ()),
        (wrong.LosesARow, "bytes_bring_back_the_same_answers", (50,)),
    ],
)
def test_a_wrong_vector_index_is_rejected(
    kind: type[wrong.BruteForce], claim: str, arguments: tuple[Any, ...]
) -> None:
    """Padding, filters that lose hits, distances, chance among equals, mixed batches."""
    rejects(VectorIndexContract, "index_type", kind, claim, arguments)


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (wrong.CountsOnce, "a_term_given_twice_counts_twice"),
        (wrong.OtherBm25, "scores_one_term_as_worked_by_hand"),
        (wrong.AddsUpAlternatives, "of_a_word_with_alternatives_the_best_one_counts"),
        (wrong.IgnoresLength, "scores_one_term_as_worked_by_hand"),
        (wrong.DropsEmptyDocuments, "empty_documents_keep_their_row"),
    ],
)
def test_a_wrong_lexical_index_is_rejected(kind: type[object], claim: str) -> None:
    """The scale counts: recent documents are scored without the index, on the same one."""
    rejects(LexicalIndexContract, "index_type", kind, claim)


def rejects(
    contract: type[Any], attribute: str, wrong_one: object, claim: str, arguments: Any = ()
) -> None:
    """One test of a contract fails for what is wrong."""
    subclass = type("TestWrong", (contract,), {attribute: wrong_one})

    with pytest.raises(FAULTS, match=r"."):
        getattr(subclass(), f"test_{claim}")(*arguments)


Run = Callable[[type[wrong.NotesImporter], str], None]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs one test of the contract over samples of notes."""
    folder = tmp_path / "samples/notes/full"
    folder.mkdir(parents=True)
    lines = [
        {"id": 1, "title": "Open", "open": True},
        {"id": 2, "title": "Shut", "open": False},
        {"id": 3, "title": ["of", "parts"], "open": True},
        {"id": 4, "title": "Renamed", "open": "yes, please"},
        {"id": 5, "title": "Unmarked"},
    ]
    (folder / "export.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    def run_one(kind: type[wrong.NotesImporter], claim: str) -> None:
        body = {"importer": kind, "samples": tmp_path / "samples", "markers": ("open",)}
        contract = type("TestNotes", (ImporterContract,), body)()
        check = getattr(contract, f"test_{claim}")
        needs_folder = "tmp_path" in check.__annotations__
        check(**({"tmp_path": tmp_path / "copies"} if needs_folder else {}))

    return run_one


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (wrong.OpensWhatItDoesNotKnow, "without_its_markers_nothing_is_open"),
        (wrong.NamesAllAlike, "every_document_id_is_given_once"),
        (wrong.StopsAtTheFirstProblem, "the_samples_hold_a_record_that_is_reported"),
    ],
)
def test_a_wrong_importer_is_rejected(
    run: Run, kind: type[wrong.NotesImporter], claim: str
) -> None:
    """The worst first: what a vendor renames must not open what it closed."""
    run(wrong.NotesImporter, claim)

    with pytest.raises(AssertionError):
        run(kind, claim)


def test_an_importer_that_opens_another_document_than_its_golden_file_is_rejected(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is written once with UPDATE_GOLDEN, read by a person, and then kept."""
    claim = "reads_its_samples_as_the_golden_files_say"
    monkeypatch.setenv("UPDATE_GOLDEN", "1")
    run(wrong.NotesImporter, claim)
    monkeypatch.delenv("UPDATE_GOLDEN")

    run(wrong.NotesImporter, claim)
    with pytest.raises(AssertionError):
        run(wrong.OpensWhatItDoesNotKnow, claim)


class TestBadgeRedactor(RedactorContract):
    """The contract, for one that a helpdesk would write."""

    redactor = wrong.BadgeRedactor()
    replaces: ClassVar = {"Badge B-1234 opens it.": "Badge [badge] opens it."}
    leaves = ("Room 1234 is open.", "Badge B-12 is old.")


class TestSecretRedactor(RedactorContract):
    """The contract, for secrets."""

    redactor = SecretRedactor()
    replaces: ClassVar = {
        "password=sunshine": "password=[secret]",
        "user anna / pw: Foo123!": "user anna / pw: [secret]",
    }
    leaves = ("The password page is slow.", "passphrase 'correct horse battery'.")


class TestPersonalDataRedactor(RedactorContract):
    """The contract, for addresses and numbers of people."""

    redactor = PersonalDataRedactor()
    replaces: ClassVar = {
        "Mail x.y+z@mail.example.com.": "Mail [email].",
        "DE89 3704 0044 0532 0130 00 bitte": "[iban] bitte",
    }
    leaves = ("icon@2x.png", "127.0.0.1")


class TestNameRedactor(RedactorContract):
    """The contract, for people of a ticket."""

    redactor = NameRedactor([Person(name="Mira Okafor", email="mira@brightwater.example")])
    replaces: ClassVar = {"Ask Mira Okafor today.": "Ask [name] today."}
    leaves = ("Ask the mirror today.",)


@pytest.mark.parametrize(
    ("kind", "claim", "arguments"),
    [
        (wrong.FindsOneBadge, "finds_each_of_many", ()),
        (wrong.FindsBytes, "finds_it_wherever_it_stands", ("Größe 帮助 😀\n",)),
        (wrong.TakesTheWordBefore, "replaces_what_must_go_and_nothing_beside_it", ()),
        (wrong.FindsEveryNumber, "leaves_what_only_looks_like_it", ()),
    ],
)
def test_a_wrong_redactor_is_rejected(
    kind: type[wrong.BadgeRedactor], claim: str, arguments: tuple[str, ...]
) -> None:
    """One badge of two, byte offsets, a word too much, a number that is none."""
    rejects(TestBadgeRedactor, "redactor", kind(), claim, arguments)
