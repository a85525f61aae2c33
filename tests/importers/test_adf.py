"""The Atlassian Document Format: every node as a person reads it, at any depth."""

from __future__ import annotations

import time
from typing import Any

import pytest

from kbsearch.importers.shared.adf import adf_to_text


def doc(*content: object) -> dict[str, Any]:
    """A document of these nodes."""
    return {"type": "doc", "version": 1, "content": list(content)}


def node(kind: str, *content: object, **attributes: object) -> dict[str, Any]:
    """A node with its attributes."""
    return {"type": kind, "attrs": attributes, "content": list(content)}


def text(written: str, *, href: str = "") -> dict[str, Any]:
    """A run of text, maybe a link."""
    marks = [{"type": "strong"}, {"type": "link", "attrs": {"href": href}}] if href else []
    return {"type": "text", "text": written, "marks": marks}


def paragraph(*content: object) -> dict[str, Any]:
    """A paragraph of texts and nodes."""
    return node("paragraph", *(text(c) if isinstance(c, str) else c for c in content))


def test_paragraphs_and_headings_stand_apart() -> None:
    """As in the HTML reader, so that passages are cut alike."""
    document = doc(
        node("heading", text("Tür klemmt"), level=2), paragraph("One."), paragraph("Two.")
    )

    assert adf_to_text(document) == "Tür klemmt\n\nOne.\n\nTwo."


def test_code_keeps_its_layout() -> None:
    """Indentation carries meaning there."""
    document = doc(
        paragraph("Run:"), node("codeBlock", text("if up:\n    stop()"), language="python")
    )

    assert adf_to_text(document) == "Run:\n\nif up:\n    stop()"


def test_lists_are_numbered_and_indented() -> None:
    """A nested list stands beneath its item."""
    inner = node("bulletList", node("listItem", paragraph("the left one")))
    items = (
        node("listItem", paragraph("Open both valves"), inner),
        node("listItem", paragraph("Wait")),
    )

    found = adf_to_text(
        doc(paragraph("Do:"), node("orderedList", *items, order=3), paragraph("Done."))
    )

    assert found == "Do:\n\n3. Open both valves\n  - the left one\n4. Wait\n\nDone."


def test_tasks_show_whether_they_are_done() -> None:
    """What is open and what is done is the point of such a list."""
    tasks = node(
        "taskList",
        node("taskItem", text("Call"), state="DONE"),
        node("taskItem", text("Write"), state="TODO"),
    )

    assert adf_to_text(doc(tasks)) == "- [x] Call\n- [ ] Write"


def test_the_cells_of_a_row_stand_on_one_line() -> None:
    """A row whose cells were on lines of their own could not be read."""
    head = node(
        "tableRow", node("tableHeader", paragraph("Code")), node("tableHeader", paragraph("Part"))
    )
    row = node(
        "tableRow",
        node("tableCell", paragraph("E5")),
        node("tableCell", paragraph("Feeder"), paragraph("left")),
    )

    assert adf_to_text(doc(node("table", head, row))) == "Code | Part\nE5 | Feeder left"


def test_links_keep_their_target_and_scripts_are_none() -> None:
    """A target that the text shows is not repeated."""
    document = doc(
        paragraph(
            text("the guide", href="https://kb.example/1"),
            " ",
            text("https://kb.example/2", href="https://kb.example/2"),
            " ",
            text("run", href="javascript:alert(1)"),
            " ",
            node("inlineCard", url="https://kb.example/3"),
        )
    )

    assert adf_to_text(document) == (
        "the guide (https://kb.example/1) https://kb.example/2 run https://kb.example/3"
    )


def test_what_is_shown_without_text_nodes_is_kept() -> None:
    """Mentions, emoji, states, dates (1 May 2024, 00:00 UTC in ms) and picture descriptions."""
    document = doc(
        paragraph(
            node("mention", id="7", text="@Ana Ruiz"),
            " ",
            node("emoji", shortName=":tada:"),
            " ",
            node("status", text="IN USE"),
            " ",
            node("date", timestamp="1714521600000"),
            node("hardBreak"),
            "line two",
        ),
        node("mediaSingle", node("media", alt="the broken hinge", id="9")),
    )

    assert (
        adf_to_text(document) == "@Ana Ruiz :tada: IN USE 2024-05-01\nline two\n\nthe broken hinge"
    )


def test_an_expandable_part_has_its_title_and_text() -> None:
    """Folded text is text."""
    document = doc(node("expand", paragraph("The hidden step."), title="More"))

    assert adf_to_text(document) == "More\n\nThe hidden step."


def test_unknown_nodes_give_what_is_within_them() -> None:
    """Later versions of the format add nodes."""
    document = doc(
        node("hologram", paragraph("inside")), node("panel", paragraph("note"), panelType="info")
    )

    assert adf_to_text(document) == "inside\n\nnote"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": 5, "content": "text"},
        doc("text", 5, None, [], {"type": "text"}, {"type": "text", "text": 7, "marks": [1, {}]}),
        doc(node("date", timestamp="soon"), node("date", timestamp="9" * 30), node("mention")),
        {"type": ["doc"], "content": [{"type": {"a": 1}}]},
    ],
)
def test_what_is_no_document_gives_no_text(document: dict[str, Any]) -> None:
    """An export may hold anything anywhere."""
    assert adf_to_text(document) == ""


@pytest.mark.parametrize("kind", ["bulletList", "blockquote", "tableRow", "hologram"])
def test_any_depth_and_size_is_read_in_time(kind: str) -> None:
    """A hundred thousand levels overflow a recursion and, indented, square the text."""
    deep: dict[str, Any] = paragraph("core")
    for _ in range(100_000):
        deep = {"type": kind, "content": [deep]}
    start = time.monotonic()

    found = adf_to_text(doc(deep, *(paragraph(" " * 1000) for _ in range(1000))))

    assert found.strip(" -").endswith("core")
    assert time.monotonic() - start < 5
