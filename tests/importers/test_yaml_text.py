"""YAML without its surprises: what somebody wrote is what is read."""

from __future__ import annotations

import pytest

from kbsearch.importers.files.front_matter import split_front_matter
from kbsearch.importers.shared.yaml_text import YamlTextError, read_yaml


def test_every_value_is_as_it_was_written() -> None:
    """PyYAML's own rules make False, 3.1, a date, 190 and 83 of these."""
    plain = "a: no\nb: 3.10\nc: 2024-05-31\nd: 3:10\ne: 0123\n"
    text = plain + "f: 'null'\ng: null\nh: ~\ni:\nj: [1, yes]"

    assert read_yaml(text) == {
        "a": "no",
        "b": "3.10",
        "c": "2024-05-31",
        "d": "3:10",
        "e": "0123",
        "f": "null",
        "g": None,
        "h": None,
        "i": None,
        "j": ["1", "yes"],
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [1, 1]\nb: [*x, *x]", "aliases"),
        ("a: 1\na: 2", "given twice"),
        ("a: {b: 1, b: 2}", "given twice"),
        ("[a]: 1", "not a text"),
        ("[" * 50_000, "deeper than 20 levels"),
        ("- " * 20_000, "deeper than 20 levels"),
        ("a: b: c", "not YAML"),
        ("a: 1\n---\nb: 2", "not YAML"),
        ("a: " + "x" * 70_000, "longer than 65536 characters"),
    ],
)
def test_what_could_mislead_or_do_harm_is_refused(text: str, reason: str) -> None:
    """And the message repeats nothing of it."""
    with pytest.raises(YamlTextError, match=reason):
        read_yaml(text)


@pytest.mark.parametrize(
    "block",
    [
        "a = 1\na = 2",
        "a = " + "[" * 50_000,
        "a." * 200 + "b = 1",
        "a = 1" + "0" * 5_000,
        "A = 1\na = 2",
    ],
    ids="twice deep dotted long-number two-cases".split(),
)
def test_toml_that_could_mislead_or_do_harm_is_refused(block: str) -> None:
    """Nothing of it is used, and the file says why."""
    front = split_front_matter(f"+++\n{block}\n+++\nBody.")

    assert front.keys == {}
    assert front.body == "Body."
    assert front.fault.startswith("its front matter was left out")


def test_toml_is_read_as_yaml_would_be() -> None:
    """One kind of value for both: text, as it was written where TOML tells it."""
    front = split_front_matter(
        "+++\nTitle = 'T'\ndraft = true\nday = 2024-05-31\nn = 3\n+++\nBody."
    )

    assert front.keys == {"title": "T", "draft": "true", "day": "2024-05-31", "n": "3"}
