"""Markdown trees: front matter, folders and fences decide, in doubt to the closed side."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import ClassVar

import pytest

from kbsearch.errors import ConfigError
from kbsearch.importers.base import ImportItem
from kbsearch.importers.building import Imported
from kbsearch.importers.files.markdown import MarkdownImporter
from kbsearch.importers.places import ImportProblem
from kbsearch.models import Article, Audience
from kbsearch.testing.contracts.importer import is_wide_open
from kbsearch.text import to_plain_text
from tests.importers.contract import SAMPLES, ImporterContract


class TestMarkdown(ImporterContract):
    """The contract, over a tree that marks its files and over one that is marked as a whole."""

    importer = MarkdownImporter
    reads_tables = False
    cases: ClassVar = {
        "full": {},
        "tree": {"audience": "external", "internal": "handbook,*/private"},
    }

    def test_without_its_markers_nothing_is_open(self, tmp_path: Path) -> None:
        """Neither a key nor a folder nor an option: nobody said that customers may read it."""
        for case in self.cases:
            copy = tmp_path / case
            shutil.copytree(SAMPLES / "markdown" / case / "export", copy)
            for file in list(copy.rglob("*.md*")):
                lines = file.read_bytes().splitlines(keepends=True)
                kept = [line for line in lines if not line.startswith(b"audience")]
                file.write_bytes(b"".join(kept))
            for folder in list(copy.rglob("external")):
                folder.rename(folder.with_name("shown"))

            after = read(copy)

            assert len(after) >= 1
            assert not [item for item in after if is_wide_open(item)]


def read(tree: Path, **options: str) -> list[ImportItem]:
    return list(MarkdownImporter(options).read(tree))


def write(tree: Path, name: str, text: str) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")


def articles(tree: Path, **options: str) -> list[Article]:
    found = [item.document for item in read(tree, **options) if isinstance(item, Imported)]
    return [document for document in found if isinstance(document, Article)]


def only_article(tree: Path, text: str, **options: str) -> Article:
    write(tree, "page.md", text)
    (found,) = articles(tree, **options)
    return found


class TestMarkersOfAFile:
    """Deny beats allow, and what is not exactly a marker that opens does not open."""

    def test_a_folder_in_another_case_closes(self, tmp_path: Path) -> None:
        """Somebody meant the marker; only its exact name may open."""
        write(tmp_path, "Internal/a.md", "# A")
        write(tmp_path, "EXTERNAL/b.md", "# B")

        found = articles(tmp_path, audience="external")

        assert [article.audience for article in found] == [Audience.INTERNAL] * 2

    @pytest.mark.parametrize(
        "keys",
        [
            "audience: internal\naudience: external",
            "Audience: internal\naudience: external",
            "AUDIENCE: internal",
            "audience:",
            "audience: [external]",
            "audience: &a external\ntitle: *a",
            "audience: external\ntitle: x <!-- audience: internal -->",
            "just a sentence",
        ],
        ids="twice two-cases capitals empty list alias fence prose".split(),
    )
    def test_front_matter_that_is_not_plain_closes_a_tree_for_customers(
        self, tmp_path: Path, keys: str
    ) -> None:
        """The tree is marked external: the file can only be closed by its own keys."""
        found = only_article(tmp_path, f"---\n{keys}\n---\nText.\n", audience="external")

        assert found.audience is Audience.INTERNAL

    def test_front_matter_below_a_blank_line_counts(self, tmp_path: Path) -> None:
        """No site generator reads it, but its author meant it."""
        found = only_article(
            tmp_path, "\n\n---\naudience: internal\n---\nText.\n", audience="external"
        )

        assert found.audience is Audience.INTERNAL

    def test_front_matter_without_an_end_closes_and_stays_in_the_text(self, tmp_path: Path) -> None:
        """Nobody knows where the keys end; staff at least find the text."""
        found = only_article(tmp_path, "---\naudience: external\n# Heading\n", audience="external")

        assert found.audience is Audience.INTERNAL
        assert "audience: external" in found.body

    def test_a_misspelt_folder_of_an_option_is_an_error(self, tmp_path: Path) -> None:
        """`internal=hanbdook` would otherwise leave the handbook to customers."""
        write(tmp_path, "handbook/a.md", "# A")

        with pytest.raises(ConfigError, match="No markdown file lies in a folder like 'hanbdook'"):
            read(tmp_path, audience="external", internal="hanbdook")

    def test_an_unknown_audience_for_the_tree_is_an_error(self) -> None:
        """A setting is never guessed."""
        with pytest.raises(ConfigError, match="audience='External' is neither"):
            MarkdownImporter({"audience": "External"})


FENCES = {
    "plain": "<!-- audience: internal -->SECRET<!-- /audience -->",
    "blanks": "<!--   audience  :  internal   -->SECRET<!--  /  audience  -->",
    "lines": "<!--\naudience: internal\n-->\nSECRET\n<!--\n/audience\n-->",
    "capitals": "<!-- AUDIENCE: Internal -->SECRET<!-- /Audience -->",
    "three dashes": "<!--- audience: internal --->SECRET<!--- /audience --->",
    "unknown": "<!-- audience: partners -->SECRET<!-- /audience -->",
    "empty": "<!-- audience: -->SECRET<!-- /audience -->",
    "misspelt": "<!-- audience internal -->SECRET<!-- /audience -->",
    "mdx": "{/* audience: internal */}SECRET{/* /audience */}",
    "zero width": "<!-- aud\u200bience: internal -->SECRET<!-- /audience -->",
    "in code": "```\n<!-- audience: internal -->\nSECRET\n<!-- /audience -->\n```",
    "in a span": "`<!-- audience: internal -->`SECRET`<!-- /audience -->`",
    "external within": "<!-- audience: internal --><!-- audience: external -->SECRET"
    "<!-- /audience --><!-- /audience -->",
    "internal within external": "<!-- audience: external --><!-- audience: internal -->SECRET"
    "<!-- /audience --><!-- /audience -->",
    "an end that says more": "<!-- audience: internal --><!-- /audience: internal -->SECRET",
    "no end": "<!-- audience: internal -->\nSECRET",
    "comment without an end": "<!-- audience: internal\nSECRET",
    "no beginning": "SECRET<!-- /audience -->",
}


class TestFences:
    """What stands in a fence never reaches customers."""

    @pytest.mark.parametrize("fence", FENCES.values(), ids=FENCES.keys())
    @pytest.mark.parametrize("keys", ["title: Page\n", ""], ids=["title", "heading"])
    def test_no_fenced_word_is_in_an_external_article(
        self, tmp_path: Path, fence: str, keys: str
    ) -> None:
        """And the staff's article has all of them."""
        write(tmp_path, "page.md", f"---\naudience: external\n{keys}---\nOpen.\n\n{fence}\n")

        found = articles(tmp_path)

        open_ones = [a for a in found if a.audience is Audience.EXTERNAL]
        assert not [a for a in open_ones if "SECRET" in a.model_dump_json()]
        assert [a.audience for a in found if "SECRET" in a.body] == [Audience.INTERNAL]

    def test_a_heading_within_a_fence_is_no_title_for_customers(self, tmp_path: Path) -> None:
        """The title is taken from what each of the two may read."""
        text = "<!-- audience: internal -->\n# Margin\n<!-- /audience -->\n# Price\n"
        write(tmp_path, "page.md", f"---\naudience: external\n---\n{text}")

        theirs, ours = articles(tmp_path)

        assert (theirs.title, ours.title) == ("Price", "Margin")
        assert (theirs.twin_id, ours.twin_id) == (None, theirs.id)
        assert ours.id == f"{theirs.id}#internal"

    def test_an_external_fence_opens_nothing(self, tmp_path: Path) -> None:
        """A part is never wider than the file that holds it."""
        found = only_article(tmp_path, "<!-- audience: external -->\nText.\n<!-- /audience -->\n")

        assert found.audience is Audience.INTERNAL
        assert "Text." in found.body

    def test_a_million_fences_take_seconds_at_most(self, tmp_path: Path) -> None:
        """Linear, opened or closed."""
        text = "<!-- audience: internal -->" * 70_000 + "<!--" * 100_000 + "{{<" * 100_000
        write(tmp_path, "page.md", f"# T\n{text}")
        start = time.perf_counter()

        assert len(articles(tmp_path)) == 1

        assert time.perf_counter() - start < 10


class TestTitles:
    """Front matter, else the first heading, else the name of the file."""

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("---\ntitle: 2.10\n---\n# Other", "2.10"),
            ("# One #\n", "One"),
            ("```\n# code\n```\n## Two\n", "Two"),
            ("~~~~\n~~~\n# code\n~~~~\n### Three\n", "Three"),
            ("    # indented\n\nSet\next\n===\n", "Set ext"),
            ("<!--\n# hidden\n-->\nFour\n----\n", "Four"),
            ("- item\n---\n| a |\n---\n> q\n---\n# Five\n", "Five"),
            ("# See [the **guide**](https://a.example) & `x_y` {#id}\n", "See the guide & x_y"),
            ("#hashtag\n#\n# Six\n", "Six"),
            ("No heading.\n", "Page"),
            ("---\ntitle:\n---\n# Seven\n", "Seven"),
            ("# Überblick\u00a0für alle\n", "Überblick für alle"),
        ],
    )
    def test_the_title_is(self, tmp_path: Path, text: str, title: str) -> None:
        """A comment in a shell script is no heading, and a rule below a list is none either."""
        assert only_article(tmp_path, text).title == title


class TestIds:
    """Stable across imports: from front matter, or from the path."""

    def test_files_that_differ_in_their_suffix_alone_have_two_ids(self, tmp_path: Path) -> None:
        """Both are articles."""
        write(tmp_path, "vpn.md", "# A")
        write(tmp_path, "vpn.mdx", "# B")

        assert [a.id for a in articles(tmp_path)] == ["markdown:vpn", "markdown:vpn.mdx"]

    def test_ids_that_differ_in_case_alone_are_told(self, tmp_path: Path) -> None:
        """They are two documents here and one on other file systems."""
        write(tmp_path, "VPN.md", "# A")
        write(tmp_path, "vpn.md", "# B")

        first, second = (item for item in read(tmp_path) if isinstance(item, Imported))

        assert first.warnings == ()
        assert second.warnings == (
            "its id differs from that of VPN.md in upper and lower case alone",
        )

    def test_names_become_safe_and_stay_apart(self, tmp_path: Path) -> None:
        """Blanks, letters of all languages and very long names."""
        write(tmp_path, "Zugänge #1.md", "# A")
        write(tmp_path, f"{'x' * 120}/{'y' * 200}.md", "# B")
        write(tmp_path, f"{'x' * 120}/{'y' * 201}.md", "# C")

        ids = sorted(a.id for a in articles(tmp_path))

        assert ids[0] == "markdown:Zug%C3%A4nge%20%231"
        assert len(set(ids)) == 3
        assert max(map(len, ids)) == len("markdown:") + 200

    def test_an_id_stays_within_its_source(self, tmp_path: Path) -> None:
        """A file must not take the place of another source's ticket; a link may name one."""
        found = only_article(tmp_path, "---\nid: zendesk:7\ntwin: zendesk:7\n---\nText.\n")

        assert found.id == "markdown:zendesk:7"
        assert found.twin_id == "zendesk:7"


def test_code_stays_as_it_is_and_shortcodes_go(tmp_path: Path) -> None:
    """Templates in code are what the article is about."""
    text = (
        "{{< hint >}}Mind {% if a %}this{% endif %}.{{< /hint >}} `{{< kept >}}`\n\n"
        "```yaml\nx: {{% b %}}  # <!-- c -->\n```\n\n    {% indented %}\n"
    )

    found = only_article(tmp_path, f"# T\n{text}")

    assert to_plain_text(found.body, found.format) == (
        "T\n\nMind this. {{< kept >}}\n\nx: {{% b %}}  # <!-- c -->\n\n{% indented %}"
    )


def test_what_is_left_out_leaves_no_blank_line(tmp_path: Path) -> None:
    """It would end a block of HTML, and what follows would be shown as code."""
    found = only_article(tmp_path, "<ul>\n<!-- first -->\n    <li>One</li>\n{% end %}\n</ul>\n")

    assert to_plain_text(found.body, found.format) == "- One"


@pytest.mark.parametrize("part", ["#\n", "# `\n", "`", "``", "<!--\n", "a\n=\n", "{%", "> "])
def test_a_hostile_text_takes_seconds_at_most(tmp_path: Path, part: str) -> None:
    """Half a million characters, each a trap for readers of markdown that look ahead."""
    start = time.perf_counter()

    only_article(tmp_path, part * (500_000 // len(part)) + "\n\n# End")

    assert time.perf_counter() - start < 10


def test_a_file_that_is_too_long_is_reported(tmp_path: Path) -> None:
    """And the next one follows."""
    write(tmp_path, "a.md", "x" * 4_000_001)
    write(tmp_path, "b.md", "# B")

    problem, made = read(tmp_path)

    assert isinstance(problem, ImportProblem)
    assert problem.reason == "it is longer than 4,000,000 characters"
    assert isinstance(made, Imported)


def test_likeness_is_the_share_of_markdown_files() -> None:
    """Known by name: two of four."""
    names = ["a.md", "b/C.MDX", "logo.png", "LICENSE"]

    assert MarkdownImporter.likeness({}, names) == 0.5
    assert MarkdownImporter.likeness({}, []) == 0.0
