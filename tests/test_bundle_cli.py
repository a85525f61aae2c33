"""`kbsearch export-shelf` and `kbsearch check --bundle`, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import article
from tests.cli_runner import make_desk, run, run_json
from tests.library import EXTERNAL, INTERNAL


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Two articles for customers, one for staff."""
    return make_desk(
        tmp_path / "support.kb",
        article("vpn", "The VPN drops after sleep", EXTERNAL),
        article("mfa", "A new phone needs a new code", EXTERNAL),
        article("lid", "The zqpassphrase is on the lid", INTERNAL),
    )


def test_export_says_what_was_written(desk: Path, tmp_path: Path) -> None:
    """Documents, files, and the hash to compare with on the other host."""
    result = run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)

    assert result.exit_code == 0
    assert "2 articles and 0 tickets were exported." in result.stdout
    assert "sha256 of BUNDLE:" in result.stdout


def test_export_as_json(desk: Path, tmp_path: Path) -> None:
    """For the script that copies it; what a check there says is the same hash."""
    made = run_json("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)
    checked = run_json("check", "--desk", tmp_path / "public.kb", "--audience", "external")

    assert (made["n_articles"], made["is_replacement"]) == (2, False)
    assert checked["is_sound"]
    assert checked["bundle_sha256"] == made["sha256"]


@pytest.mark.parametrize(
    ("shelf", "reason"),
    [("internal", "'internal' is not exported"), ("all", "is not one of"), ("", "is not one of")],
)
def test_no_other_shelf_is_exported(desk: Path, tmp_path: Path, shelf: str, reason: str) -> None:
    """Wrong use, with the reason, and nothing is written."""
    result = run("export-shelf", shelf, tmp_path / "public.kb", "--desk", desk)

    assert result.exit_code == 2
    assert reason in result.stderr
    assert not (tmp_path / "public.kb").exists()


def test_an_older_bundle_is_replaced_with_a_word(desk: Path, tmp_path: Path) -> None:
    """Without it: wrong use."""
    arguments = ("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)
    run(*arguments)

    assert run(*arguments).exit_code == 2
    assert run(*arguments, "--replace").exit_code == 0


def test_a_model_that_is_named_by_a_path_is_warned_of(desk: Path, tmp_path: Path) -> None:
    """The other host needs it there too; and the path tells of this one."""
    settings = desk / "kbsearch.toml"
    settings.write_text(settings.read_text().replace('"all-MiniLM-L6-v2"', '"/opt/models/x"'))

    result = run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)

    assert result.exit_code == 0
    assert "'/opt/models/x': the other host needs the model there" in result.stderr


def test_a_bundle_is_proved_from_its_desk(desk: Path, tmp_path: Path) -> None:
    """Says what was looked for, and where."""
    run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)

    result = run("check", "-d", desk, "-a", "internal", "--bundle", tmp_path / "public.kb")

    assert result.exit_code == 0
    assert "2 words, 1 ids and 2 vectors that stand with the staff alone" in result.stdout
    assert "Its 2 documents are those that this desk would export now." in result.stdout


def test_what_was_withdrawn_since_is_found_wrong(desk: Path, tmp_path: Path) -> None:
    """Exit code 1, and its name."""
    run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)
    run(
        *("add", "-", "--into", desk),
        stdin=article("mfa", "A new phone", INTERNAL).model_dump_json().encode(),
    )

    result = run("check", "-d", desk, "-a", "internal", "--bundle", tmp_path / "public.kb")
    as_json = run_json("check", "-d", desk, "-a", "internal", "--bundle", tmp_path / "public.kb")

    assert result.exit_code == 1
    assert "Since its export 1 are not for customers any more: kb:mfa" in result.stdout
    assert (as_json["is_sound"], as_json["withdrawn_ids"]) == (False, ["kb:mfa"])


@pytest.mark.parametrize("more", [("-a", "external"), ("-a", "internal", "--repair")])
def test_a_bundle_is_proved_for_staff_and_never_repaired(
    desk: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """What is compared with stands on their shelf."""
    result = run("check", "-d", desk, *more, "--bundle", tmp_path / "public.kb")

    assert result.exit_code == 2
    assert "give --audience internal alone" in " ".join(result.stderr.split())


def test_a_file_too_many_is_found_wrong(desk: Path, tmp_path: Path) -> None:
    """On the host that serves it."""
    run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)
    (tmp_path / "public.kb" / "notes.txt").write_text("call me")

    result = run("check", "--desk", tmp_path / "public.kb", "--audience", "external")

    assert result.exit_code == 1
    assert "'notes.txt' is not in the list of this bundle" in result.stdout


@pytest.mark.parametrize("command", ["rebuild", "add"])
def test_a_bundle_is_not_written(desk: Path, tmp_path: Path, command: str) -> None:
    """Wrong use, and what to do instead."""
    run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)
    more = ("-",) if command == "add" else ()

    line = article("new", "VPN for guests", EXTERNAL).model_dump_json().encode()
    result = run(command, *more, "--desk", tmp_path / "public.kb", stdin=line)

    assert result.exit_code == 2
    assert "Change the desk that it was exported from" in result.stderr


def test_who_gave_it_away_is_in_the_audit_trail(desk: Path, tmp_path: Path) -> None:
    """With the hash of what was given; a refused export is no act."""
    made = run_json(
        "export-shelf", "external", tmp_path / "public.kb", "--desk", desk, "--by", "web team"
    )
    refused = run("export-shelf", "external", tmp_path / "public.kb", "--desk", desk)
    entries = run_json("audit", "--desk", desk, "--action", "exported")["entries"]

    assert refused.exit_code == 2
    assert [entry["by"] for entry in entries] == ["web team"]
    assert made["sha256"] in entries[0]["note"]
