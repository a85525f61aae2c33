"""How the command starts, what its help promises, and what its exit codes mean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kbsearch import Audience, __version__, errors
from kbsearch.cli.app import app
from kbsearch.cli.exits import MEANINGS, InterruptedWorkError, exit_code
from kbsearch.errors import KbSearchError
from tests.builders import article
from tests.cli_runner import make_desk, run

COMMANDS = sorted(
    str(one.name or getattr(one.callback, "__name__", "").replace("_", "-"))
    for one in app.registered_commands
)


def test_help_lists_every_command_and_every_exit_code() -> None:
    """Whoever writes a script around it reads this page."""
    result = run("--help")

    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"│ {command} " in result.stdout
    for code, meaning in MEANINGS.items():
        assert f"{code.value}  {meaning}" in result.stdout
    assert "--install-completion" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example_of_it(command: str) -> None:
    """Help teaches by showing."""
    result = run(command, "--help")

    assert result.exit_code == 0
    assert "Example:" in result.stdout
    assert f"kbsearch {command}" in result.stdout


@pytest.mark.parametrize("command", [one.callback for one in app.registered_commands])
def test_no_word_of_a_description_is_taken_for_markup(command: Callable[..., object]) -> None:
    """Rich swallows `[ranking]` in silence, and the sentence says something else."""
    assert not re.findall(r"(?<!\\)\[[a-z_]+\]", command.__doc__ or "")


def test_without_a_command_it_shows_its_help() -> None:
    """The first thing that people type."""
    assert "Usage: kbsearch" in run().output


def test_an_unknown_command_is_wrong_use() -> None:
    """With a hint where to look."""
    result = run("serach", "vpn")

    assert result.exit_code == 2
    assert "serach" in result.stderr


def test_version() -> None:
    """That of the package."""
    assert run("--version").stdout == f"kbsearch {__version__}\n"


def test_the_shell_completes_commands_and_audiences() -> None:
    """Through typer's own protocol, as bash would ask."""
    asking = {
        "_KBSEARCH_COMPLETE": "complete_bash",
        "COMP_WORDS": "kbsearch search vpn --audience ",
        "COMP_CWORD": "4",
    }

    result = run(environment=asking)

    assert result.stdout.split() == ["internal", "external"]


def test_help_loads_neither_torch_nor_faiss() -> None:
    """Help and completion answer at once."""
    seen = _python(
        "import json, sys\n"
        "from kbsearch.cli.__main__ import main\n"
        "sys.argv = ['kbsearch', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.stderr.write(json.dumps(sorted(sys.modules)))"
    )

    heavy = {"torch", "faiss", "sentence_transformers", "transformers", "numba", "bm25s"}
    assert "kbsearch.cli.app" in json.loads(seen.stderr)
    assert not heavy & set(json.loads(seen.stderr))


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_its_packages_it_says_how_to_get_them(package: str) -> None:
    """`pip install kbsearch` alone has no command line, but it has the command."""
    seen = _python(
        f"import sys; sys.modules[{package!r}] = None\nfrom kbsearch.__main__ import main\nmain()"
    )

    assert seen.returncode == 2
    assert seen.stdout == ""
    assert seen.stderr == (
        f"The command line needs the package {package!r}, which is not installed. "
        'Run `pip install "kbsearch[cli]"`.\n'
    )


def test_python_m_kbsearch_is_the_command() -> None:
    """Where the script is not on the path."""
    seen = subprocess.run(
        [sys.executable, "-m", "kbsearch", "--version"], capture_output=True, text=True, check=True
    )

    assert seen.stdout == f"kbsearch {__version__}\n"


def test_a_terminal_without_utf_8_gets_question_marks(tmp_path: Path) -> None:
    """Cron and old containers run in the C locale; a traceback would lose the answer."""
    desk = make_desk(tmp_path / "a.kb", article("a", "Grüße.", Audience.INTERNAL))

    seen = subprocess.run(
        [sys.executable, "-m", "kbsearch", "show", "kb:a", "-d", desk, "-a", "internal"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )

    assert seen.returncode == 0
    assert "Gr??e." in seen.stdout


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ConfigError", 2),
        ("AudienceError", 2),
        ("MissingExtraError", 2),
        ("DeskNotFoundError", 2),
        ("DeskExistsError", 2),
        ("InvalidDocumentError", 1),
        ("DocumentNotFoundError", 1),
        ("LockedError", 3),
        ("StoreDamagedError", 4),
        ("StoreUnavailableError", 4),
        ("StoreFullError", 4),
        ("StoreReadOnlyError", 4),
        ("DamagedRecordError", 4),
        ("NewerFormatError", 4),
        ("AudienceMismatchError", 4),
        ("DamagedSnapshotError", 4),
        ("EmbedderMismatchError", 4),
        ("EmbedderNotFoundError", 4),
        ("ModelDamagedError", 4),
    ],
)
def test_each_error_has_its_exit_code(name: str, code: int) -> None:
    """Scripts decide by it."""
    kind: type[KbSearchError] = getattr(errors, name)

    assert exit_code(kind.__new__(kind)) == code


def test_an_interruption_has_the_code_that_shells_give_it() -> None:
    """128 + SIGINT."""
    assert exit_code(KeyboardInterrupt()) == exit_code(InterruptedWorkError()) == 130


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["labels", "train", "tune"])
def test_a_file_of_judgements_that_is_missing_is_named(command: str, tmp_path: Path) -> None:
    """Left out in silence, the figures would be of other labels than somebody thinks."""
    desk = make_desk(tmp_path / "a.kb")
    missing = tmp_path / "missing.jsonl"

    result = run(command, "-d", desk, "-a", "internal", "--judged", missing)

    assert result.exit_code == 2
    assert "--judged" in result.output
    assert "is not there" in result.output or "does not exist" in result.output
