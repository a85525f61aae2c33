"""Every example in README and docs is run, and prints what the page says it prints."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import cli_runner

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^```python (\w+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN_HERE = ("make ", "pip install ", "git clone ")


class Block(NamedTuple):
    """A fenced block: its language and content."""

    language: str
    content: str


class Command(NamedTuple):
    """A command line of a console block and the output that the page shows below it."""

    line: str
    shown: str


def blocks_of(text: str) -> list[Block]:
    return [Block(match[1], match[2]) for match in _FENCE.finditer(text)]


def commands_of(console: str) -> list[Command]:
    """Split a console block at its `$ ` lines."""
    parts = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    return [Command(*part.split("\n", 1)) for part in parts]


def is_shown(shown: str, printed: str) -> bool:
    """Whether each shown line was printed, in order; a line of `…` stands for any number."""
    lines = iter(" ".join(line.split()) for line in printed.splitlines())
    wanted = [" ".join(line.split()) for line in shown.splitlines()]
    return all(line in lines for line in wanted if line not in ("", "…"))


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    exit_code: int
    stdout: str
    stderr: str


def run(arguments: list[str], folder: Path) -> Ended:
    """In a process of its own."""
    bin_folder = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "PYTEST_PLUGINS": "kbsearch.testing.plugin",  # if this copy is not installed
    }
    done = subprocess.run(
        arguments,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def run_line(line: str, folder: Path) -> Ended:
    """In this process where a shell has nothing to do: to import torch takes longer than most."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    command, *arguments = words
    if command != "kbsearch" or any(not set(word) - set("();<>|&") for word in arguments):
        return run(["bash", "-c", line], folder)
    done = cli_runner.run(*arguments)
    return Ended(done.exit_code, done.stdout, done.stderr)


def pages_with(language: str) -> list[Path]:
    return [p for p in PAGES if any(b.language == language for b in blocks_of(p.read_text()))]


@pytest.mark.model
@pytest.mark.parametrize("page", pages_with("python"), ids=lambda page: page.name)
def test_python_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    """All python blocks of a page are one program; the text block after one is its output."""
    blocks = blocks_of(page.read_text(encoding="utf-8"))
    program = "\n".join(block.content for block in blocks if block.language == "python")
    expected = "".join(
        block.content
        for before, block in itertools.pairwise(blocks)
        if before.language == "python" and block.language == "text"
    )

    result = run([sys.executable, "-c", program], tmp_path)

    assert result.exit_code == 0, result.stderr
    assert result.stdout == expected


@pytest.mark.model
@pytest.mark.parametrize("page", pages_with("console"), ids=lambda page: page.name)
def test_console_examples_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands of a page run in order in a folder that holds the files it shows; all end with 0."""
    monkeypatch.chdir(tmp_path)
    for name, content in _FILE.findall(page.read_text(encoding="utf-8")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    consoles = [b.content for b in blocks_of(page.read_text()) if b.language == "console"]
    commands = [command for console in consoles for command in commands_of(console)]

    for command in commands:
        # The README's are what a new user types first: each is a process, as it will be.
        is_first = page.name == "README.md"
        shell = ["bash", "-c", command.line]
        result = run(shell, tmp_path) if is_first else run_line(command.line, tmp_path)

        assert result.exit_code == 0, (command.line, result.stderr)
        assert is_shown(command.shown, result.stdout), (command.line, result.stdout)


def test_shell_blocks_hold_only_commands_that_make_and_ci_run() -> None:
    """`sh` blocks are not executed here, so nothing else may hide in them."""
    lines = [
        line
        for page in PAGES
        for block in blocks_of(page.read_text(encoding="utf-8"))
        if block.language in ("sh", "bash", "shell")
        for line in block.content.splitlines()
        if line.strip()
    ]

    assert [line for line in lines if not line.startswith(_NOT_RUN_HERE)] == []


def test_every_relative_link_of_a_page_leads_somewhere() -> None:
    """A dead link in a README costs a new user the first minute."""
    dead = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert dead == []


def test_every_file_that_a_page_shows_is_used_by_a_command_of_it() -> None:
    """A file that no command reads would be an example that nobody has run."""
    unused = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        consoles = "".join(b.content for b in blocks_of(text) if b.language == "console")
        unused += [name for name, _ in _FILE.findall(text) if name not in consoles]

    assert unused == []


def test_make_targets_named_in_the_pages_exist() -> None:
    """`make test` is what CI calls; a renamed target must not leave the pages behind."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"`?make (\w+)", page.read_text(encoding="utf-8"))
        if f"`make {name}" in page.read_text() or f"\nmake {name}" in page.read_text()
    }

    assert named <= targets


def test_the_checks_of_this_file_can_fail() -> None:
    """A control for each helper: what is not there is not found."""
    assert not is_shown("never printed", "something else\n")
    assert not is_shown("b\na", "a\nb\n")
    assert is_shown("a\n…\nc", "a\nb\nc\n")
    assert commands_of("$ one\nout\n$ two\n") == [Command("one", "out\n"), Command("two", "")]
    assert blocks_of("```text\nx\n```") == [Block("text", "x\n")]
