"""A bundle's bytes are a function of what stands for customers now, and of nothing else."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from kbsearch import KnowledgeBase
from kbsearch.arrays import Float32
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import DocumentNotFoundError, UnsoundShelfError
from kbsearch.indexing import ShelfWriter
from kbsearch.layout import ShelfLayout
from kbsearch.models import Document
from kbsearch.sharing.bundles import exporting
from kbsearch.sharing.bundles.records import Chosen, Counts, choose
from kbsearch.store import RecordReader
from tests.builders import article
from tests.disk import bytes_of
from tests.library import EXTERNAL, INTERNAL
from tests.spies import SpyEmbedder
from tests.wall.canaries import (
    CANARIES,
    DRAFT,
    MANUAL,
    NEVER_STORED,
    PUBLISHED,
    STAFF_ARTICLE,
    UNPUBLISHED,
    canaries_in,
    canary,
)
from tests.wall.stories import NO_SECRETS, OTHER_WORLD, STORY, WORLD, stories, worlds
from tests.wall.test_non_interference import PaddingEmbedder
from tests.wall.walls import CUSTOMERS, NOON
from tests.wall.worlds import SMALL, Step, World, played, small_calibrations


def bundle_of(kb: KnowledgeBase, path: Path) -> dict[str, bytes]:
    """Every byte of a bundle, by path."""
    kb.export_shelf("external", path, clock=lambda: NOON)
    return bytes_of(path)


def bundles_of_worlds(story: Sequence[Step], pair: Sequence[World]) -> list[dict[str, bytes]]:
    """One story of customers' documents told in several worlds."""
    found = []
    for world in pair:
        with (
            tempfile.TemporaryDirectory() as folder,
            played(CUSTOMERS, story, world, PaddingEmbedder(64)) as told,
        ):
            found.append(bundle_of(told.kb, Path(folder) / "public.kb"))
    return found


def readable(kb: KnowledgeBase) -> list[Document]:
    """What customers can read when the bundle is made: nothing expired, or still to come."""
    customers = kb.searcher(EXTERNAL, clock=lambda: NOON)
    found = []
    for document_id in kb.ids(EXTERNAL):
        with contextlib.suppress(DocumentNotFoundError):
            found.append(customers.get(document_id))
    return found


def told_and_told_at_once(story: Sequence[Step], folder: Path) -> list[dict[str, bytes]]:
    """The bundle of a desk with a history, and that of one that got what is left of it at once."""
    with played(CUSTOMERS, story, WORLD, HashingEmbedder(64)) as told:
        left = readable(told.kb)
        first = bundle_of(told.kb, folder / "told-public.kb")
    with (
        small_calibrations(),
        KnowledgeBase.create(
            folder / "at-once.kb", settings=SMALL, embedder=HashingEmbedder(64)
        ) as at_once,
    ):
        at_once.upsert(reversed(left))
        return [first, bundle_of(at_once, folder / "at-once-public.kb")]


class TestByteIdentity:
    """Every file of two bundles, compared as bytes."""

    @settings(max_examples=6, deadline=None, derandomize=True)
    @given(story=stories, world=worlds, other=worlds)
    @example(story=STORY, world=WORLD, other=OTHER_WORLD)
    @example(story=STORY, world=WORLD, other=NO_SECRETS)
    def test_whatever_staff_know(self, story: list[Step], world: World, other: World) -> None:
        """Also with a model whose vectors show what they were embedded beside."""
        first, second = bundles_of_worlds(story, [world, other])

        assert first == second

    @settings(max_examples=6, deadline=None, derandomize=True)
    @given(story=stories)
    @example(story=STORY)
    def test_whatever_stood_there_before(self, story: list[Step]) -> None:
        """Order, deletions, withdrawals, snapshots, numbers: the past of the shelf is gone."""
        with tempfile.TemporaryDirectory() as folder:
            first, second = told_and_told_at_once(story, Path(folder))

        assert first == second

    @pytest.mark.nightly
    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(story=stories, world=worlds, other=worlds)
    def test_both_hold_for_many_more_stories(
        self, story: list[Step], world: World, other: World
    ) -> None:
        """The same claims, at length."""
        assert len({str(each) for each in bundles_of_worlds(story, [world, other])}) == 1
        with tempfile.TemporaryDirectory() as folder:
            first, second = told_and_told_at_once(story, Path(folder))
        assert first == second

    def test_other_documents_give_other_bytes(self, tmp_path: Path) -> None:
        """Control: the comparison is of what is in them."""
        stories_told = [STORY[:1], STORY[:3]]
        folders = [tmp_path / "a", tmp_path / "b"]
        for folder in folders:
            folder.mkdir()
        one, other = (
            told_and_told_at_once(story, folder)[0]
            for story, folder in zip(stories_told, folders, strict=True)
        )

        assert one != other


FOOTER = "Sent from the zqfooter portal of Brightwater"


def many(n: int, *, with_footer: int) -> list[Document]:
    """Articles of which some end in the same line."""
    words = "adapter gateway printer scanner badge tunnel".split()
    text = "Answer {} is about the {} and what to do when it blinks"
    return [
        article(
            f"n{i}",
            text.format(i, words[i % 6]) + (f"\n{FOOTER}\n" if i < with_footer else ""),
            EXTERNAL,
            title=f"Answer {i}",
        )
        for i in range(n)
    ]


def lines_learned(kb: KnowledgeBase) -> list[tuple[str, int]]:
    """What customers' texts are cleaned of, and how many documents shared it."""
    learned = kb.searcher(EXTERNAL).boilerplate()["external"]
    return [(line.text, line.n_documents) for line in learned.lines if "zqfooter" in line.text]


class TestBoilerplate:
    """What a shelf has learned is learned anew from the documents of the bundle."""

    def test_a_line_that_was_learned_from_a_withdrawn_document_is_not_cut_by_it(
        self, tmp_path: Path
    ) -> None:
        """
        Twenty shared a line, one left; nineteen are too few to learn it from.

        The desk goes on cutting it until it learns anew: that tells of the twentieth.
        """
        spy = SpyEmbedder()
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=spy) as kb:
            kb.upsert(many(200, with_footer=20))
            kb.withdraw(["kb:n0"])
            assert [n for _, n in lines_learned(kb)] == [20]
            report = kb.export_shelf("external", tmp_path / "public.kb")
        with KnowledgeBase.create(tmp_path / "fresh.kb", embedder=SpyEmbedder()) as fresh:
            fresh.upsert(many(200, with_footer=20)[1:])
            expected = bundle_of(fresh, tmp_path / "fresh-public.kb")

        assert report.n_embedded == 19
        assert bytes_of(tmp_path / "public.kb") == expected

    def test_what_is_shared_now_is_cut_though_the_shelf_has_not_learned_it_yet(
        self, tmp_path: Path
    ) -> None:
        """Only the texts that read otherwise by it are embedded for the bundle."""
        spy = SpyEmbedder()
        with KnowledgeBase.create(tmp_path / "support.kb", embedder=spy) as kb:
            documents = many(60, with_footer=25)
            for start in range(0, 60, 15):
                kb.upsert(documents[start : start + 15])
            assert lines_learned(kb) == []
            n_before = len(spy.texts)
            report = kb.export_shelf("external", tmp_path / "public.kb")
        with KnowledgeBase.create(tmp_path / "at-once.kb", embedder=SpyEmbedder()) as at_once:
            at_once.upsert(documents)
            expected = bundle_of(at_once, tmp_path / "at-once-public.kb")

        assert report.n_embedded == len(spy.texts) - n_before == 25
        assert bytes_of(tmp_path / "public.kb") == expected
        with KnowledgeBase.open(tmp_path / "public.kb", embedder=spy) as bundle:
            assert [n for _, n in lines_learned(bundle)] == [25]


def vectors_of(shelf: Path, name: str) -> dict[str, Float32]:
    """Every vector of a shelf by the hash of its input."""
    records = RecordReader(shelf / "records.sqlite", name)
    try:
        return records.vectors(records.inputs_of(records.keys()), records.embedder_key() or "")
    finally:
        records.close()


class TestCanaries:
    """Tokens that stand nowhere else, looked for in every byte."""

    @pytest.fixture
    def eventful(self, tmp_path: Path) -> Iterator[KnowledgeBase]:
        """Everything private, and a public past: changed, withdrawn, deleted, forgotten."""
        with KnowledgeBase.create(
            tmp_path / "support.kb", settings=SMALL, embedder=HashingEmbedder(32)
        ) as kb:
            gone = [article(f"zqwas{n}", f"zqold{n} vpn drops {n}", EXTERNAL) for n in range(5)]
            kb.upsert([STAFF_ARTICLE, PUBLISHED, *gone, DRAFT, UNPUBLISHED])
            kb.rebuild()
            kb.upsert([MANUAL.model_copy(update={"body": "zqdraftbody of old"})])
            kb.withdraw(["kb:zqwas0", "kb:zqwas1"])
            kb.delete(["kb:zqwas2", "kb:zqwas3"])
            kb.upsert([MANUAL, article("zqwas4", "zqold4 for staff", INTERNAL)])
            yield kb

    def test_nothing_private_and_nothing_that_was_public_once_is_in_any_byte(
        self, eventful: KnowledgeBase, tmp_path: Path
    ) -> None:
        """Texts and ids, in UTF-8 and UTF-16, any case; the files' names too."""
        found = bundle_of(eventful, tmp_path / "public.kb")

        whole = b"\n".join([*found.values(), *(name.encode() for name in found)])
        once = [f"{word}{n}" for word in ("zqwas", "zqold") for n in range(5)] + ["zqdraftbody"]
        lowered = whole.lower()
        assert canaries_in(whole) == []
        assert [
            word
            for word in once
            for encoding in ("utf-8", "utf-16-le", "utf-16-be")
            if word.encode(encoding) in lowered
        ] == []

    def test_no_vector_of_what_is_private_or_was_public_is_in_any_byte(
        self, eventful: KnowledgeBase, tmp_path: Path
    ) -> None:
        """As 32- and 16-bit floats; those of what is public are found, as a control."""
        whole = b"".join(bundle_of(eventful, tmp_path / "public.kb").values())

        embedder = HashingEmbedder(32)
        texts = ["zqold0 vpn drops 0\n\nzqold0 vpn drops 0", f"The {canary('note')} was wrong"]
        for vector in embedder.embed_passages(texts):
            assert vector.astype("<f4").tobytes() not in whole
            assert vector.astype("<f2").tobytes() not in whole
        ours, theirs = (vectors_of(eventful.path / a.value, a.value) for a in (INTERNAL, EXTERNAL))
        private = [ours[each] for each in ours.keys() - theirs.keys()]
        assert len(private) > 5
        assert [v for v in private if v.tobytes() in whole] == []
        assert [v for v in theirs.values() if v.tobytes() not in whole] == []

    def test_the_canaries_stand_on_the_desk(self, eventful: KnowledgeBase) -> None:
        """Control of the two above."""
        found = canaries_in(b"".join(bytes_of(eventful.path).values()))

        assert {*found, *NEVER_STORED} == CANARIES.keys()


def copied_as_it_is(
    source: ShelfWriter, target: ShelfLayout, **asked: Any
) -> tuple[Chosen, Counts]:
    """Planted: the directory is copied instead of written anew."""
    chosen = choose(source.records, now=asked["now"], includes_pending=asked["includes_pending"])
    shutil.copytree(source.layout.root, target.root, dirs_exist_ok=True)
    (target.root / "LOCK").unlink(missing_ok=True)
    n_articles, n_tickets, _ = source.records.count_kinds()
    n_passages, _, _ = source.records.count_tokens(source.fingerprint.key)
    return chosen, Counts(n_articles, n_tickets, n_passages, 0, max(target.snapshots()))


class TestThePlantedBug:
    """Control: a copy of the external directory is public text alone, and tells its past."""

    def test_a_copy_of_the_directory_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By the look at the draft: changes of documents that are gone, gaps, later keys."""
        monkeypatch.setattr(exporting, "write_shelf", copied_as_it_is)
        with (
            played(CUSTOMERS, STORY, WORLD, HashingEmbedder(64)) as told,
            pytest.raises(UnsoundShelfError, match="tells of what is not there: changes of docu"),
        ):
            told.kb.export_shelf("external", tmp_path / "public.kb")

        assert not (tmp_path / "public.kb").exists()

    def test_without_that_look_the_comparison_finds_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The property above can fail."""
        monkeypatch.setattr(exporting, "write_shelf", copied_as_it_is)
        monkeypatch.setattr(exporting, "bundle_findings", lambda layout: ())

        first, second = told_and_told_at_once([*STORY, Step("rebuild")], tmp_path)

        assert first != second
