"""Words for lexical search: which count as one, which do not count, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch.errors import ConfigError
from kbsearch.text import Analyzer

ENGLISH = Analyzer()


@pytest.mark.parametrize(
    "word", ["connect", "connected", "connecting", "connection", "connections", "CONNECTION'S"]
)
def test_inflections_of_a_word_are_one_term(word: str) -> None:
    """The example of Porter's paper (Program 14, 1980), and a possessive."""
    assert ENGLISH.terms(word) == ["connect"]


@pytest.mark.parametrize("apostrophe", ["'", "\u2019"])
def test_both_apostrophes_are_read_alike(apostrophe: str) -> None:
    """Phones and word processors write the curved one."""
    text = "The customer's printer won't print; it's O'Brien's".replace("'", apostrophe)

    assert ENGLISH.terms(text) == ["custom", "printer", "print", "o'brien"]


@pytest.mark.parametrize("text", ["the and of is", "don't", "It's", "", " \n", "-- !? …", "😀"])
def test_stop_words_and_signs_are_no_terms(text: str) -> None:
    """They stand in every document and tell none from another."""
    assert ENGLISH.terms(text) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Error 0x80070005", ["error", "0x80070005"]),
        ("v2.10 e-mail", ["v2", "10", "v2.10", "e", "mail", "email"]),
        ("STRASSE straße", ["strass", "strass"]),
        ("naïve Ünï", ["naiv", "uni"]),
        ("ＶＰＮ ﬁle", ["vpn", "file"]),  # noqa: RUF001 - as Japanese keyboards write it
        ("print print", ["print", "print"]),
        ("日本 語", ["日本", "語"]),
    ],
)
def test_terms_come_in_order_with_repetitions_case_folded(text: str, terms: list[str]) -> None:
    """Repetitions are what BM25 counts; codes and versions stay searchable."""
    assert ENGLISH.terms(text) == terms


def test_offsets_point_at_the_words_as_they_were_written() -> None:
    """Also where folding changes their length: `ß` becomes two letters, `İ` two characters."""
    text = "The Straße\u2019s İcons are printing."

    found = [(term, text[start:end]) for term, start, end in ENGLISH.terms_with_offsets(text)]

    assert [written for _, written in found] == ["Straße\u2019s", "İcons", "printing"]
    assert (found[0][0], found[2][0]) == ("strass", "print")


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("german", "Die Häuser und das Haus", ["haus", "haus"]),
        ("french", "les maisons de la maison", ["maison", "maison"]),
        ("none", "The houses are printing", ["the", "houses", "are", "printing"]),
        ("none", "The customer's", ["the", "customer"]),
    ],
)
def test_each_language_has_its_stems_and_stop_words(
    language: str, text: str, terms: list[str]
) -> None:
    """`none` keeps every word as it is."""
    assert Analyzer(language).terms(text) == terms


@pytest.mark.parametrize("language", ["klingon", "English", "", "en", "eng", "none "])
def test_an_unknown_language_is_an_error_at_once(language: str) -> None:
    """Not at the first search; Snowball's own short names would come without stop words."""
    with pytest.raises(
        ConfigError, match=r"not known to Snowball. Use 'auto', 'none' or one of: .*english"
    ):
        Analyzer(language)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("getUserName", ["getusernam", "get", "user", "name"]),
        ("get_user_name", ["get_user_nam", "get", "user", "name"]),
        ("loadXMLFile", ["loadxmlfil", "load", "xml", "file"]),
        ("wi-fi wifi", ["wi", "fi", "wifi", "wifi"]),
        ("Office365", ["office365", "offic", "365"]),
        ("500mb", ["500mb", "500", "mb"]),
        ("log4j.properties", ["log4j", "properti", "log4j.properties"]),
        ("C:\\Temp\\x.log", ["c", "temp", "x", "log", "temp/x.log"]),
        ("/etc/hosts", ["etc", "host", "etc/hosts"]),
        ("iPhone eBay VPNs", ["iphon", "ebay", "vpns"]),
        ("0x80070005 a1b2c3d4", ["0x80070005", "a1b2c3d4"]),
        ("GitHub", ["github"]),
        ("wi-fi wi-fi", ["wi", "fi", "wifi", "wi", "fi"]),
    ],
)
def test_words_made_of_words_are_found_whole_and_in_parts(text: str, terms: list[str]) -> None:
    """
    What a compound adds counts once in a text, so that code does not rank above prose.

    Codes and names of one letter and a word stay whole, as do names with a capital:
    documents are full of products, whose parts are other words.
    """
    assert ENGLISH.terms(text) == terms


def test_a_query_takes_names_apart_too() -> None:
    """What they mean is told in words elsewhere: by hand, four words more or less."""
    assert ENGLISH.query_terms("NullPointerException in wi-fi") == [
        *("nullpointerexcept", "null", "pointer", "except"),
        *("wi", "fi", "wifi"),
    ]
    assert ENGLISH.terms("NullPointerException") == ["nullpointerexcept"]


def test_a_part_stands_where_its_characters_do() -> None:
    """Highlights mark it, and nothing beside it."""
    text = "Call getUserName via wi-fi"

    found = [(term, text[start:end]) for term, start, end in ENGLISH.terms_with_offsets(text)]

    assert found == [
        ("call", "Call"),
        ("getusernam", "getUserName"),
        ("get", "get"),
        ("user", "User"),
        ("name", "Name"),
        ("via", "via"),
        ("wifi", "wi-fi"),
        ("wi", "wi"),
        ("fi", "fi"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("english", "The printers were printing", ["printer", "print"]),
        ("german", "Die Häuser sind größer", ["haus", "gross"]),
        ("french", "Les imprimantes réinitialisées", ["imprim", "reinitialis"]),
        ("spanish", "las contraseñas y la contraseña", ["contrasen", "contrasen"]),
        ("dutch_porter", "de wachtwoorden en het wachtwoord", ["wachtwoord", "wachtwoord"]),
        ("russian", "принтеры и принтера", ["принтер", "принтер"]),
        ("polish", "nie mogę się zalogować", ["mog", "zalogow"]),
        ("swedish", "får far", ["får", "far"]),
        ("hindi", "हिन्दी में प्रिंटर", ["हिन्द", "प्रिंटर"]),
    ],
)
def test_each_language_is_stemmed_without_its_stop_words_and_accents(
    language: str, text: str, terms: list[str]
) -> None:
    """An accent is left out when typing in a hurry; in Swedish it makes another letter."""
    assert Analyzer(language).terms(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("打印机无法打印", ["打印", "印机", "机无", "无法", "法打", "打印"]),
        ("パスワード", ["パス", "スワ", "ワー", "ード"]),
        ("ﾊﾟｽ", ["パス"]),
        ("프린터가 안 됩니다", ["프린", "린터", "터가", "안", "됩니", "니다"]),
        ("休眠后VPN断开", ["休眠", "眠后", "vpn", "断开"]),
        ("พิมพ์", ["พิม", "มพ์"]),
        ("語", ["語"]),
    ],
)
def test_scripts_without_blanks_are_read_by_pairs_of_characters(
    text: str, terms: list[str]
) -> None:
    """Chinese, Japanese in both widths, Korean, a mixture, Thai with its marks; one alone."""
    assert ENGLISH.terms(text) == terms


class TestManyLanguages:
    """Each document is read by its own language; a query meets them all."""

    def test_a_language_has_its_own_reader(self) -> None:
        """A region does not count; without a stemmer words stay as they are."""
        desk = Analyzer("auto")

        assert desk.in_language("de").terms("Häuser") == ["haus"]
        assert desk.in_language("pt-BR").terms("impressoras") == ["impressor"]
        assert desk.in_language("sk").terms("printers") == ["printers"]
        assert desk.in_language("ja").terms("printers") == ["printer"]
        assert desk.in_language("nl").terms("de wachtwoorden") == ["wachtwoord"]

    def test_an_unknown_language_is_read_as_the_main_one(self) -> None:
        """English, unless the desk names others."""
        assert Analyzer("auto").in_language(None).terms("printers") == ["printer"]
        assert Analyzer("auto", ["de", "en"]).terms("Häuser") == ["haus"]

    def test_with_one_language_every_text_is_read_by_it(self) -> None:
        """The setting names it; what documents say of themselves is for filters alone."""
        assert Analyzer("german").in_language("en").terms("Häuser") == ["haus"]

    def test_a_query_is_looked_up_as_each_language_indexes_it(self) -> None:
        """By hand: Häuser is haus in German, hauser in English; each word's forms once."""
        found = Analyzer("auto").query_terms("Häuser VPN", ["de", "en"], spoken="de")

        assert found == ["haus", "hauser", "vpn"]

    def test_stop_words_of_its_own_language_are_looked_up_in_none(self) -> None:
        """`die` is a German article and an English verb; unless the language is known."""
        desk = Analyzer("auto")

        assert desk.query_terms("die Maus", ["de", "en"], spoken="de") == ["maus"]
        assert desk.query_terms("die Maus", ["de", "en"]) == ["die", "maus"]

    def test_settings_that_give_other_terms_give_another_fingerprint(self) -> None:
        """So that an index is not searched with terms of another."""
        made = [Analyzer(), Analyzer("auto"), Analyzer("auto", ["de"]), Analyzer("auto", ["en"])]

        assert len({each.fingerprint for each in made}) == 4


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    st.text(
        st.sampled_from("abS' \u2019.-_/\\ßİéΣ中日ｶﾞก\u0e31한😀\n\t_5\u0301")
        | st.characters(codec="utf-8"),
        max_size=60,
    )
)
def test_spans_are_within_the_text_ascending_and_cover_every_term(text: str) -> None:
    """What is highlighted is what was matched, whatever the text holds."""
    found = list(ENGLISH.terms_with_offsets(text))

    assert all(0 <= start < end <= len(text) for _, start, end in found)
    starts = [start for _, start, _ in found]
    assert starts == sorted(starts)
    assert {term for term, _, _ in found} == set(ENGLISH.terms(text))


def test_a_megabyte_without_a_blank_is_read_in_time_linear_in_it() -> None:
    """Base64 in a mail costs no more than its length; by hand, the terms of each."""
    assert ENGLISH.terms("x" * 1_000_000) == ["x" * 1_000_000]
    assert len(ENGLISH.terms("x'" * 500_000)) == 250_000
    assert len(ENGLISH.terms("b." * 500_000)) == 500_000
    assert len(ENGLISH.terms("bC" * 500_000)) == 1
    assert len(ENGLISH.terms("b_" * 500_000)) == 1
    assert len(ENGLISH.terms("日" * 1_000_000)) == 999_999
    assert ENGLISH.terms("./-" * 300_000) == []
