"""A desk's own words for one thing: the files that say so, and where a query holds one."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from kbsearch.errors import ConfigError
from kbsearch.lexical.synonyms import Rule, Synonyms
from kbsearch.lexical.synonyms_file import (
    MAX_SYNONYMS_BYTES,
    SynonymFiles,
    parse_synonyms,
    read_synonyms,
    synonyms_to_give_away,
)
from kbsearch.text import Analyzer

ANALYZER = Analyzer()
FILE = """
# What our customers say.
[synonyms]
vpn = ["tunnel", "virtual private network"]

[one_way]
outlook = ["mail client"]

[abbreviations]
AD = "active directory"
"""


def found(rules: list[Rule], text: str) -> dict[str, tuple[str, ...]]:
    """What is found of a text, and the other words for it."""
    return {text[f.start : f.end]: f.others for f in Synonyms(rules, ANALYZER).find(text)}


class TestFinding:
    """Which words of a query have others."""

    @pytest.mark.parametrize("text", ["vpn", "VPN", "the Vpns drop", "my vpn's gone"])
    def test_a_word_in_small_letters_is_found_however_it_is_written(self, text: str) -> None:
        """And in the plural: people write it as they please."""
        assert list(found([Rule("vpn", ("tunnel",))], text).values()) == [("tunnel",)]

    def test_a_word_with_a_capital_is_found_only_as_it_is_written(self) -> None:
        """A tool named Lighthouse is no lighthouse."""
        rules = [Rule("Lighthouse", ("monitoring",))]

        assert found(rules, "the lighthouse is dark, LIGHTHOUSE too") == {}
        assert found(rules, "Lighthouse and two Lighthouses") == {
            "Lighthouse": ("monitoring",),
            "Lighthouses": ("monitoring",),
        }

    def test_a_phrase_is_found_where_its_words_stand_together(self) -> None:
        """A dash may stand between them, a comma or another word not."""
        rules = [Rule("virtual private network", ("vpn",))]

        assert found(rules, "a virtual private-networks fault") == {
            "virtual private-networks": ("vpn",)
        }
        assert found(rules, "virtual, private network; virtual private home network") == {}

    def test_stop_words_of_a_phrase_count(self) -> None:
        """Else "office" alone would be out of it."""
        rules = [Rule("out of office", ("absence",))]

        assert found(rules, "the office is closed") == {}
        assert found(rules, "set an out of office reply") == {"out of office": ("absence",)}

    def test_of_two_that_begin_at_one_word_the_longer_is_found(self) -> None:
        """The network of a "private network" is not asked for a second time."""
        rules = [Rule("private", ("own",)), Rule("private network", ("vpn",))]

        assert found(rules, "private network, private") == {
            "private network": ("vpn",),
            "private": ("own",),
        }

    @pytest.mark.parametrize(
        "text", ["AD-4711", "ad.example.com", "corp/AD", "AD_sync", "the ad", "x@AD.example"]
    )
    def test_an_abbreviation_that_does_not_stand_alone_is_another_name(self, text: str) -> None:
        """A ticket, a host, a path, an account; and the ordinary word."""
        assert found([Rule("AD", ("active directory",), True)], text) == {}

    @pytest.mark.parametrize("text", ["AD", "AD.", "(AD)", "is AD-", "AD, then"])
    def test_an_abbreviation_may_stand_beside_a_mark(self, text: str) -> None:
        """A sentence ends, a bracket closes."""
        rules = [Rule("AD", ("active directory",), True)]

        assert found(rules, text) == {"AD": ("active directory",)}

    def test_rules_for_the_same_words_add_up(self) -> None:
        """Staff have the customers' file and their own."""
        rules = [Rule("vpn", ("tunnel",)), Rule("VPN", ("lk-edge",)), Rule("vpn", ("tunnel",))]

        assert found(rules, "VPN") == {"VPN": ("tunnel", "lk-edge")}

    def test_words_of_either_side_are_known(self) -> None:
        """Neither is ever taken for a mistake."""
        synonyms = Synonyms([Rule("vpn", ("anyconnect client",))], ANALYZER)

        known = [synonyms.knows(word) for word in ("vpn", "anyconnect", "clients", "anyconect")]

        assert known == [True, True, True, False]

    def test_there_may_be_no_rules(self) -> None:
        """As on most desks."""
        synonyms = Synonyms([], ANALYZER)

        assert list(synonyms.find("vpn")) == []
        assert not synonyms.knows("vpn")


class TestFile:
    """What a support lead writes by hand."""

    def test_three_tables_say_who_finds_whom(self) -> None:
        """Both ways, one way, and abbreviations with what they are short for."""
        assert parse_synonyms(FILE.encode(), Path("synonyms.toml")) == [
            Rule("vpn", ("tunnel", "virtual private network")),
            Rule("tunnel", ("vpn", "virtual private network")),
            Rule("virtual private network", ("vpn", "tunnel")),
            Rule("outlook", ("mail client",)),
            Rule("AD", ("active directory",), is_abbreviation=True),
            Rule("active directory", ("AD",)),
        ]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("[synonyms]\nvpn = [\n", r"at end of document"),
            ("[synonyms]\n\nvpn tunnel", r"at line 3"),
            ("[synonyms]\nvpn = 'a'\nvpn = 'b'\nx = 'y'", r"at line 3"),
            ("vpn = ['tunnel']", r"line 1: 'vpn' is no table of it; write one of \[synonyms\]"),
            ("\n[synonym]\nvpn = 'a'", r"line 2: 'synonym' is no table"),
            ("[synonyms]\na = 'b'\n\nvpn = []", r"line 4: 'vpn' has no words behind it"),
            ("[one_way]\n'vpn' = [1]", r"line 2: 'vpn' has something else than text"),
            ("[one_way]\nvpn = 1", r"line 2: 'vpn' has no words behind it"),
            ("[one_way]\nx.y = 'z'", r"'x' has no words behind it"),
            ("[synonyms]\nvpn = ['?!']", r"line 2: '\?!' has 0 words"),
            ("[synonyms]\nvpn = ['a b c d e f g h i']", r"line 2: 'a b .* i' has 9 words"),
            ("[synonyms]\nvpn = ['vpn']", r"line 2: 'vpn' has the same words twice"),
            ("[synonyms]\n[one_way]\nvpn = ''", r"line 3: '' has 0 words"),
            (f"[one_way]\nvpn = {[f'a{n}' for n in range(101)]}", r"line 2: 'vpn' has 101 others"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(self, content: str, reason: str) -> None:
        """Who wrote the file is no programmer, and did not see a log."""
        with pytest.raises(ConfigError, match=reason) as caught:
            parse_synonyms(content.encode(), Path("desk/external/synonyms.toml"))

        assert "'desk/external/synonyms.toml' cannot be used" in str(caught.value)
        assert "Correct the file." in str(caught.value)

    def test_the_mark_that_some_editors_put_before_utf_8_is_no_part_of_it(
        self, tmp_path: Path
    ) -> None:
        """As Windows' Notepad writes it."""
        path = tmp_path / "synonyms.toml"
        path.write_bytes(codecs.BOM_UTF8 + FILE.encode())

        assert read_synonyms(path) == FILE.encode()

    def test_another_encoding_is_told_with_its_line(self) -> None:
        """As an editor of another system writes it."""
        content = "[synonyms]\nbüro = 'office'".encode("latin-1")

        with pytest.raises(ConfigError, match=r"line 2 is not UTF-8"):
            parse_synonyms(content, Path("synonyms.toml"))


def test_what_is_given_away_has_the_same_rules_and_no_comments() -> None:
    """A comment is for colleagues, and a bundle leaves the house."""
    content = FILE + '"tab\\there\\u007f" = "grüße \\"so\\" 😀"\n'

    given = synonyms_to_give_away(content.encode(), Path("synonyms.toml"))

    assert parse_synonyms(given, Path("x")) == parse_synonyms(content.encode(), Path("x"))
    assert b"customers say" not in given
    assert synonyms_to_give_away(b"", Path("x")) == b""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a file is written."""
    return tmp_path / "synonyms.toml"


class TestFiles:
    """The files of a desk as they stand now."""

    def test_a_change_counts_from_the_next_search_on(self, path: Path) -> None:
        """Made, changed within the same second and to the same size, removed."""
        synonyms = SynonymFiles([path], ANALYZER)
        seen = []
        for content in (None, "[one_way]\nvpn = 'aa'", "[one_way]\nvpn = 'bb'", None):
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_text(content)
            seen.append([one.others for one in synonyms.current().find("vpn")])

        assert seen == [[], [("aa",)], [("bb",)], []]

    def test_what_did_not_change_is_not_read_anew(self, path: Path) -> None:
        """Parsing takes longer than a search may."""
        path.write_text(FILE)
        synonyms = SynonymFiles([path], ANALYZER)

        assert synonyms.current() is synonyms.current()

    def test_a_link_is_refused(self, path: Path) -> None:
        """It could lead from the customers' shelf to the staff's words."""
        other = path.with_name("other.toml")
        other.write_text(FILE)
        path.symlink_to(other)

        with pytest.raises(ConfigError, match="no plain file; put the file itself there"):
            SynonymFiles([path], ANALYZER).current()

    def test_a_link_to_nothing_and_a_directory_are_refused(self, path: Path) -> None:
        """Something is wrong there, and nobody knows what the desk's words are."""
        path.symlink_to(path.with_name("nothing"))
        with pytest.raises(ConfigError, match="no plain file"):
            SynonymFiles([path], ANALYZER).current()
        path.unlink()
        path.mkdir()
        with pytest.raises(ConfigError, match="no plain file"):
            SynonymFiles([path], ANALYZER).current()

    def test_a_file_beyond_all_reason_is_refused(self, path: Path) -> None:
        """It is read at every search."""
        path.write_bytes(b"#" * (MAX_SYNONYMS_BYTES + 1))

        with pytest.raises(ConfigError, match=r"1000001 bytes of at most 1000000"):
            SynonymFiles([path], ANALYZER).current()
