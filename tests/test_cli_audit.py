"""Publishing, withdrawing and the audit trail from the command line."""

from __future__ import annotations

import csv
import getpass
import io
import sys
from pathlib import Path

import pytest
import typer

from kbsearch import KnowledgeBase
from kbsearch.cli.options import who
from tests.builders import agent_says, article, ticket
from tests.cli_runner import lines_of, make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return make_desk(
        tmp_path / "support.kb",
        article("dns", "Clear the cache, or ask rui@brightwater.example", INTERNAL),
        article("vpn", "It drops", EXTERNAL),
    )


def entries(desk: Path) -> list[tuple[str, str, str | None, str]]:
    answer = run_json("audit", "--desk", desk)
    return [(e["action"], e["document_id"], e["by"], e["how"]) for e in answer["entries"]]


def test_publish_withdraw_and_audit(desk: Path) -> None:
    """The whole way, with who did it."""
    made = run("publish", "kb:dns", "-d", desk, "--by", "Mira", "--reason", "asked often", "--yes")
    gone = run("withdraw", "kb:dns", "-d", desk, "--by", "Rui")

    assert (made.exit_code, gone.exit_code) == (0, 0)
    assert "1 changed" in made.stdout
    assert "withdrawn from customers: kb:dns" in gone.stdout
    assert entries(desk) == [
        ("withdrawn", "kb:dns", "Rui", "withdraw"),
        ("published", "kb:dns", "Mira", "publish"),
        ("published", "kb:vpn", getpass.getuser(), "add"),
    ]
    shown = run("audit", "-d", desk, "--action", "published", "--by", "Mira").stdout
    assert "asked often" in shown
    assert "kb:vpn" not in shown


def test_publishing_names_who(desk: Path) -> None:
    """Not guessed, as it is elsewhere: it is the act of publishing itself."""
    missing = run("publish", "kb:dns", "-d", desk, "--yes")
    blank = run("publish", "kb:dns", "-d", desk, "--by", " ", "--yes")

    assert (missing.exit_code, blank.exit_code) == (2, 2)
    assert "nobody was named" in blank.stderr
    assert entries(desk)[0][1] == "kb:vpn"


def test_it_shows_what_customers_will_read_and_asks(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The redacted face, not the document; and no is no."""
    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr(typer, "confirm", lambda *_args, **_options: False)
    monkeypatch.setattr("kbsearch.cli.publishing.sys", _TerminalSystem())

    answer = run("publish", "kb:dns", "-d", desk, "--by", "Mira")

    assert answer.exit_code == 1
    assert "Customers will read kb:dns:" in answer.stderr
    assert "or ask [email]" in answer.stderr
    assert "rui@" not in answer.stderr
    assert [entry[1] for entry in entries(desk)] == ["kb:vpn"]


def test_it_names_what_customers_will_also_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags and a product may be staff's own words; where there are none, no line."""
    tagged = article(
        "dns", "Clear it", INTERNAL, tags=("hush", "dns"), product="Edge", supersedes=("kb:a",)
    )
    others = (article("a", "Old", EXTERNAL), article("b", "Bare", INTERNAL))
    desk = make_desk(tmp_path / "tagged.kb", tagged, *others)
    monkeypatch.setattr(typer, "confirm", lambda *_args, **_options: False)
    monkeypatch.setattr("kbsearch.cli.publishing.sys", _TerminalSystem())

    answer = run("publish", "kb:dns", "kb:b", "-d", desk, "--by", "Mira")

    line = "Customers will also read: tags hush, dns; supersedes kb:a; product Edge."
    assert line in " ".join(answer.stderr.split())
    assert answer.stderr.count("will also read") == 1


def test_a_yes_is_to_what_was_shown(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import between the look and the answer brings other words: nothing goes out."""

    def answered_late(*_args: object, **_options: object) -> bool:
        with KnowledgeBase.open(desk) as kb:
            kb.upsert([article("dns", "Clear it; the key is at Rui's", INTERNAL)])
        return True

    monkeypatch.setattr(typer, "confirm", answered_late)
    monkeypatch.setattr("kbsearch.cli.publishing.sys", _TerminalSystem())

    answer = run("publish", "kb:dns", "-d", desk, "--by", "Mira")

    assert answer.exit_code == 1
    assert "(kb:dns). Nothing was published. Look at them again" in answer.stderr
    assert [entry[1] for entry in entries(desk)] == ["kb:vpn"]


class _Terminal(io.StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        return True


class _TerminalSystem:
    """What the command sees of `sys`."""

    stdin, stdout = _Terminal(), sys.stdout


def test_nobody_is_asked_where_nobody_can_answer(desk: Path) -> None:
    """A script says --yes."""
    answer = run("publish", "kb:dns", "-d", desk, "--by", "Mira")

    assert answer.exit_code == 2
    assert "nobody can be asked here" in answer.stderr
    assert len(entries(desk)) == 1


def test_what_is_held_back_is_exit_code_one(tmp_path: Path) -> None:
    """With the reason."""
    private = ticket("1", "x", messages=(agent_says("secret", public=False),))
    desk = make_desk(tmp_path / "support.kb", private)

    answer = run("publish", "desk:1", "-d", desk, "--by", "Mira", "--yes")

    assert answer.exit_code == 1
    assert "no public message has text" in answer.stdout
    assert run("withdraw", "desk:1", "-d", desk).exit_code == 1


def test_publishing_many_needs_a_word_for_it(tmp_path: Path) -> None:
    """The brake of imports holds for a long list of names too."""
    many = [article(str(n), f"Page {n}", INTERNAL) for n in range(21)]
    desk = make_desk(tmp_path / "support.kb", *many)
    ids = [each.id for each in many]

    stopped = run("publish", *ids, "-d", desk, "--by", "Mira", "--yes")
    allowed = run("publish", *ids, "-d", desk, "--by", "Mira", "--yes", "--publish-at-most", 21)

    assert (stopped.exit_code, allowed.exit_code) == (1, 0)
    assert "repeat with --publish-at-most 21" in stopped.stderr


def test_csv_cells_are_no_formulas(desk: Path) -> None:
    """A spreadsheet runs what begins so (OWASP ASVS 5.0, 1.2.10)."""
    for reason in ("=1+1", "+1", "-1", "@SUM(A1)", "plain"):
        run("publish", "kb:dns", "-d", desk, "--by", "=Mira", "--reason", reason, "--yes")
        run("withdraw", "kb:dns", "-d", desk, "--by", "Rui")

    out = run("audit", "-d", desk, "--csv", "--by", "=Mira").stdout

    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["note"] for row in rows] == ["plain", "'@SUM(A1)", "'-1", "'+1", "'=1+1"]
    assert {row["by"] for row in rows} == {"'=Mira"}
    assert run("audit", "-d", desk, "--csv", "--json").exit_code == 2


@pytest.mark.parametrize(("option", "given"), [("--by", "\udcff\udcfe"), ("--id", "\udcff")])
def test_bytes_that_are_no_text_are_wrong_use(desk: Path, option: str, given: str) -> None:
    """As the system hands them over; not a traceback, and not an answer with every entry."""
    answer = run("audit", "-d", desk, option, given)

    assert answer.exit_code == 2
    assert "is blank. Leave it out" in answer.stderr
    assert "kb:vpn" not in answer.stdout


def test_nobody_said_who_reads_unknown(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no name for its user either, as in some containers."""

    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(getpass, "getuser", nobody)
    run("withdraw", "kb:vpn", "-d", desk)

    assert who(None) is None
    assert who("Mira") == "Mira"
    assert "unknown" in run("audit", "-d", desk, "--id", "kb:vpn").stdout
    assert entries(desk)[0] == ("withdrawn", "kb:vpn", None, "withdraw")


def test_add_import_sync_and_rollback_say_who(desk: Path, tmp_path: Path) -> None:
    """Each of them can publish, or take away."""
    export = tmp_path / "export"
    export.mkdir()
    for name in ("wifi", "fax"):
        (export / f"{name}.md").write_text(f"# {name}\n\nTurn it on.\n")
    run("add", "-", "--into", desk, "--by", "Jo", stdin=lines_of(article("a", "One", EXTERNAL)))
    run("import", "markdown", export, "--into", desk, "-o", "audience=external", "--by", "Rui")
    run("rebuild", "-d", desk)
    (export / "fax.md").unlink()
    run("sync", "markdown", export, "--into", desk, "-o", "audience=external", "--by", "Ilse")
    run("add", "-", "--into", desk, "--by", "Jo", stdin=lines_of(article("a", "Two", EXTERNAL)))
    run("rebuild", "-d", desk)
    run("add", "-", "--into", desk, "--by", "Jo", stdin=lines_of(article("b", "Two", EXTERNAL)))
    run("rebuild", "-d", desk)
    run("rollback", "-d", desk, "--shelf", "external", "--by", "Tamsin")

    said = [(action, by, how) for action, _, by, how in reversed(entries(desk))]
    assert said[1:] == [
        ("published", "Jo", "add"),
        ("published", "Rui", "import markdown"),
        ("published", "Rui", "import markdown"),
        ("deleted", "Ilse", "sync markdown"),
        ("changed", "Jo", "add"),
        ("published", "Jo", "add"),
        ("rolled back", "Tamsin", "rollback"),
    ]
