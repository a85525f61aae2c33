"""What finds a document exactly, and what a query asks for by name."""

from __future__ import annotations

import pytest

from kbsearch.text import asked_in, document_keys, named_in
from kbsearch.text.exact import MOST_ASKED


def keys_of(text: str) -> set[str]:
    return {named.key for named in named_in(text)}


def names_in(query: str) -> list[str]:
    return [one.name for one in asked_in(query).asked]


class TestSameness:
    """Which spellings are one thing, and which are not."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("0x80070005", "error 80070005"),
            ("0x80070005", "HRESULT -2147024891"),
            ("error F0251", "F0251"),
            ("v2.3", "version 2.3.0"),
            ("version 2.3.0.0", "v2.3"),
            ("2.3.0-rc1", "v2.3-rc1"),
            ("ticket 4711", "#4711"),
            ("C:\\Acme\\app.ini", "c:/acme/APP.ini"),
            ("HP-LJ-M404dn", "HPLJM404DN"),
            ("ENOENT", "Error: enoent, no such file"),
        ],
    )
    def test_two_spellings_of_one_thing_have_one_key(self, one: str, other: str) -> None:
        """What the user copied and what the agent typed must meet."""
        assert keys_of(one) == keys_of(other)
        assert len(keys_of(one)) == 1

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("0x80070005", "0x80070006"),
            ("error 1603", "version 1603"),
            ("error 1603", "ticket 1603"),
            ("v2.3", "v2.3.1"),
            ("v2.0", "v2"),
            ("2.3.0-rc1", "2.3.0"),
            ("/opt/acme", "/opt/acme/app.conf"),
            ("/opt/Acme/app.conf", "/opt/acme/app.conf"),
            ("srv1.example.com", "example.com"),
            ("ABC-123", "ABC-1234"),
        ],
    )
    def test_what_is_nearly_the_same_is_not(self, one: str, other: str) -> None:
        """The next error code has another cause, and the next release other bugs."""
        assert keys_of(one).isdisjoint(keys_of(other))

    def test_what_stands_within_something_longer_counts_too(self) -> None:
        """Whoever asks for the host wants the share on it, the file the trace through it."""
        text = '\\\\srv01.example.com\\share\n  File "/srv/shop.py", line 3, in pay'

        assert keys_of(text) == {
            "//srv01.example.com/share",
            "srv01.example.com",
            "shop.py:pay",
            "/srv/shop.py",
        }


class TestDocumentKeys:
    """All that a document is found by."""

    def test_all_of_its_texts_count(self) -> None:
        """Title, text, product and tags, as they are handed in."""
        texts = ["Error 1603", "on srv01.example.com", "M404dn", "v7"]

        keys = document_keys(texts, "kb:printer", is_ticket=False)

        assert keys == {"error 1603", "srv01.example.com", "M404DN", "version 7", "id kb:printer"}

    @pytest.mark.parametrize(
        ("document_id", "names"),
        [
            ("jira:INC-42", {"id jira:inc-42", "id inc-42"}),
            ("jira:inc-42", {"id jira:inc-42", "id inc-42"}),
            ("github:owner/shop#12", {"id github:owner/shop#12", "id owner/shop#12"}),
            ("zendesk:4711", {"id zendesk:4711", "id 4711", "id #4711"}),
            ("docs:printer", {"id docs:printer"}),
            ("docs:win10", {"id docs:win10"}),
        ],
    )
    def test_its_id_names_it_unless_it_is_a_word(self, document_id: str, names: set[str]) -> None:
        """`docs:printer` must not come first whenever somebody writes "printer"."""
        assert document_keys([], document_id, is_ticket=True) == names

    def test_an_article_is_not_called_by_a_number_sign(self) -> None:
        """`#4711` is a ticket; an article's number names it as the whole query alone."""
        assert document_keys([], "zendesk:4711", is_ticket=False) == {
            "id zendesk:4711",
            "id 4711",
        }


class TestQuestion:
    """What a query asks for by name."""

    def test_each_identifier_is_asked_for_once(self) -> None:
        """However often and in whatever form it stands there."""
        query = "0x80070005 after 2.3.0, then error -2147024891 again on v2.3"

        assert names_in(query) == ["0x80070005", "version 2.3"]

    def test_the_longest_reading_is_asked_for(self) -> None:
        """The path is meant, not every document of the host within it."""
        assert names_in("open \\\\srv01.example.com\\share\\plan") == [
            "//srv01.example.com/share/plan"
        ]

    def test_a_ticket_key_asks_for_the_ticket_too(self) -> None:
        """`INC-42` is mentioned by others, and is one document's own."""
        (inc, number) = asked_in("as in INC-42 and ticket 4711").asked

        assert (inc.key, inc.own) == ("INC-42", "id inc-42")
        assert (number.key, number.own) == ("ticket 4711", "id #4711")

    @pytest.mark.parametrize(
        ("query", "key", "own"),
        [
            ("inc-42", "INC-42", "id inc-42"),
            ("what of err_timed_out?", "ERR_TIMED_OUT", "id err_timed_out"),
            ("msi_0x643 again", "MSI_0X643", "id msi_0x643"),
            ("see (kb:printer)", "", "id kb:printer"),
            ("owner/shop#12", "", "id owner/shop#12"),
            ("4711", "", "id 4711"),
        ],
    )
    def test_words_that_may_be_names_are_looked_up(self, query: str, key: str, own: str) -> None:
        """Typed in a hurry, or copied with its source; nothing is found by what is none."""
        (asked,) = asked_in(query).asked

        assert (asked.key, asked.own, asked.is_sure) == (key, own, False)

    @pytest.mark.parametrize("query", ["", "vpn drops after sleep", "we ordered 4711 pens", "..."])
    def test_words_and_numbers_are_no_names(self, query: str) -> None:
        """Ordinary queries must cost nothing."""
        assert asked_in(query).asked == ()

    def test_a_short_question_is_about_its_identifier_and_a_long_one_is_not(self) -> None:
        """One identifier for twelve words, and for thirteen."""
        assert asked_in("so " * 11 + "0x80070005").is_about(["0x80070005"])
        assert not asked_in("so " * 12 + "0x80070005").is_about(["0x80070005"])

    def test_what_may_be_a_name_counts_if_something_was_found_by_it(self) -> None:
        """Else a question with a colon would be about it."""
        question = asked_in("printer:jam")

        assert question.is_about(["id printer:jam"])
        assert not question.is_about([])

    def test_a_dump_is_not_asked_for_without_end(self) -> None:
        """A query may have a million characters."""
        query = " ".join(f"0x{number:08x}" for number in range(3000))

        assert len(asked_in(query).asked) == MOST_ASKED
