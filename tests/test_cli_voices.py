"""check-voice and twins on the command line: tables, JSON, and exit codes for scripts."""

from __future__ import annotations

from pathlib import Path

from tests.builders import article
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL

CALM = article("calm", "Restart it and wait for a minute.", EXTERNAL)
LOUD = article("loud", "You failed to restart it!!", EXTERNAL, title="Restart it")
STAFF = article("staff", "Reset the edge.", INTERNAL, title="Restart", twin_id="kb:calm")


def test_the_whole_shelf_is_a_table_of_what_was_found(tmp_path: Path) -> None:
    """Documents without findings are counted, not listed."""
    desk = make_desk(tmp_path / "a.kb", CALM, LOUD)

    result = run("check-voice", "--desk", desk)

    assert result.exit_code == 1
    assert "kb:loud" in result.stdout
    assert "kb:calm" not in result.stdout
    assert "2 findings in 1 of 2 documents." in result.stdout


def test_without_findings_the_exit_code_is_zero(tmp_path: Path) -> None:
    """So that a pipeline can publish."""
    result = run("check-voice", "kb:calm", "--desk", make_desk(tmp_path / "a.kb", CALM))

    assert (result.exit_code, result.stdout.split(";")[0]) == (0, "0 findings in 2 sentences")


def test_a_draft_comes_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    """The file's ending tells its markup: code in it is not judged."""
    desk = make_desk(tmp_path / "a.kb")
    draft = tmp_path / "draft.md"
    draft.write_text("Run `yeah!!` now. You failed to run it.\n")

    (from_file,) = run_json("check-voice", draft, "--desk", desk)["reports"]
    (from_stdin,) = run_json("check-voice", "-", "--desk", desk, stdin=b"Obviously.")["reports"]

    assert [one["kind"] for one in from_file["findings"]] == ["blame"]
    assert [one["sentence"] for one in from_stdin["findings"]] == ["Obviously."]


def test_what_is_neither_a_document_nor_a_file_is_not_found(tmp_path: Path) -> None:
    """A slip in the name must not read as a clean draft."""
    result = run("check-voice", "kb:none", "--desk", make_desk(tmp_path / "a.kb"))

    assert result.exit_code == 1
    assert "kb:none" in result.stderr


def test_twins_are_marked_shown_and_dropped(tmp_path: Path) -> None:
    """From the first look to the last, with the exit codes of each."""
    desk = make_desk(tmp_path / "a.kb", CALM, STAFF)
    never = run("twins", "--desk", desk)
    assert (never.exit_code, "never compared" in never.stdout) == (0, True)

    marked = run("twins", "-d", desk, "--in-step", "kb:staff", "kb:calm", "--by", "mira")
    assert marked.exit_code == 0
    assert run("twins", "-d", desk).exit_code == 0

    body = "Restart it and wait for two minutes."
    changed = CALM.model_copy(update={"body": body}).model_dump_json().encode()
    assert run("add", "-", "--into", desk, stdin=changed).exit_code == 0
    after = run("twins", "-d", desk)
    assert after.exit_code == 1
    assert f"+ {body}" in after.stdout
    (pair,) = run_json("twins", "-d", desk)["pairs"]
    assert (pair["state"], pair["is_out_of_step"]) == ("external_changed", True)

    dropped = run("twins", "-d", desk, "--drop", "kb:staff", "kb:calm")
    assert (dropped.exit_code, dropped.stdout.strip()) == (0, "Dropped.")


def test_who_found_them_in_step_must_be_said(tmp_path: Path) -> None:
    """Wrong use, and nothing is noted."""
    desk = make_desk(tmp_path / "a.kb", CALM, STAFF)

    result = run("twins", "-d", desk, "--in-step", "kb:staff", "kb:calm")

    assert result.exit_code == 2
    assert "Say who" in result.stderr


def test_a_glossary_may_begin_with_the_mark_that_some_editors_put_before_utf_8(
    tmp_path: Path,
) -> None:
    """As Windows' Notepad writes it."""
    desk = make_desk(tmp_path / "a.kb", article("old", "Ask Quarry for it.", EXTERNAL))
    (desk / "internal" / "glossary.toml").write_bytes(b'\xef\xbb\xbf"Quarry" = "our archive"\n')

    result = run("check-voice", "kb:old", "--desk", desk)

    assert result.exit_code == 1
    assert "our archive" in result.stdout
