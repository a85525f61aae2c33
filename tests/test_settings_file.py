"""Writing settings into a file that people keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbsearch import KnowledgeBase
from kbsearch.config import Settings, load_settings
from kbsearch.errors import ConfigError
from kbsearch.layout import DeskLayout
from kbsearch.settings_file import SettingsFile

BY_HAND = """\
# ours, ask Mira before you change it
[ranking]
bm25_weight = 0.25   # measured in May
# recency_half_life_days =

[words]
language = "german"
"""


def write_changes(layout: DeskLayout, section: str, changes: dict[str, float | str]) -> Settings:
    """Keeping the file as it was, as `tune` does."""
    return SettingsFile(layout, "tuning").write(section, changes, keep=True)


@pytest.fixture
def layout(desk: KnowledgeBase) -> DeskLayout:
    layout = DeskLayout(desk.path)
    layout.settings.write_text(BY_HAND)
    return layout


def test_comments_order_and_other_settings_stay(layout: DeskLayout) -> None:
    """The file is somebody's; only what was fitted changes."""
    write_changes(layout, "ranking", {"bm25_weight": 0.31, "recency_half_life_days": 88.5})

    text = layout.settings.read_text()
    assert "bm25_weight = 0.31   # measured in May" in text
    assert "recency_half_life_days = 88.5" in text
    assert text.startswith("# ours, ask Mira before you change it\n[ranking]\n")
    assert load_settings(layout.settings).words.language == "german"


def test_a_section_that_is_missing_is_added(layout: DeskLayout) -> None:
    """Staff's is, on a desk that is older than it."""
    settings = write_changes(layout, "staff_ranking", {"title_weight": 0.4, "bm25_title_weight": 5})

    assert settings == load_settings(layout.settings)
    assert settings.staff_ranking.title_weight == 0.4
    assert settings.staff_ranking.bm25_title_weight == 5
    assert settings.ranking.bm25_weight == 0.25


def test_the_file_as_it_was_is_kept_beside_it(layout: DeskLayout) -> None:
    """Byte by byte, and of the last time."""
    write_changes(layout, "ranking", {"bm25_weight": 0.3})

    assert layout.settings_before_tune.read_text() == BY_HAND
    assert not layout.settings_draft.exists()


def test_values_out_of_range_change_nothing(layout: DeskLayout) -> None:
    """What cannot be read again must not be written."""
    with pytest.raises(ConfigError, match="less than or equal to 1"):
        write_changes(layout, "ranking", {"bm25_weight": 7.0})

    assert layout.settings.read_text() == BY_HAND


def test_a_broken_file_is_named(layout: DeskLayout) -> None:
    """It was broken by hand after the desk was opened."""
    layout.settings.write_text("[ranking\n")

    with pytest.raises(ConfigError, match="Correct the file"):
        write_changes(layout, "ranking", {"bm25_weight": 0.3})


def test_mode_is_the_owners_alone(layout: DeskLayout) -> None:
    """As of every file of a desk."""
    write_changes(layout, "ranking", {"bm25_weight": 0.3})

    modes = [
        Path(one).stat().st_mode & 0o777 for one in (layout.settings, layout.settings_before_tune)
    ]
    assert modes == [0o600, 0o600]


@pytest.mark.parametrize(
    "toml",
    [
        'embedder = {kind = "hashing", dim = 64}\n',
        'embedder.kind = "hashing"\n[words]\nlanguage = "german"\n',
        '"embedder".\'model\' = "old"  # ours\n',
        '[ embedder ] # [words]\nmodel = "old"',
        '[embedder]\nquery_prompt = "a\u2028b"\nmodel = "old"\n',
        '[embedder]\nquery_prompt = """\n[embedder]\nmodel = "x"\n"""\nmodel = "old"\n',
        "",
    ],
)
def test_every_form_of_a_section_can_be_changed(layout: DeskLayout, toml: str) -> None:
    """Inline, dotted or quoted: a model is written into all that a desk can be opened with."""
    layout.settings.write_text(toml, encoding="utf-8")
    before = load_settings(layout.settings)

    after = SettingsFile(layout, "training").write("embedder", {"model": "m-1"}, keep=False)

    own = before.embedder.model_copy(update={"model": "m-1"})
    assert after == before.model_copy(update={"embedder": own}) == load_settings(layout.settings)
    assert not layout.settings_before_tune.exists()


def test_line_ends_stay_as_they_are(layout: DeskLayout) -> None:
    """Half of a file in the ends of another system is a diff in every line."""
    layout.settings.write_bytes(BY_HAND.replace("\n", "\r\n").encode())

    write_changes(layout, "staff_ranking", {"bm25_weight": 0.3})

    content = layout.settings.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > BY_HAND.count("\n")
    assert load_settings(layout.settings).staff_ranking.bm25_weight == 0.3


def test_a_byte_order_mark_is_no_part_of_the_settings(layout: DeskLayout) -> None:
    """Editors of one system write it into every file."""
    layout.settings.write_bytes(b"\xef\xbb\xbf" + BY_HAND.encode())

    write_changes(layout, "ranking", {"bm25_weight": 0.3})

    assert load_settings(layout.settings).ranking.bm25_weight == 0.3


def test_a_link_is_not_replaced_by_a_file(layout: DeskLayout, tmp_path: Path) -> None:
    """Somebody keeps the settings elsewhere, and would go on changing what nobody reads."""
    kept = tmp_path / "kept.toml"
    layout.settings.rename(kept)
    layout.settings.symlink_to(kept)

    for change in (
        lambda: write_changes(layout, "ranking", {"bm25_weight": 0.3}),
        SettingsFile(layout, "tuning").require_changeable,
    ):
        with pytest.raises(ConfigError, match="it is a link"):
            change()
    assert kept.read_text(encoding="utf-8") == BY_HAND
    assert layout.settings.is_symlink()
