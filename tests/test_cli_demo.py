"""The command that shows what kbsearch is for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.cli_runner import run, run_json


def test_the_demo_shows_an_agent_what_it_keeps_from_a_customer(tmp_path: Path) -> None:
    """The three scenes, on a desk without a model."""
    answer = run_json("demo", tmp_path / "d.kb", "--embedder", "hashing")

    agent = {hit["id"]: hit["shelf"] for hit in answer["agent"]["hits"]}
    customer = {hit["id"]: hit["shelf"] for hit in answer["customer"]["hits"]}
    assert answer["agent"]["query"] == answer["customer"]["query"]
    assert agent["kb:refund-override-above-limit"] == "internal"
    assert set(customer.values()) == {"external"}
    assert "kb:pay-refunds" in customer
    similar = {hit["id"]: hit for hit in answer["similar"]["hits"]}
    assert "Update Link to 4.6.0" in similar["desk:1001"]["resolution"]["text"]


def test_the_demo_ends_with_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a directory it makes one, and the commands that it prints work there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    result = run("demo", "--embedder", "hashing")

    (desk,) = tmp_path.glob("*/*.kb")
    assert result.exit_code == 0
    assert f"exportKBSEARCH_DESK={desk}" in "".join(result.stdout.split())
    shown = run("show", "kb:refund-override-above-limit", "-d", desk, "-a", "internal")
    assert shown.exit_code == 0
    assert run("similar", "desk:1058", "-d", desk, "-a", "internal").exit_code == 0


def test_the_demo_does_not_build_where_something_stands(tmp_path: Path) -> None:
    """Somebody may give the directory of their own desk."""
    (tmp_path / "mine.txt").write_text("mine")

    result = run("demo", tmp_path, "--embedder", "hashing")

    assert result.exit_code == 2
    assert "nothing in it was changed" in result.stderr


@pytest.mark.model
@pytest.mark.nightly
def test_with_the_real_model_the_scenes_are_the_ones_that_we_mean(tmp_path: Path) -> None:
    """The words were chosen so that the difference is plain; a change of ranking may spoil them."""
    answer = run_json("demo", tmp_path / "d.kb")

    first = {scene: answer[scene]["hits"][0]["id"] for scene in ("agent", "customer", "similar")}
    assert first == {
        "agent": "kb:refund-override-above-limit",
        "customer": "kb:pay-refunds",
        "similar": "desk:1001",
    }
    assert {hit["id"] for hit in answer["similar"]["hits"]} == {
        "desk:1001",
        "desk:1003",
        "desk:1015",
    }
