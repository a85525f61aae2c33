"""The commands that write: init, add, rebuild."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kbsearch import ArticleStatus, Audience, KnowledgeBase
from kbsearch.arrays import Float32
from kbsearch.embed import HashingEmbedder
from tests.builders import agent_says, article, customer_says, ticket
from tests.cli_runner import lines_of, make_desk, run, run_json

GOOD = article("vpn", "Restart the tunnel after sleep.", Audience.EXTERNAL)
OTHER = ticket("7", "The printer eats paper.")


class TestInit:
    """A desk is made once, whole, and with the embedder that was asked for."""

    def test_writes_the_chosen_embedder_into_the_settings(self, tmp_path: Path) -> None:
        """What init was told is what every later command uses."""
        answer = run_json("init", tmp_path / "a.kb", "--embedder", "hashing")

        assert answer["desk"] == str(tmp_path / "a.kb")
        with KnowledgeBase.open(tmp_path / "a.kb") as kb:
            assert kb.settings.embedder.kind == answer["embedder"]["kind"] == "hashing"

    def test_leaves_what_stands_there_alone(self, tmp_path: Path) -> None:
        """A typing mistake must not cost a directory."""
        (tmp_path / "letter.txt").write_text("mine")

        result = run("init", tmp_path, "--embedder", "hashing")

        assert result.exit_code == 2
        assert "exists already and is not empty" in result.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

    def test_makes_nothing_if_the_model_is_not_here(self, tmp_path: Path) -> None:
        """A desk that cannot embed would fail later, at the first document."""
        (tmp_path / "empty-model").mkdir()

        result = run("init", tmp_path / "a.kb", "--model", tmp_path / "empty-model")

        assert result.exit_code == 4
        assert "cannot be loaded: it holds no *.safetensors file" in result.stderr
        assert not (tmp_path / "a.kb").exists()

    def test_an_unknown_embedder_is_wrong_use(self, tmp_path: Path) -> None:
        """The answer names the ones there are."""
        result = run("init", tmp_path / "a.kb", "--embedder", "magic")

        assert result.exit_code == 2
        assert "sentence-transformers" in result.stderr


class TestAdd:
    """Every line is taken or reported with its place."""

    def test_reads_several_files_and_counts_them(self, tmp_path: Path) -> None:
        """The usual case, in words."""
        desk = make_desk(tmp_path / "a.kb")
        (tmp_path / "articles.jsonl").write_bytes(lines_of(GOOD))
        (tmp_path / "tickets.jsonl").write_bytes(lines_of(OTHER))

        result = run("add", tmp_path / "articles.jsonl", tmp_path / "tickets.jsonl", "--into", desk)

        assert result.exit_code == 0
        assert result.stdout == "2 added, 0 changed, 0 unchanged, 0 rejected.\n"
        assert result.stderr == ""

    def test_adds_what_surrounds_a_bad_line_and_names_its_file_and_line(
        self, tmp_path: Path
    ) -> None:
        """One broken record of an export must not cost the others."""
        desk = make_desk(tmp_path / "a.kb")
        file = tmp_path / "export.jsonl"
        file.write_bytes(lines_of(GOOD) + b'{"kind": "article", "id":\n' + lines_of(OTHER))

        result = run("add", file, "--into", desk)

        assert result.exit_code == 1
        assert result.stdout == "2 added, 0 changed, 0 unchanged, 1 rejected.\n"
        assert result.stderr.startswith(f"{file}:2: document: Invalid JSON")

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b'{"kind": "article", "id": "kb:\xff"}', "Invalid JSON"),
            (b"[1, 2]", "Input should be an object"),
            (b'{"id": "kb:1"}', "'kind'"),
            (b'{"kind": "ticket", "id": "kb:1", "subject": " "}', "it has no text"),
            (b'{"kind": "article", "id": "kb:1", "title": "a", "body": "b"}', "audience: Field"),
            (b"[" * 100_000, "Invalid JSON"),
        ],
        ids=["utf-8", "no object", "no kind", "no text", "no audience", "deep"],
    )
    def test_rejects_a_line_that_is_no_document(
        self, tmp_path: Path, line: bytes, reason: str
    ) -> None:
        """Whatever is wrong with it, the desk stays as it was."""
        desk = make_desk(tmp_path / "a.kb")

        result = run("add", "-", "--into", desk, stdin=line + b"\n")

        assert result.exit_code == 1
        assert "standard input:1: " in result.stderr
        assert reason in result.stderr

    def test_does_not_repeat_the_text_of_a_bad_line(self, tmp_path: Path) -> None:
        """A log of an import is read by people who may not read the tickets."""
        desk = make_desk(tmp_path / "a.kb")
        secret = b'{"kind": "ticket", "id": "t:1", "subject": {"hidden": "hunter2"}}\n'

        result = run("add", "-", "--into", desk, stdin=secret)

        assert result.exit_code == 1
        assert "hunter2" not in result.output

    def test_passes_over_blank_lines_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        """Editors write both; neither is a fault of the data."""
        desk = make_desk(tmp_path / "a.kb")
        text = b"\xef\xbb\xbf" + lines_of(GOOD) + b"\n  \r\n" + lines_of(OTHER).rstrip(b"\n")

        answer = run_json("add", "-", "--into", desk, stdin=text)

        assert answer["added"] == [GOOD.id, OTHER.id]
        assert answer["rejected"] == []

    @pytest.mark.parametrize("empty", [b"", b"\n\n"])
    def test_an_empty_file_adds_nothing_and_is_no_fault(self, tmp_path: Path, empty: bytes) -> None:
        """An export of a quiet day."""
        desk = make_desk(tmp_path / "a.kb")

        result = run("add", "-", "--into", desk, stdin=empty)

        assert result.exit_code == 0
        assert result.stdout == "0 added, 0 changed, 0 unchanged, 0 rejected.\n"

    def test_a_missing_file_is_wrong_use_and_nothing_is_added(self, tmp_path: Path) -> None:
        """Half of what was meant is worse than nothing: nobody would notice."""
        desk = make_desk(tmp_path / "a.kb")
        (tmp_path / "here.jsonl").write_bytes(lines_of(GOOD))

        result = run("add", tmp_path / "here.jsonl", tmp_path / "not.jsonl", "--into", desk)

        assert result.exit_code == 2
        assert "not.jsonl" in result.stderr
        with KnowledgeBase.open(desk) as kb:
            assert kb.searcher(Audience.INTERNAL).count() == 0

    def test_names_every_place_of_an_id_that_two_files_disagree_on(self, tmp_path: Path) -> None:
        """Which one holds is not guessed, and both must be findable."""
        desk = make_desk(tmp_path / "a.kb")
        for name, text in (("a.jsonl", "First version."), ("b.jsonl", "Second version.")):
            (tmp_path / name).write_bytes(lines_of(article("x", text, Audience.INTERNAL)))

        answer = run_json("add", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--into", desk)

        assert [(one["file"], one["line"]) for one in answer["rejected"]] == [
            (str(tmp_path / "a.jsonl"), 1),
            (str(tmp_path / "b.jsonl"), 1),
        ]
        assert answer["rejected"][0]["document_id"] == "kb:x"

    def test_says_what_is_held_back_from_customers(self, tmp_path: Path) -> None:
        """Somebody marked it for customers and would wonder."""
        desk = make_desk(tmp_path / "a.kb")
        draft = article("d", "Not yet.", Audience.EXTERNAL, status=ArticleStatus.DRAFT)

        result = run("add", "-", "--into", desk, stdin=lines_of(draft))

        assert result.exit_code == 0
        assert "held back from customers: kb:d, its status is draft" in result.stdout

    def test_says_what_was_withdrawn_from_customers(self, tmp_path: Path) -> None:
        """The other direction of the same wall."""
        desk = make_desk(tmp_path / "a.kb", GOOD)
        inside = GOOD.model_copy(update={"audience": Audience.INTERNAL})

        result = run("add", "-", "--into", desk, stdin=lines_of(inside))

        assert "1 withdrawn from customers" in result.stdout
        assert f"withdrawn from customers: {GOOD.id}" in result.stdout

    def test_shows_twenty_rejections_and_counts_the_rest(self, tmp_path: Path) -> None:
        """A file of the wrong kind must not flood the terminal."""
        desk = make_desk(tmp_path / "a.kb")

        result = run("add", "-", "--into", desk, stdin=b"{}\n" * 25)

        lines = result.stderr.splitlines()
        assert len(lines) == 21
        assert lines[-1] == "and 5 more; --json lists all"


class TestInterruption:
    """Ctrl-C says what was kept and how to go on, and that is true."""

    def test_add_keeps_what_was_committed_and_goes_on_from_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """64 documents are one commit; the second is interrupted, then repeated."""
        desk = make_desk(tmp_path / "a.kb")
        many = lines_of(*(ticket(str(n), f"Problem number {n}.") for n in range(300)))
        embed = _interrupt_at_call(monkeypatch, 2)

        stopped = run("add", "-", "--into", desk, stdin=many)
        monkeypatch.setattr(HashingEmbedder, "embed_passages", embed)
        repeated = run_json("add", "-", "--into", desk, stdin=many)

        assert stopped.exit_code == 130
        assert "Kept so far: 64 of 300 (embed internal)." in stopped.stderr
        assert "Run the same command again" in stopped.stderr
        assert len(repeated["unchanged"]) == 64
        assert len(repeated["added"]) == 236
        assert repeated["n_embedded"] == 2 * 236  # the texts and the titles

    def test_rebuild_says_that_searches_go_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody should fear that the desk is broken now."""
        desk = make_desk(tmp_path / "a.kb", GOOD)
        _change_dim(desk, 64)
        _interrupt_at_call(monkeypatch, 1)

        result = run("rebuild", "--desk", desk)

        assert result.exit_code == 130
        assert "Searches use the indexes from before" in result.stderr

    def test_elsewhere_it_says_that_nothing_was_changed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also as JSON, for scripts."""
        desk = make_desk(tmp_path / "a.kb", GOOD)
        _interrupt_at_call(monkeypatch, 1, method="embed_queries")

        result = run("search", "tunnel", "-d", desk, "-a", "external", "--json")

        assert result.exit_code == 130
        assert json.loads(result.stdout)["error"]["exit_code"] == 130
        assert result.stderr == "Interrupted. Nothing was changed; run the command again.\n"


class TestRebuild:
    """Folds and re-embeds, and says what it did."""

    def test_reports_each_shelf(self, tmp_path: Path) -> None:
        """An article for customers, a ticket with a private note for staff."""
        fixed = ticket(
            "8",
            "No light.",
            messages=(customer_says("No light."), agent_says("Fuse.", public=False)),
        )
        desk = make_desk(tmp_path / "a.kb", GOOD, fixed)

        answer = run_json("rebuild", "--desk", desk)

        counts = {one["shelf"]: one["n_documents"] for one in answer["shelves"]}
        assert counts == {"external": 1, "internal": 1}
        assert "external" in run("rebuild", "-d", desk).stdout

    def test_embeds_anew_after_the_settings_changed(self, tmp_path: Path) -> None:
        """What the error of a desk with another embedder tells people to do."""
        desk = make_desk(tmp_path / "a.kb", GOOD)
        _change_dim(desk, 64)
        refused = run("search", "tunnel", "-d", desk, "-a", "external")

        answer = run_json("rebuild", "-d", desk)

        assert refused.exit_code == 4
        assert "kbsearch rebuild" in refused.stderr
        assert answer["shelves"][0]["n_embedded"] == 2  # its text and its title
        assert run("search", "tunnel", "-d", desk, "-a", "external").exit_code == 0


def test_a_desk_that_another_process_writes_to_is_exit_code_3(tmp_path: Path) -> None:
    """And the message names that process."""
    desk = make_desk(tmp_path / "a.kb")
    holding = (
        "import sys; from pathlib import Path; from kbsearch.store import writer_lock\n"
        "with writer_lock(Path(sys.argv[1]), 'external'): print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, desk / "external" / "LOCK"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        result = run("add", "-", "--into", desk, stdin=lines_of(GOOD))
        holder.communicate(b"\n")

    assert result.exit_code == 3
    assert f"is being written by process {holder.pid}" in result.stderr


def _interrupt_at_call(
    monkeypatch: pytest.MonkeyPatch, n: int, *, method: str = "embed_passages"
) -> object:
    """Make the n-th call of an embedder's method a Ctrl-C; returns the method as it was."""
    original = getattr(HashingEmbedder, method)
    calls = []

    def embed(self: HashingEmbedder, texts: Sequence[str]) -> Float32:
        calls.append(texts)
        if len(calls) == n:
            raise KeyboardInterrupt
        vectors: Float32 = original(self, texts)
        return vectors

    monkeypatch.setattr(HashingEmbedder, method, embed)
    return original


def _change_dim(desk: Path, dim: int) -> None:
    settings = desk / "kbsearch.toml"
    settings.write_text(settings.read_text().replace("dim = 512", f"dim = {dim}"))
