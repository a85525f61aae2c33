"""`assert_no_leak`: passes for what keeps the wall, and catches each way through it."""

from __future__ import annotations

import logging
import pickle
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kbsearch import Article, Audience, KnowledgeBase, SearchResult, Ticket
from kbsearch.embed import HashingEmbedder
from kbsearch.models import Document
from kbsearch.testing import (
    Application,
    Leak,
    LeakError,
    NothingFoundError,
    assert_no_leak,
    canary_corpus,
)
from tests import leaky_applications as leaky
from tests.leaky_applications import OwnSearch, with_files


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """A new folder at each step: an application is made once for each world."""
    return (tmp_path / str(number) for number in count())


def whole(kind: type[OwnSearch]) -> Callable[[Sequence[Document]], Application]:
    """Both doors of an application."""

    def make(documents: Sequence[Document]) -> Application:
        search = kind(documents)
        return Application(search.customers, search.staff)

    return make


def desk_of(documents: Sequence[Document], root: Path, where: str = "delta") -> Application:
    """All doors of a desk."""
    kb = KnowledgeBase.create(root, embedder=HashingEmbedder(64))
    kb.upsert(documents)
    if where == "snapshot":
        kb.rebuild()
    return Application(
        customers=kb.searcher("external"),
        staff=kb.searcher("internal"),
        directory=kb.path / "external",
    )


def leaks_of(make: Callable[[Sequence[Document]], Any], **options: Any) -> tuple[Leak, ...]:
    """What is found in an application that must not pass."""
    with pytest.raises(LeakError, match="customers could tell") as raised:
        assert_no_leak(make, **options)
    return raised.value.leaks


class TestWhatKeepsTheWall:
    """No false alarm, whatever an answer is made of."""

    @pytest.mark.parametrize("where", ["delta", "snapshot"])
    def test_a_desk_passes_with_all_its_doors_and_every_external_byte(
        self, folders: Iterator[Path], where: str
    ) -> None:
        """search, similar, get and count, for customers after staff."""
        assert_no_leak(lambda documents: desk_of(documents, next(folders), where))

    def test_a_searcher_alone_is_enough(self, folders: Iterator[Path]) -> None:
        """The shortest way to use it."""

        def make_searcher(documents: Sequence[Document]) -> Any:
            kb = KnowledgeBase.create(next(folders), embedder=HashingEmbedder(64))
            kb.upsert(documents)
            return kb.searcher(Audience.EXTERNAL)

        assert_no_leak(make_searcher)

    def test_an_honest_search_of_ones_own_passes(self) -> None:
        """Nothing of kbsearch is in it but the documents."""
        assert_no_leak(whole(OwnSearch))

    def test_a_question_may_be_repeated_with_its_own_token(self) -> None:
        """To be told what one asked oneself is no news."""

        def make_searcher(documents: Sequence[Document]) -> Any:
            search = OwnSearch(documents)

            def answer(question: str) -> object:
                logging.getLogger("own").info("asked %s", question)
                return f"For {question!r}: {search.customers(question)}"

            return answer

        assert_no_leak(make_searcher)

    def test_an_error_that_says_nothing_passes(self) -> None:
        """Refusing an empty question is no leak."""

        def make_searcher(documents: Sequence[Document]) -> Any:
            search = OwnSearch(documents)

            def answer(question: str) -> object:
                if not question:
                    raise ValueError("Ask something")
                return search.customers(question)

            return answer

        assert_no_leak(make_searcher)

    def test_what_differs_from_call_to_call_is_taken_out(self) -> None:
        """A number of the request stands in many answers."""
        numbers = count()

        def make_searcher(documents: Sequence[Document]) -> Any:
            search = OwnSearch(documents)
            return lambda asked: f"request {next(numbers)}: {search.customers(asked)}"

        assert {leak.channel for leak in leaks_of(make_searcher)} == {"answer"}
        assert_no_leak(make_searcher, normalise=lambda b: re.sub(rb"request \d+", b"", b))

    def test_loggers_warnings_and_prints_are_afterwards_as_they_were(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Other tests of the same run listen to them."""
        logger = logging.getLogger("leaky.quiet")
        before = (
            logger.level,
            list(logger.handlers),
            list(logging.root.handlers),
            logging.root.level,
        )
        shown = warnings.filters[:]

        assert_no_leak(whole(OwnSearch))
        sys.stdout.write("heard")

        after = (
            logger.level,
            list(logger.handlers),
            list(logging.root.handlers),
            logging.root.level,
        )
        assert after == before
        assert warnings.filters == shown
        assert capsys.readouterr().out == "heard"


class TestWhatLeaks:
    """Each planted leak is found, and in the place where it is."""

    @pytest.mark.parametrize(
        ("kind", "channel"),
        [
            (leaky.SharedStatistics, "answer"),
            (leaky.SharedCache, "answer"),
            (leaky.OutlivesItsWorld, "answer"),
            (leaky.LogLine, "log record"),
            (leaky.QuietLogger, "log record"),
            (leaky.LoggedTraceback, "log record"),
            (leaky.Warned, "warning"),
            (leaky.Printed, "printed line"),
            (leaky.CountOverBoth, "answer"),
            (leaky.RelatedTitles, "answer"),
            (leaky.HalfATitle, "answer"),
            (leaky.ExistenceOracle, "answer"),
            (leaky.Header, "answer"),
            (leaky.Cursor, "answer"),
            (leaky.Streamed, "answer"),
            (leaky.HiddenField, "answer"),
        ],
        ids=lambda value: getattr(value, "__name__", value),
    )
    def test_is_caught_in_its_channel(self, kind: type[OwnSearch], channel: str) -> None:
        """And in no other: whoever reads the message knows where to look."""
        assert {leak.channel for leak in leaks_of(whole(kind))} == {channel}

    @pytest.mark.parametrize("kind", [leaky.ErrorText, leaky.ErrorBehindAnError])
    def test_an_error_with_an_internal_title_is_caught(self, kind: type[OwnSearch]) -> None:
        """In its own text or in that of the error behind it, which a traceback shows."""

        def make_searcher(documents: Sequence[Document]) -> Any:
            honest, broken = OwnSearch(documents), kind(documents)

            def answer(question: str) -> object:
                is_public = question in honest_questions
                return (honest if is_public else broken).customers(question)

            return answer

        honest_questions = canary_corpus().public_questions

        assert "exception" in {leak.channel for leak in leaks_of(make_searcher)}

    def test_a_desk_that_forgot_to_leave_out_private_notes_is_caught(
        self, folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In what it answers and in what it published."""
        monkeypatch.setattr(Ticket, "public_face", lambda ticket: ticket)

        leaks = leaks_of(lambda documents: desk_of(documents, next(folders)))

        told = [leak for leak in leaks if leak.what.endswith("of the published ticket")]
        assert {leak.channel for leak in told} == {"answer", "file"}

    def test_a_desk_that_publishes_drafts_is_caught_though_it_finds_none(
        self, folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A filter hides them from every answer; their bytes are out all the same."""
        monkeypatch.setattr(Article, "shelf", property(lambda article: article.audience))

        leaks = leaks_of(lambda documents: desk_of(documents, next(folders)))

        told = [leak for leak in leaks if leak.what.endswith("of the draft article")]
        assert {leak.channel for leak in told} == {"file"}

    def test_a_cache_that_both_audiences_share_needs_the_door_of_staff(self) -> None:
        """Nobody else fills it: that is why `Application.staff` exists."""
        assert_no_leak(lambda documents: leaky.SharedCache(documents).customers)

        assert leaks_of(whole(leaky.SharedCache))

    def test_scores_to_the_last_bit_are_compared(self) -> None:
        """No token, no other order: a digit of a score is all that moves."""
        (*_, last) = leaks_of(whole(leaky.SharedStatistics))

        assert "differs with other internal documents" in last.what

    @pytest.mark.parametrize(
        ("name", "content", "what"),
        [
            ("old.bin", "titles", "holds the token in `title` of the draft article"),
            ("old.bin", "size", "differs with other internal documents"),
        ],
    )
    def test_a_published_file_is_read_to_its_last_byte(
        self, folders: Iterator[Path], name: str, content: str, what: str
    ) -> None:
        """In any encoding; and its size must not tell how much there is to hide."""
        leaks = leaks_of(lambda documents: with_files(documents, next(folders), name, content))

        assert {(leak.channel, leak.asked) for leak in leaks} == {("file", name)}
        assert any(what in leak.what for leak in leaks)

    def test_a_directory_can_be_named_beside_a_plain_function(
        self, folders: Iterator[Path]
    ) -> None:
        """For applications that always publish to one place."""
        made: list[Path] = []

        def make_searcher(documents: Sequence[Document]) -> Any:
            made.append(next(folders))
            return with_files(documents, made[-1], "n", "size").customers

        assert {leak.asked for leak in leaks_of(make_searcher, directory=lambda: made[-1])} == {"n"}

    def test_a_file_that_one_world_lacks_is_caught(self, folders: Iterator[Path]) -> None:
        """Its name alone tells something."""
        names = (f"part-{number}" for number in count())

        leaks = leaks_of(lambda documents: with_files(documents, next(folders), next(names), ""))

        assert [str(leak) for leak in leaks] == [
            "file part-0: is there in one world only",
            "file part-1: is there in one world only",
        ]

    def test_questions_of_ones_own_are_asked_too(self) -> None:
        """A leak may need a word that only this helpdesk uses."""

        def make_searcher(documents: Sequence[Document]) -> Any:
            search = OwnSearch(documents)
            return lambda q: search.staff("tunnel") if q == "sesame" else search.customers(q)

        assert_no_leak(make_searcher)

        assert {leak.asked for leak in leaks_of(make_searcher, questions=["sesame"])} == {"sesame"}


class TestTheMessage:
    """Who reads it in a log of many tests must know what to do."""

    def test_names_channel_question_document_and_field(self) -> None:
        """The first of a kind is shown, the others are counted."""
        with pytest.raises(LeakError, match="customers could tell") as raised:
            assert_no_leak(whole(leaky.RelatedTitles))

        lines = str(raised.value).splitlines()
        assert lines[1].startswith(
            "  answer when asked 'the tunnel drops when the lid is closed': holds the token in `"
        )
        assert any("of the unpublished ticket (and " in line for line in lines)

    def test_never_floods(self) -> None:
        """Five kinds at most; the rest is an attribute."""
        with pytest.raises(LeakError, match=r"other kinds, see `\.leaks`") as raised:
            assert_no_leak(lambda documents: OwnSearch(documents).staff)

        assert len(str(raised.value).splitlines()) == 7
        assert max(map(len, str(raised.value).splitlines())) < 300
        assert len(raised.value.leaks) > 50

    def test_survives_pickling(self) -> None:
        """pytest-xdist sends errors from process to process."""
        error = LeakError([Leak(channel="answer", asked="q", what="holds it")])

        again = pickle.loads(pickle.dumps(error))

        assert (str(again), again.leaks) == (str(error), error.leaks)


class TestWhatProvesNothing:
    """A check of an empty desk would always be green."""

    @pytest.mark.parametrize(
        "answer", [[], "Nothing found.", None, SearchResult(query="", k=1, hits=())]
    )
    def test_answers_without_a_public_article_are_an_error(self, answer: object) -> None:
        """The documents were not taken in, or answers show nothing of them."""
        with pytest.raises(NothingFoundError, match="3 of 3 questions of customers found no"):
            assert_no_leak(lambda documents: lambda question: answer)

    def test_an_application_that_always_fails_is_an_error(self) -> None:
        """The message holds what it said."""

        def answer(question: str) -> object:
            raise ConnectionError("refused on port 8000")

        with pytest.raises(NothingFoundError, match="ConnectionError: refused on port 8000"):
            assert_no_leak(lambda documents: answer)

    def test_a_door_for_staff_without_internal_documents_is_an_error(self) -> None:
        """What was never indexed cannot leak; repeating the question is no find."""

        def make_searcher(documents: Sequence[Document]) -> Application:
            search = OwnSearch(documents)
            return Application(
                search.customers, lambda asked: f"{asked}: {search.customers(asked)}"
            )

        with pytest.raises(NothingFoundError, match="No answer for staff held anything internal"):
            assert_no_leak(make_searcher)

    def test_an_empty_directory_is_an_error(self, tmp_path: Path) -> None:
        """A path that was mistyped holds no token either."""
        with pytest.raises(NothingFoundError, match="There is no file in"):
            assert_no_leak(
                lambda documents: OwnSearch(documents).customers, directory=tmp_path / "none"
            )
