"""Mistakes in a query: which words are taken for one, and what is searched for instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kbsearch.arrays import Float32
from kbsearch.lexical import Alternative, AnyOf, Bm25Index, QueryTerm, Vocabulary, written_words
from kbsearch.lexical.synonyms import Rule, Synonyms
from kbsearch.models import RewordingCause
from kbsearch.search.known_words import KnownWords, SeenWords
from kbsearch.search.spelling import find_mistakes
from kbsearch.search.wording import CORRECTION_WEIGHT, SYNONYM_WEIGHT, Worded, word_query
from kbsearch.text import Analyzer

ANALYZER = Analyzer()
READERS = {"external": ANALYZER.terms}
DOCUMENTS = [
    "The printer driver was installed, printers everywhere",
    "Install the printer; with the certificates",
    "A pinter is no word that anybody knows",
    "The connection drops",
]


def known(
    documents: Sequence[str],
    among: Sequence[int] | None = None,
    *,
    extra: Sequence[list[str]] = (),
) -> KnownWords:
    """The words of some of these documents, of all if none is named; and terms of further ones."""
    n = len(documents) + len(extra)
    mask = np.zeros(n, dtype=np.bool_)
    mask[list(range(n) if among is None else among)] = True
    written = [{one.word for one in written_words(text)} for text in documents]
    vocabulary = Vocabulary([*written, *(set[str]() for _ in extra)])
    terms = [*(ANALYZER.terms(text) for text in documents), *extra]
    index = Bm25Index(terms, k1=1.5, b=0.75)

    def scores(terms: Sequence[str]) -> Float32:
        return index.scores(list(terms))

    return KnownWords([SeenWords(vocabulary, mask, scores)])


def mistakes(query: str, words: KnownWords, *names: str) -> dict[str, tuple[str, ...]]:
    """What is taken for a mistake, and what it may stand for."""
    found = find_mistakes(query, ANALYZER.terms, words, is_name=lambda word: word in names)
    return {query[one.start : one.end]: one.candidates for one in found}


class TestMistakes:
    """What is one, and what it may stand for."""

    def test_are_words_that_nobody_writes_and_nearly_words_that_some_do(self) -> None:
        """Both neighbours at one edit, the one of more documents first."""
        assert mistakes("the pritner hums", known(DOCUMENTS)) == {"pritner": ("printer",)}
        assert mistakes("prinnter", known(DOCUMENTS)) == {"prinnter": ("printer",)}

    def test_of_two_equally_near_that_of_more_documents_goes_first(self) -> None:
        """By hand: "printer" in two documents, "painter" and "pinter" in one; two are offered."""
        assert mistakes("piinter", known([*DOCUMENTS, "a painter"])) == {
            "piinter": ("printer", "painter"),
        }
        assert mistakes("printeer", known(["printer", "printed prince"])) == {
            "printeer": ("printer",)
        }

    def test_few_slip_at_the_first_letter(self) -> None:
        """By hand: three documents with "hound" weigh 0.9, two with "sound" that begins alike 2."""
        words = known(["hound", "hound", "hound", "sound", "sound"])

        assert mistakes("sounds souund", words) == {"souund": ("sound",)}
        assert mistakes("sbound", known(["abound", *["bound"] * 3, "sound"])) == {
            "sbound": ("sound", "bound")
        }

    @pytest.mark.parametrize(
        ("query", "expected"),
        [("conection", "connection"), ("conectoin", "connection"), ("certficatse", "certificates")],
    )
    def test_words_from_eight_letters_on_may_hold_two(self, query: str, expected: str) -> None:
        """A short word is too near to everything."""
        assert mistakes(query, known(DOCUMENTS)) == {query: (expected,)}
        assert mistakes("dorsp", known(DOCUMENTS)) == {}

    @pytest.mark.parametrize(
        "query",
        [
            "printing",  # its stem is known
            "a pinter",  # one document is enough
            "whom",  # a stop word
            "prnt",  # two edits from anything
            "pritner7 PRITNER-7 pritner.example.com /var/pritner",
            'the "pritner" and „pritner“ and `pritner`',
            "priTner PRITNER here",
            "принтер 印刷机卡纸了",
        ],
    )
    def test_nothing_else_is_touched(self, query: str) -> None:
        """Known words, identifiers, quotations, acronyms, other scripts."""
        assert mistakes(query, known(DOCUMENTS)) == {}

    def test_whoever_shouts_is_corrected_too(self) -> None:
        """Capitals mean nothing where all are."""
        assert mistakes("PRITNER JAM", known(DOCUMENTS)) == {"PRITNER": ("printer",)}

    def test_names_are_no_mistakes(self) -> None:
        """A desk's own words stand in its synonyms, perhaps in no document yet."""
        assert mistakes("prinster", known(DOCUMENTS), "prinster") == {}

    def test_words_of_hidden_documents_are_neither_known_nor_offered(self) -> None:
        """A product that is announced tomorrow must not be told by a correction today."""
        seen, hidden = "The printer hums", "The printar arrives"

        assert mistakes("printr", known([seen, hidden], [0])) == {"printr": ("printer",)}
        assert mistakes("printar", known([seen, hidden], [0])) == {"printar": ("printer",)}
        assert mistakes("printar", known([seen, hidden])) == {}

    def test_an_unclosed_quotation_is_none(self) -> None:
        """Inches are written so."""
        assert mistakes('a 17" screen, the pritner', known(DOCUMENTS)) == {"pritner": ("printer",)}

    def test_a_capital_that_slipped_to_the_second_letter_is_a_mistake(self) -> None:
        """And one within a word is a product's name."""
        assert mistakes("pRintter", known(DOCUMENTS)) == {"pRintter": ("printer",)}
        assert mistakes("priNter prinTter", known(DOCUMENTS)) == {}

    @pytest.mark.parametrize("documents", [[], [""]])
    def test_a_shelf_without_words_offers_none(self, documents: list[str]) -> None:
        """An empty desk."""
        assert mistakes("pritner", known(documents)) == {}

    def test_a_page_of_another_language_is_not_looked_up_whole(self) -> None:
        """Forty different words are; the forty-first is left as it is."""
        letters = "abcdefghij"
        rubbish = " ".join(f"qqq{a}x{b}qqq" for a in letters[:4] for b in letters)

        assert mistakes(f"{rubbish[9:]} pritner", known(DOCUMENTS)) != {}
        assert mistakes(f"{rubbish} pritner", known(DOCUMENTS)) == {}


class TestKnownWords:
    """Words of several shelves together."""

    def test_documents_of_all_shelves_are_counted(self) -> None:
        """Staff read both; a word that stands on one of them is no mistake on the other."""
        (first,), (second,) = (known(texts)._parts for texts in (["printer"], ["printer", "jam"]))
        words = KnownWords([first, second])

        assert [(one.word, one.n_documents) for one in words.near("printr", 1)] == [("printer", 2)]
        assert words.has("jam", ["jam"])


def worded(query: str, *rules: Rule) -> Worded:
    """A query, as it is searched for among the documents above."""
    synonyms = Synonyms(rules, ANALYZER)
    return word_query(query, READERS, synonyms=synonyms, words=known(DOCUMENTS))


def terms_of(found: Worded) -> list[QueryTerm]:
    """Those for the one shelf."""
    return found.terms["external"]


class TestWording:
    """What is asked of the indexes and of the model."""

    def test_a_query_without_mistakes_is_left_as_it_is(self) -> None:
        """To the last character, and the same terms in the same order."""
        found = worded("The printer  drops?", Rule("fax", ("telefax",)))

        assert found == Worded({"external": ["printer", "drop"]}, "The printer  drops?", ())

    def test_a_correction_counts_beside_what_was_typed(self) -> None:
        """By a share, and in place of it in what is embedded."""
        found = worded("My Pritner: pritner drops")

        typed = AnyOf(("pritner",), (Alternative(("printer",), CORRECTION_WEIGHT),))
        assert terms_of(found) == [typed, typed, "drop"]
        assert found.embedded == "My printer: printer drops"
        assert [(one.typed, one.used, one.cause) for one in found.rewordings] == [
            ("Pritner", ("printer",), RewordingCause.SPELLING),
            ("pritner", ("printer",), RewordingCause.SPELLING),
        ]

    def test_a_stop_word_is_corrected_for_the_model_alone(self) -> None:
        """Lexical indexes do not hold it."""
        found = worded("wiith the printer")

        assert terms_of(found) == [AnyOf(("wiith",), ()), "printer"]
        assert found.embedded == "with the printer"

    def test_a_synonym_counts_as_much_as_what_it_stands_for(self) -> None:
        """By hand: three words for one weigh a third each, one for two weighs double."""
        found = worded(
            "vpn drops on the mail client",
            Rule("vpn", ("virtual private network",)),
            Rule("mail client", ("outlook",)),
        )

        network = Alternative(("virtual", "privat", "network"), SYNONYM_WEIGHT / 3, needs_all=True)
        outlook = Alternative(("outlook",), SYNONYM_WEIGHT * 2, needs_all=True)
        assert terms_of(found) == [
            AnyOf(("vpn",), (network,)),
            "drop",
            AnyOf(("mail", "client"), (outlook,)),
        ]
        assert found.embedded == "vpn drops on the mail client"

    def test_an_abbreviation_is_written_out_for_the_model(self) -> None:
        """Once, however often it was typed."""
        found = worded("AD drops, AD hums", Rule("AD", ("active directory",), True))

        assert found.embedded == "AD drops, AD hums active directory"
        assert [(one.typed, one.used, one.cause) for one in found.rewordings] == [
            ("AD", ("active directory",), RewordingCause.SYNONYM)
        ]

    def test_a_word_of_the_synonyms_is_not_corrected(self) -> None:
        """Though no document holds it and "printer" is near."""
        found = worded("prinster", Rule("prinster", ("press",)))

        assert [one.used for one in found.rewordings] == [("press",)]

    def test_without_words_nothing_is_corrected(self) -> None:
        """Spelling may be switched off; synonyms are not."""
        synonyms = Synonyms([Rule("vpn", ("tunnel",))], ANALYZER)

        found = word_query("vpn pritner", READERS, synonyms=synonyms, words=None)

        assert [one.used for one in found.rewordings] == [("tunnel",)]
        assert found.embedded == "vpn pritner"

    def test_each_shelf_reads_the_same_words_its_own_way(self) -> None:
        """By hand: one shelf stems, the other one takes words as they are."""
        readers = {"external": ANALYZER.terms, "internal": lambda text: text.lower().split()}
        synonyms = Synonyms([Rule("vpn", ("tunnels",))], ANALYZER)

        found = word_query("vpn drops", readers, synonyms=synonyms, words=None)

        tunnel, tunnels = (
            Alternative((term,), SYNONYM_WEIGHT, needs_all=True) for term in ("tunnel", "tunnels")
        )
        assert found.terms == {
            "external": [AnyOf(("vpn",), (tunnel,)), "drop"],
            "internal": [AnyOf(("vpn",), (tunnels,)), "drops"],
        }
