"""Making, opening and reopening a desk, and two processes on one."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, RankingSettings, Settings
from kbsearch.config import EmbedderKind, EmbedderSettings, StoreSettings, WordSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import (
    ConfigError,
    DeskExistsError,
    DeskNotFoundError,
    LockedError,
    StoreUnavailableError,
)
from tests.builders import article, ticket

_WRITE_ONE = """
import sys
from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.embed import HashingEmbedder
with KnowledgeBase.open(sys.argv[1], embedder=HashingEmbedder()) as kb:
    kb.upsert([Article(id="kb:child", title="Toner", body="Shake the toner before you change it.",
                       audience=Audience.EXTERNAL)])
"""

_HOLD_THE_LOCK = """
import sys
from pathlib import Path
from kbsearch.store import writer_lock
with writer_lock(Path(sys.argv[1]), "external"):
    print("held", flush=True)
    sys.stdin.read()
"""


class TestCreatingADesk:
    """What stands on disk afterwards, and what is refused."""

    def test_makes_a_directory_for_each_audience_that_only_its_owner_may_enter(
        self, desk: KnowledgeBase
    ) -> None:
        """Rights of the operating system are the outermost wall between audiences."""
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in sorted(desk.path.rglob("*"))
        }

        assert modes == {
            "external": 0o700,
            "internal": 0o700,
            "kbsearch.toml": 0o600,
            "records.sqlite": 0o600,
        }

    def test_takes_an_empty_directory(
        self, tmp_path: Path, hashing_embedder: HashingEmbedder
    ) -> None:
        """A volume mounted for the desk is there before the desk is."""
        (tmp_path / "mounted").mkdir()

        with KnowledgeBase.create(tmp_path / "mounted", embedder=hashing_embedder) as kb:
            report = kb.upsert([ticket("1", "The lamp of the projector is dark")])

        assert report.added == ("desk:1",)

    def test_makes_the_directories_above_it(self, tmp_path: Path) -> None:
        """`data/desks/support.kb` works on a fresh machine."""
        kb = KnowledgeBase.create(tmp_path / "data" / "desks" / "support.kb")

        assert (kb.path / "kbsearch.toml").is_file()

    def test_refuses_a_directory_that_holds_something(self, tmp_path: Path) -> None:
        """Nothing of anybody is overwritten."""
        (tmp_path / "holiday.jpg").write_bytes(b"sun")

        with pytest.raises(DeskExistsError, match="not empty; nothing in it was changed") as raised:
            KnowledgeBase.create(tmp_path)

        assert raised.value.path == str(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]

    def test_refuses_a_desk_that_exists_and_keeps_it(self, desk: KnowledgeBase) -> None:
        """Running the set-up twice must not empty a desk."""
        desk.upsert([ticket("1", "The lamp of the projector is dark")])

        with pytest.raises(DeskExistsError, match=r"KnowledgeBase\.open\(\)"):
            KnowledgeBase.create(desk.path)

        assert desk.searcher(Audience.INTERNAL).count() == 1

    def test_refuses_a_file(self, tmp_path: Path) -> None:
        """A path that a typing slip made point at a file."""
        (tmp_path / "notes.txt").write_text("mine")

        with pytest.raises(DeskExistsError, match=r"notes\.txt"):
            KnowledgeBase.create(tmp_path / "notes.txt")

        assert (tmp_path / "notes.txt").read_text() == "mine"

    def test_says_which_path_it_could_not_write_below(self, tmp_path: Path) -> None:
        """A file in the place of a parent directory is no traceback of pathlib."""
        (tmp_path / "notes.txt").write_text("mine")

        with pytest.raises(StoreUnavailableError, match="could not be used"):
            KnowledgeBase.create(tmp_path / "notes.txt" / "support.kb")

    def test_refuses_an_unknown_language_before_anything_is_made(self, tmp_path: Path) -> None:
        """A desk that can never be searched must not be left behind."""
        settings = Settings(words=WordSettings(language="klingon"))

        with pytest.raises(ConfigError, match="'klingon' under"):
            KnowledgeBase.create(tmp_path / "support.kb", settings=settings)

        assert not (tmp_path / "support.kb").exists()


class TestOpeningADesk:
    """What is no desk, and settings that cannot be used."""

    def test_refuses_a_path_where_there_is_nothing(self, tmp_path: Path) -> None:
        """Opening never makes a desk: a wrong path would give empty answers."""
        missing = tmp_path / "suport.kb"

        with pytest.raises(DeskNotFoundError, match=r"there is nothing.*kbsearch init") as raised:
            KnowledgeBase.open(missing)

        assert (raised.value.path, raised.value.reason) == (str(missing), "there is nothing")
        assert not missing.exists()

    def test_refuses_a_file_that_is_no_desk(self, tmp_path: Path) -> None:
        """The database alone is no desk either."""
        (tmp_path / "records.sqlite").write_bytes(b"SQLite format 3\x00")

        with pytest.raises(DeskNotFoundError, match="it is a file"):
            KnowledgeBase.open(tmp_path / "records.sqlite")

    def test_refuses_a_directory_without_settings(self, tmp_path: Path) -> None:
        """Any other directory, or a desk whose creation was interrupted."""
        with pytest.raises(DeskNotFoundError, match=r"it holds no kbsearch\.toml"):
            KnowledgeBase.open(tmp_path)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("[ranking\n", "kbsearch.toml.*cannot be used.*Correct the file"),
            ("[ranking]\npassage_wait = 0.5\n", r"ranking\.passage_wait: Extra inputs"),
            ("[ranking]\npassage_weight = 1.5\n", r"ranking\.passage_weight: .*less than or equal"),
            ('[embedder]\nkind = "word2vec"\n', r"embedder\.kind: .*'hashing'"),
            ("[rankings]\n", "rankings: Extra inputs"),
        ],
    )
    def test_refuses_settings_that_cannot_be_used(
        self, desk: KnowledgeBase, content: str, said: str
    ) -> None:
        """A misspelt setting that were passed over would look as if it had no effect."""
        (desk.path / "kbsearch.toml").write_text(content)

        with pytest.raises(ConfigError, match=said):
            KnowledgeBase.open(desk.path)

    def test_refuses_settings_that_are_not_utf_8(self, desk: KnowledgeBase) -> None:
        """An editor with another encoding is no traceback."""
        (desk.path / "kbsearch.toml").write_bytes(b"# gr\xfc\xdfe\n")

        with pytest.raises(ConfigError, match="cannot be used"):
            KnowledgeBase.open(desk.path)

    def test_takes_a_settings_file_that_is_empty(self, desk: KnowledgeBase) -> None:
        """Every line may be deleted to get its default back."""
        (desk.path / "kbsearch.toml").write_text("")

        assert KnowledgeBase.open(desk.path).settings == Settings()

    def test_reads_back_the_settings_that_it_was_created_with(self, tmp_path: Path) -> None:
        """An application passes settings once; the file keeps them."""
        settings = Settings(
            embedder=EmbedderSettings(kind=EmbedderKind.HASHING, dim=64, query_prompt='say "x":\n'),
            ranking=RankingSettings(passage_weight=0.25, n_candidates=33),
            words=WordSettings(language="german"),
        )

        KnowledgeBase.create(tmp_path / "support.kb", settings=settings)

        assert KnowledgeBase.open(tmp_path / "support.kb").settings == settings


class TestReopening:
    """Another object, another process, later."""

    def test_finds_what_was_written(
        self, tmp_path: Path, hashing_embedder: HashingEmbedder
    ) -> None:
        """In the delta and in a snapshot alike."""
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=hashing_embedder) as kb:
            kb.upsert([article("1", "Toner stains come off with cold water", Audience.EXTERNAL)])
            kb.rebuild()
            kb.upsert([article("2", "Toner is kept in the basement", Audience.INTERNAL)])

        with KnowledgeBase.open(tmp_path / "support.kb", embedder=hashing_embedder) as kb:
            found = kb.searcher(Audience.INTERNAL).search("toner")

        assert {(hit.id, hit.shelf) for hit in found} == {
            ("kb:1", "external"),
            ("kb:2", "internal"),
        }

    def test_makes_the_embedder_that_its_settings_name(self, tmp_path: Path) -> None:
        """An application need not say it again."""
        settings = Settings(embedder=EmbedderSettings(kind=EmbedderKind.HASHING, dim=64))
        with KnowledgeBase.create(tmp_path / "support.kb", settings=settings) as kb:
            kb.upsert([article("1", "Toner stains come off with cold water", Audience.EXTERNAL)])

        with KnowledgeBase.open(tmp_path / "support.kb") as kb:
            found = kb.searcher(Audience.EXTERNAL).search("toner")

        assert [hit.id for hit in found] == ["kb:1"]
        assert kb.embedder.fingerprint.dim == 64

    def test_an_open_searcher_sees_what_another_process_writes(self, desk: KnowledgeBase) -> None:
        """The importer is another process than the web server."""
        searcher = desk.searcher(Audience.EXTERNAL)
        before = [hit.id for hit in searcher.search("toner")]

        subprocess.run([sys.executable, "-c", _WRITE_ONE, str(desk.path)], check=True, timeout=60)
        after = [hit.id for hit in searcher.search("toner")]

        assert (before, after) == ([], ["kb:child"])

    def test_an_open_searcher_follows_every_write_of_the_desk(self, desk: KnowledgeBase) -> None:
        """Add, change, rebuild and delete, without reopening."""
        searcher = desk.searcher(Audience.EXTERNAL)
        seen = []

        for write in (
            lambda: desk.upsert([article("1", "Toner is low", Audience.EXTERNAL)]),
            lambda: desk.upsert([article("1", "Toner is empty", Audience.EXTERNAL)]),
            desk.rebuild,
            lambda: desk.delete(["kb:1"]),
        ):
            write()
            seen.append([hit.title for hit in searcher.search("toner")])

        assert seen == [["Toner is low"], ["Toner is empty"], ["Toner is empty"], []]

    def test_a_second_writing_process_is_told_who_writes(self, desk: KnowledgeBase) -> None:
        """As soon as the set wait is over, here at once; searches go on meanwhile."""
        desk.settings = Settings(store=StoreSettings(lock_wait_s=0))
        desk.upsert([article("1", "Toner is low", Audience.EXTERNAL)])
        searcher = desk.searcher(Audience.EXTERNAL)
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLD_THE_LOCK, str(desk.path / "internal" / "LOCK")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"

            with pytest.raises(LockedError, match=f"process {holder.pid}") as raised:
                desk.upsert([article("2", "Toner is in the basement", Audience.INTERNAL)])
            found = [hit.id for hit in searcher.search("toner")]

            holder.communicate(timeout=60)

        assert (raised.value.shelf, raised.value.holder_pid) == ("internal", holder.pid)
        assert found == ["kb:1"]
        assert desk.upsert([article("2", "Toner", Audience.INTERNAL)]).added == ("kb:2",)


class TestDeleting:
    """From every shelf, at once, for good."""

    def test_removes_a_document_from_both_shelves(self, desk: KnowledgeBase) -> None:
        """A published ticket stands on two."""
        desk.upsert([ticket("1", "The lamp of the projector is dark", published=True)])

        gone = desk.delete(["desk:1", "desk:none"])

        assert gone == ("desk:1",)
        assert desk.searcher(Audience.INTERNAL).count() == 0
        assert desk.searcher(Audience.EXTERNAL).count() == 0

    def test_of_nothing_changes_nothing(self, desk: KnowledgeBase) -> None:
        """Neither an unknown id nor an empty list is an error."""
        desk.upsert([ticket("1", "The lamp of the projector is dark")])
        before = (desk.path / "internal" / "records.sqlite").read_bytes()

        gone = desk.delete([]) + desk.delete(["desk:none"])

        assert gone == ()
        assert (desk.path / "internal" / "records.sqlite").read_bytes() == before

    def test_leaves_no_byte_of_the_text_in_the_records(self, desk: KnowledgeBase) -> None:
        """A request for erasure is not met by a flag."""
        desk.upsert([ticket("1", "My passport number is zqxj4711", published=True)])

        desk.delete(["desk:1"])

        for shelf in Audience:
            content = (desk.path / shelf.value / "records.sqlite").read_bytes()
            assert b"zqxj4711" not in content
            assert not (desk.path / shelf.value / "records.sqlite-journal").exists()


def test_a_relative_path_means_what_it_meant_when_it_was_given(
    tmp_path: Path, hashing_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon changes its working directory after it opened the desk."""
    monkeypatch.chdir(tmp_path)
    with KnowledgeBase.create("support.kb", embedder=hashing_embedder) as kb:
        searcher = kb.searcher(Audience.EXTERNAL)

        monkeypatch.chdir("/")
        kb.upsert([article("1", "Toner is low", Audience.EXTERNAL)])
        kb.rebuild()
        found = [hit.id for hit in searcher.search("toner")]

    assert found == ["kb:1"]
