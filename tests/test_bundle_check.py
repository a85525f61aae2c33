"""Proving a bundle: where it lies, and from the desk that knows what must not be in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kbsearch import KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DeskNotFoundError
from kbsearch.files import sha256_of_file
from kbsearch.forgetting.traces import TraceFinder, Traces, head_of
from kbsearch.models import BundleCheck, CheckReport
from kbsearch.store import RecordWriter
from tests.builders import agent_says, article, customer_says, ticket
from tests.disk import bytes_of, flip_a_bit
from tests.library import EXTERNAL, INTERNAL
from tests.test_bundle import NOON

STAFFS = article("zq-secret9", "The zqpassphrase of the gateway is on the lid", INTERNAL)
PUBLISHED = ticket(
    "p",
    "",
    messages=(
        customer_says("The badge opens no door", id="m1"),
        agent_says("Visitors never return the zqnotebook", public=False, id="zqnoteid9"),
        agent_says("Hold the badge longer", public=True, id="m2"),
    ),
    published=True,
)
VPN = article("vpn", "The VPN drops after sleep: set the adapter to stay awake.", EXTERNAL)
MFA = article("mfa", "A new telephone needs a new code for signing in.", EXTERNAL)


@pytest.fixture
def origin(desk: KnowledgeBase) -> KnowledgeBase:
    """A desk with documents of both audiences."""
    desk.upsert([VPN, MFA, STAFFS, PUBLISHED])
    return desk


@pytest.fixture
def public(origin: KnowledgeBase, tmp_path: Path) -> Path:
    """Its bundle."""
    origin.export_shelf("external", tmp_path / "public.kb")
    return tmp_path / "public.kb"


def check(path: Path) -> CheckReport:
    """As on the host that serves it."""
    with KnowledgeBase.open(path, embedder=HashingEmbedder()) as kb:
        return kb.check(EXTERNAL)


def found_by(report: CheckReport | BundleCheck) -> list[str]:
    return [finding.what for finding in report.findings]


def list_anew(public: Path) -> None:
    """As somebody would who can write the bundle: the list has the new hashes."""
    manifest = json.loads((public / "BUNDLE").read_bytes())
    manifest["files"] = {
        str(path.relative_to(public)): {
            "size_bytes": path.stat().st_size,
            "sha256": sha256_of_file(path),
        }
        for path in sorted(public.rglob("*"))
        if path.is_file() and path.name != "BUNDLE"
    }
    (public / "BUNDLE").write_text(json.dumps(manifest))


class TestWhereItLies:
    """Every byte is the listed one, and there is nothing else."""

    def test_a_bundle_as_it_was_exported_is_sound(self, public: Path) -> None:
        """Three documents, their passages, 24 files; the list itself is one of them."""
        report = check(public)

        assert found_by(report) == []
        assert (report.n_documents, report.n_files) == (3, 24)

    def test_a_check_tells_by_what_list(self, public: Path) -> None:
        """Who could write the list as well is found by comparing it with what the export told."""
        report = check(public)
        (public / "BUNDLE").unlink()

        assert report.bundle_sha256 is not None
        assert check(public).bundle_sha256 is None  # it passes for a desk's directory

    def test_a_copy_is_as_sound(self, public: Path, tmp_path: Path) -> None:
        """Wherever it is copied to."""
        shutil.copytree(public, tmp_path / "elsewhere")

        assert check(tmp_path / "elsewhere").is_sound

    def test_every_file_that_is_changed_or_missing_is_found(
        self, public: Path, tmp_path: Path
    ) -> None:
        """One bit of each, then each as a whole."""
        unfound = []
        for name in bytes_of(public):
            for damage in (flip_a_bit, Path.unlink):
                copy = Path(shutil.copytree(public, tmp_path / "copy"))
                damage(copy / name)
                if name not in ("kbsearch.toml", "BUNDLE"):  # see below
                    unfound += [] if name in str(found_by(check(copy))) else [name]
                shutil.rmtree(copy)

        assert unfound == []

    @pytest.mark.parametrize("name", ["kbsearch.toml", "BUNDLE"])
    def test_settings_and_list_that_were_edited_are_found(self, public: Path, name: str) -> None:
        """Another setting in the one, another format in the other."""
        path = public / name
        path.write_text(path.read_text().replace('"hashing"', '"static"').replace('"sha', '"shb'))
        path.write_text(path.read_text() + "\n")

        with KnowledgeBase.open(public, embedder=HashingEmbedder()) as kb:
            assert name in str(found_by(kb.check(EXTERNAL)))

    @pytest.mark.parametrize(
        "name", ["notes.txt", "internal/", "external/records.sqlite-journal", "external/.hidden"]
    )
    def test_what_is_not_listed_is_found(self, public: Path, name: str) -> None:
        """An empty directory for staff, too; nothing but the list says what belongs there."""
        if name.endswith("/"):
            (public / name).mkdir()
        else:
            (public / name).write_bytes(b"")

        assert (
            found_by(check(public))[0] == f"{name.rstrip('/')!r} is not in the list of this bundle"
        )

    def test_a_link_is_no_file(self, public: Path, tmp_path: Path) -> None:
        """It leads to what another host has there."""
        shutil.move(public / "kbsearch.toml", tmp_path / "elsewhere.toml")
        (public / "kbsearch.toml").symlink_to(tmp_path / "elsewhere.toml")

        assert "'kbsearch.toml' is no plain file" in found_by(check(public))

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (lambda records: records.drop(["kb:mfa"]), "changes of documents that do not stand"),
            (lambda records: records.note({"why:kb:vpn": "folder Staff"}), "notes"),
            (lambda records: records.put_pending(MFA.model_copy(update={"id": "kb:a"})), "order"),
        ],
    )
    def test_history_is_found_though_all_hashes_fit(
        self, public: Path, change: Callable[[RecordWriter], object], expected: str
    ) -> None:
        """A list that was written by who changed the records cannot vouch for them."""
        records = RecordWriter(public / "external" / "records.sqlite", "external")
        with records.writing():
            change(records)
        records.close()
        list_anew(public)

        assert expected in str(found_by(check(public)))

    def test_settings_that_serving_does_not_need_are_found(self, public: Path) -> None:
        """A whole desk's kbsearch.toml was put there."""
        with (public / "kbsearch.toml").open("a") as file:
            file.write("\n[imports]\nat_least = 7\n")
        list_anew(public)

        assert found_by(check(public)) == [
            "kbsearch.toml has settings that serving does not need: [imports]"
        ]

    def test_what_to_do_is_never_to_repair_it(self, public: Path) -> None:
        """`rebuild` and `--repair` are refused on a bundle, so no finding names them."""
        flip_a_bit(public / "external" / "records.sqlite")
        flip_a_bit(public / "external" / "CURRENT")

        remedies = {finding.remedy for finding in check(public).findings}
        assert remedies == {
            "Take it from its readers, export it again from its desk and copy that."
        }


class TestFromTheDesk:
    """Where it is known what stands with the staff alone."""

    def test_a_bundle_that_is_current_is_proved(self, origin: KnowledgeBase, public: Path) -> None:
        """
        Words of eight letters or more, ids and vectors that no public document has.

        Those of the article's text, as written and as stemmed, "zqpassphras"; "visitors",
        "zqnotebook", "zqnoteid9" and its part "zqnoteid" of the private message. The ticket's
        id is public.
        """
        report = origin.check_bundle(public)

        assert found_by(report) == []
        assert report.is_current
        assert report.n_ids == 1
        assert report.n_words == 6
        assert report.n_vectors == report.n_vectors_of_staff == 3
        assert report.n_bytes == sum(map(len, bytes_of(public).values()))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
    @pytest.mark.parametrize(
        ("planted", "kind"),
        [("see zqpassphrase", "text"), ("ZQNOTEBOOK", "text"), ("(kb:zq-secret9)", "id")],
    )
    def test_a_word_or_id_of_staff_in_any_file_is_found(
        self, origin: KnowledgeBase, public: Path, encoding: str, planted: str, kind: str
    ) -> None:
        """Though the list has the new hashes: appended to the file of vectors."""
        file = public / "external" / "snapshot-0000000001" / "vectors.faiss"
        with file.open("ab") as appended:
            appended.write(b"\0\0" + planted.encode(encoding) + b"\0\0")
        list_anew(public)

        what = f"{kind} that stands with the staff alone is in {file.relative_to(public)}"
        assert what in found_by(origin.check_bundle(public))

    @pytest.mark.parametrize(
        ("planted", "kind"), [("zqseverance", "text"), ("(kb:zq-group7)", "id")]
    )
    def test_what_is_for_a_group_of_staff_is_looked_for_too(
        self, origin: KnowledgeBase, public: Path, planted: str, kind: str
    ) -> None:
        """It stands on a shelf of its own. Control: before it was there, nothing is found."""
        (public / "notes.txt").write_text(f"\n{planted}\n")
        what = f"{kind} that stands with the staff alone is in notes.txt"
        before = found_by(origin.check_bundle(public))
        of_hr = article("zq-group7", "The zqseverance of next year", INTERNAL)
        origin.upsert([of_hr.restricted_to(["hr"])])

        assert what not in before
        assert what in found_by(origin.check_bundle(public))

    def test_a_word_that_is_stuck_to_the_value_before_it_is_found(
        self, origin: KnowledgeBase, public: Path
    ) -> None:
        """In the bytes of a row values stand side by side: there it is no word of its own."""
        file = public / "external" / "records.sqlite"
        records = RecordWriter(file, "external")
        with records.writing():
            records.note({"why": "zqpassphrase"})
        records.close()

        assert b"whyzqpassphrase" in file.read_bytes()
        what = "text that stands with the staff alone is in external/records.sqlite"
        assert what in found_by(origin.check_bundle(public))

    @pytest.mark.parametrize("dtype", ["<f4", "<f2"])
    @pytest.mark.parametrize("shift", [0, 1, 2, 3])
    def test_a_vector_of_staff_is_found_at_any_place(
        self, tmp_path: Path, dtype: str, shift: int
    ) -> None:
        """A vector is the text over again, in part."""
        vector = np.random.default_rng(7).normal(size=64).astype(np.float32)
        content = b"x" * (1000 + shift) + vector.astype(dtype).tobytes() + b"x" * 99

        finder = TraceFinder(Traces(vectors={"one": head_of(vector)}))

        assert finder.inputs_in(content) == {"one"}
        assert finder.inputs_in(b"x" * 4000) == set()

    def test_the_internal_shelf_itself_is_found(
        self, origin: KnowledgeBase, public: Path, tmp_path: Path
    ) -> None:
        """Control: all three kinds, were it copied along."""
        shutil.copytree(origin.path / "internal", public / "internal")

        found = found_by(origin.check_bundle(public))

        assert {
            f"{kind} that stands with the staff alone is in internal/records.sqlite"
            for kind in ("text", "id", "vector")
        } <= set(found)

    def test_what_was_withdrawn_changed_and_added_since_is_named(
        self, origin: KnowledgeBase, public: Path
    ) -> None:
        """The first two are wrong: customers read there what stands for them no more."""
        origin.withdraw(["kb:mfa"])
        origin.upsert([VPN.model_copy(update={"body": "The VPN drops: update it."})])
        origin.upsert([article("new", "A third one", EXTERNAL)])

        report = origin.check_bundle(public)

        assert report.withdrawn_ids == ("kb:mfa",)
        assert report.changed_ids == ("kb:vpn",)
        assert report.added_ids == ("kb:new",)
        assert "'kb:mfa' is in it, and is not for customers (any more)" in found_by(report)
        assert "'kb:vpn' is in it as it read before it was changed" in found_by(report)

    def test_a_bundle_that_only_lacks_the_newest_is_sound(
        self, origin: KnowledgeBase, public: Path
    ) -> None:
        """Older, and not wrong."""
        origin.upsert([article("new", "A third one", EXTERNAL)])

        report = origin.check_bundle(public)

        assert (report.is_sound, report.is_current, report.added_ids) == (True, False, ("kb:new",))

    def test_a_document_that_expired_since_is_one_too_many(
        self, origin: KnowledgeBase, tmp_path: Path
    ) -> None:
        """The date decides on the other host as well, but its files tell."""
        origin.upsert([article("over", "The end", EXTERNAL, valid_until=NOON)])
        origin.export_shelf(
            "external", tmp_path / "public.kb", clock=lambda: NOON.replace(year=2025)
        )

        report = origin.check_bundle(tmp_path / "public.kb", clock=lambda: NOON)

        assert report.withdrawn_ids == ("kb:over",)

    def test_a_desk_is_no_bundle(self, origin: KnowledgeBase) -> None:
        """A path mixed up."""
        with pytest.raises(DeskNotFoundError, match="it holds no BUNDLE"):
            origin.check_bundle(origin.path)
