"""The commands that read documents: search, similar, show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbsearch import ArticleStatus, Audience, Resolution, SearchResult, TicketStatus
from kbsearch.cli.options import Status
from tests.builders import agent_says, article, customer_says, resolved_ticket, ticket
from tests.cli_runner import make_desk, run, run_json

PUBLIC = article(
    "tunnel",
    "Quit the tunnel and start it again.",
    Audience.EXTERNAL,
    product="link",
    language="en",
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
)
STAFF = article(
    "tunnel-staff",
    "Reset the tunnel on server edge-03.",
    Audience.INTERNAL,
    tags=("tunnel", "servers"),
    language="de",
    created_at=datetime(2026, 5, 1, tzinfo=UTC),
)
FIXED = resolved_ticket("1", "The tunnel is down.", "Update the tunnel to 4.6.", product="link")
OPEN = ticket("2", "The tunnel is down again.", status=TicketStatus.PENDING)
NOTED = ticket(
    "3",
    "A card was charged twice.",
    messages=(
        customer_says("A card was charged twice.", id="m1"),
        agent_says("Reversed by hand in the console.", public=False, id="m2"),
    ),
    status=TicketStatus.RESOLVED,
    resolution=Resolution(text="Reversed by hand.", message_id="m2"),
    article_ids=("kb:tunnel",),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that these tests only read."""
    path = tmp_path_factory.mktemp("desk") / "a.kb"
    return make_desk(path, PUBLIC, STAFF, FIXED, OPEN, NOTED)


class TestSearch:
    """Staff and customers ask the same words and get what is theirs."""

    def test_shows_staff_both_shelves_each_hit_labelled(self, filled: Path) -> None:
        """The label is what keeps an agent from pasting the wrong one."""
        result = run("search", "tunnel", "--desk", filled, "--audience", "internal")

        assert result.exit_code == 0
        assert "external  Quit the tunnel and start" in result.stdout
        assert "internal  Reset the tunnel on server" in result.stdout
        assert "fixed by: Update the tunnel to 4.6. (desk:1#2)" in result.stdout
        assert "words tunnel" in result.stdout

    def test_says_how_many_hits_say_nearly_the_same(self, tmp_path: Path) -> None:
        """One answer that stands in three articles is one line, and whoever reads it knows."""
        steps = " ".join(f"step{n} of the tunnel's reset" for n in range(12))
        copies = [article(name, f"{steps} {name}", Audience.INTERNAL) for name in "abc"]
        desk = make_desk(tmp_path / "a.kb", *copies)

        result = run("search", "tunnel reset", "-d", desk, "-a", "internal")

        assert result.stdout.count("kb:") == 1
        assert "· 2 more that say nearly the same" in result.stdout

    def test_shows_customers_nothing_of_the_internal_shelf(self, filled: Path) -> None:
        """The wall, seen from the command line."""
        result = run("search", "tunnel", "-d", filled, "-a", "external", "-k", "10")

        assert "kb:tunnel ·" in result.stdout
        for hidden in ("edge-03", "kb:tunnel-staff", "desk:1", "internal"):
            assert hidden not in result.output

    def test_answers_with_the_librarys_own_result_as_json(self, filled: Path) -> None:
        """One object, with all that the library says."""
        answer = run_json("search", "tunnel", "-d", filled, "-a", "external")

        result = SearchResult.model_validate(answer)
        assert [hit.id for hit in result] == ["kb:tunnel"]
        assert result[0].title == PUBLIC.title

    @pytest.mark.parametrize(
        ("options", "found"),
        [
            (["--kind", "article"], ["kb:tunnel", "kb:tunnel-staff"]),
            (["--kind", "ticket"], ["desk:1", "desk:2"]),
            (["--product", "link"], ["kb:tunnel", "desk:1"]),
            (["--product", "link", "--product", "pay"], ["kb:tunnel", "desk:1"]),
            (["--tag", "tunnel", "--tag", "servers"], ["kb:tunnel-staff"]),
            (["--status", "pending"], ["desk:2"]),
            (["--status", "pending", "--status", "resolved"], ["desk:1", "desk:2"]),
            (["--language", "de"], ["kb:tunnel-staff"]),
            (["--resolved"], ["desk:1"]),
            (["--kind", "ticket", "--unresolved"], ["desk:2"]),
            (["--created-from", "2026-03-01"], ["kb:tunnel", "kb:tunnel-staff"]),
            (["--created-from", "2026-03-01T01:00+00:00"], ["kb:tunnel-staff"]),
            (["--created-before", "2026-05-01"], ["kb:tunnel"]),
        ],
        ids=" ".join,
    )
    def test_hands_every_filter_on(
        self, filled: Path, options: list[str], found: list[str]
    ) -> None:
        """A filter that is lost on the way would look like an answer."""
        answer = run_json("search", "tunnel", "-d", filled, "-a", "internal", *options)

        about_tunnels = {hit["id"] for hit in answer["hits"] if hit["id"] != NOTED.id}
        assert about_tunnels == set(found)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--created-from", "yesterday"], "'yesterday' is no date"),
            (["--language", "English"], "'English' is no language code"),
            (["--status", "solved"], "'solved' is not one of"),
            (["-k", "0"], "k = 0 is out of range"),
            (["-k", "many"], "valid integer"),
        ],
        ids=["date", "language", "status", "k", "no number"],
    )
    def test_a_wrong_value_is_wrong_use(
        self, filled: Path, options: list[str], message: str
    ) -> None:
        """Never an empty answer that looks like a true one."""
        result = run("search", "tunnel", "-d", filled, "-a", "internal", *options)

        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stdout == ""

    def test_an_empty_desk_says_so(self, tmp_path: Path) -> None:
        """No hits, no error, and the reason."""
        desk = make_desk(tmp_path / "a.kb")

        result = run("search", "tunnel", "-d", desk, "-a", "external")

        assert result.exit_code == 0
        assert result.stdout == "Nothing is indexed for this audience yet.\n"

    def test_takes_the_desk_from_the_environment(self, filled: Path) -> None:
        """Said once for all commands."""
        result = run(
            "search", "tunnel", "-a", "external", environment={"KBSEARCH_DESK": str(filled)}
        )

        assert result.exit_code == 0
        assert "kb:tunnel" in result.stdout


@pytest.mark.parametrize(
    "command",
    [["search", "tunnel"], ["similar", "desk:1"], ["show", "kb:tunnel"], ["stats"], ["check"]],
    ids=lambda command: command[0],
)
class TestEveryReadingCommand:
    """What all of them refuse."""

    def test_refuses_to_guess_the_audience(self, filled: Path, command: list[str]) -> None:
        """A default would one day be the wrong one."""
        result = run(*command, "--desk", filled)

        assert result.exit_code == 2
        assert "--audience" in result.stderr
        assert result.stdout == ""

    @pytest.mark.parametrize("audience", ["customers", "External", "", "internal "])
    def test_refuses_an_unknown_audience(
        self, filled: Path, command: list[str], audience: str
    ) -> None:
        """Only the two exact names count."""
        result = run(*command, "--desk", filled, "--audience", audience)

        assert result.exit_code == 2
        assert "internal" in result.stderr
        assert result.stdout == ""

    def test_refuses_a_path_that_is_no_desk(self, tmp_path: Path, command: list[str]) -> None:
        """And says what would be one."""
        result = run(*command, "--desk", tmp_path, "--audience", "internal")

        assert result.exit_code == 2
        assert "is no desk: it holds no kbsearch.toml" in result.stderr

    def test_reports_a_desk_that_is_not_there_as_json_too(
        self, tmp_path: Path, command: list[str]
    ) -> None:
        """A script gets one object on stdout whatever happens."""
        answer = run_json(*command, "-d", tmp_path / "no.kb", "-a", "internal")

        assert answer["error"]["type"] == "DeskNotFoundError"
        assert answer["error"]["exit_code"] == 2


class TestSimilar:
    """Tickets like one on the desk, or like a few words."""

    def test_finds_the_resolved_ticket_first_with_what_fixed_it(self, filled: Path) -> None:
        """The question that agents have."""
        answer = run_json("similar", "desk:2", "-d", filled, "-a", "internal", "-k", "1")

        assert [hit["id"] for hit in answer["hits"]] == ["desk:1"]
        assert answer["hits"][0]["resolution"]["text"] == "Update the tunnel to 4.6."

    def test_takes_a_problem_in_words(self, filled: Path) -> None:
        """Before a ticket is saved."""
        answer = run_json("similar", "--text", "Tunnel down!", "-d", filled, "-a", "internal")

        assert answer["hits"][0]["id"] == "desk:1"
        assert answer["query"] == "Tunnel down!"

    def test_shows_what_only_staff_may_know_as_such(self, filled: Path) -> None:
        """A private resolution is the answer, but not for the customer."""
        result = run("similar", "--text", "card charged twice", "-d", filled, "-a", "internal")

        assert "staff only: Reversed by hand. (m2)" in result.stdout

    @pytest.mark.parametrize("given", [[], ["desk:1", "--text", "Tunnel down!"]])
    def test_wants_either_an_id_or_words(self, filled: Path, given: list[str]) -> None:
        """With both, one would be ignored in silence."""
        result = run("similar", *given, "-d", filled, "-a", "internal")

        assert result.exit_code == 2
        assert "either the id of a ticket or the problem" in result.stderr

    @pytest.mark.parametrize(
        ("given", "code", "message"),
        [
            (["desk:404"], 1, "There is no document 'desk:404'"),
            (["kb:tunnel"], 2, "is an article"),
            (["--text", " "], 1, "it has no text"),
        ],
    )
    def test_says_what_is_wrong_with_the_ticket(
        self, filled: Path, given: list[str], code: int, message: str
    ) -> None:
        """Not there, not a ticket, nothing in it."""
        result = run("similar", *given, "-d", filled, "-a", "internal")

        assert result.exit_code == code
        assert message in result.stderr


class TestShow:
    """A document as its audience may read it."""

    def test_shows_staff_the_private_note_marked_as_such(self, filled: Path) -> None:
        """The whole conversation, and what fixed it."""
        result = run("show", NOTED.id, "-d", filled, "-a", "internal")

        assert result.exit_code == 0
        assert "agent · staff only\n  Reversed by hand in the console." in result.stdout
        assert "what fixed it · staff only (m2)\n  Reversed by hand." in result.stdout
        assert "articles: kb:tunnel" in result.stdout

    def test_shows_an_article_with_who_may_read_it(self, filled: Path) -> None:
        """An agent sees at a glance whether the link can be sent."""
        public = run("show", PUBLIC.id, "-d", filled, "-a", "internal").stdout
        private = run("show", STAFF.id, "-d", filled, "-a", "internal").stdout

        assert "customers may read it" in public
        assert PUBLIC.body in public
        assert "staff only" in private

    def test_answers_customers_alike_for_hidden_and_missing_ones(self, filled: Path) -> None:
        """Else ids could be guessed to learn what staff write about."""
        hidden = run("show", "kb:tunnel-staff", "-d", filled, "-a", "external")
        missing = run("show", "kb:tunnel-nobody", "-d", filled, "-a", "external")

        assert hidden.exit_code == missing.exit_code == 1
        assert hidden.stderr == missing.stderr.replace("nobody", "staff")

    def test_gives_the_document_as_json(self, filled: Path) -> None:
        """As it would be added again."""
        answer = run_json("show", PUBLIC.id, "-d", filled, "-a", "external")

        assert type(PUBLIC).model_validate(answer) == PUBLIC


def test_the_statuses_of_the_filter_are_those_of_documents() -> None:
    """The list is written out for shell completion; it must not fall behind."""
    assert set(Status) == {*ArticleStatus, *TicketStatus}
