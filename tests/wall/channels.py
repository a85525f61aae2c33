"""
Every way in which the far side of a wall could show, and what looks there.

A channel is covered by looks of `watching.py`, which every pair of worlds is
compared by, and by tests, named `file::test` or `file::Class::test`.
"""

from __future__ import annotations

from typing import NamedTuple

_HERE = "tests/wall"


class Channel(NamedTuple):
    """What looks at a channel; `is_absent` if kbsearch has no such thing, and a test says so."""

    looks: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    is_absent: bool = False


def _seen_by(*looks: str) -> Channel:
    return Channel(looks=looks)


def _shown_by(*tests: str, looks: tuple[str, ...] = ()) -> Channel:
    return Channel(looks=looks, tests=tuple(f"{_HERE}/{test}" for test in tests))


_ABSENT = Channel(
    tests=(f"{_HERE}/test_channels.py::test_a_result_has_no_other_fields_than_are_watched",),
    is_absent=True,
)

CHANNELS = {
    "hits": _seen_by("search", "cli", "cli_json"),
    "ids": _seen_by("search", "rank", "ids", "standing"),
    "order": _seen_by("search", "rank", "similar"),
    "scores to the last bit": _seen_by("search", "rank"),
    "total counts": _seen_by("count", "stats", "check", "cli"),
    "facets": _ABSENT,
    "snippets": _seen_by("search", "cli"),
    "highlights": _seen_by("search", "cli_json"),
    "what fixed similar tickets": _shown_by(
        "test_fixes.py::test_customers_are_told_of_fixes_what_was_published_to_them",
        looks=("similar", "cli"),
    ),
    "related documents": _seen_by("similar", "cli"),
    "duplicates and clusters": _seen_by("duplicates", "find_duplicates", "bursts", "cli"),
    "duplicate suppression": _seen_by("search", "similar"),
    "spelling and suggestions": _seen_by("search", "similar", "cli"),
    "synonyms": _seen_by("search", "rank", "cli_json"),
    "document frequencies and average length": _seen_by("search", "files"),
    "score normalisation": _seen_by("search", "similar"),
    "fusion ranks": _seen_by("rank", "search"),
    "index centroids and codebooks": _seen_by("files", "search"),
    "thresholds calibrated on all data": _shown_by(
        "test_planted_leaks.py::test_a_planted_leak_is_caught_where_it_shows",
        looks=("files", "boilerplate", "removed", "search", "similar", "find_duplicates"),
    ),
    "caches": _shown_by(
        "test_planted_leaks.py::test_a_planted_leak_is_caught_where_it_shows",
        looks=("search", "similar", "get"),
    ),
    "error texts and types": _seen_by("wrong_use", "get", "rollback_error", "cli"),
    "warnings": _seen_by("warnings"),
    "log lines": _shown_by(
        "test_canary.py::test_no_canary_is_in_any_answer_error_log_line_or_print",
        looks=("log_lines",),
    ),
    "metrics labels": _ABSENT,
    "timings": Channel(
        tests=("benchmarks/wall.py::time_oracles", "benchmarks/wall.py::time_sizes")
    ),
    "snapshot numbers": _seen_by("snapshots", "stats", "rebuilt"),
    "file names and bytes": _seen_by("files", "files_after_all_that"),
    "file sizes and modes": _seen_by("file_sizes_and_modes"),
    "file times": _seen_by("touched"),
    "get by id": _shown_by(
        "test_existence.py::test_a_hidden_id_and_one_that_never_was_are_told_apart_by_nothing",
        looks=("get", "removed"),
    ),
    "pagination cursors": _ABSENT,
    "attachments, links and alt text": _seen_by("search", "get"),
    "exported JSON": _seen_by("cli_json"),
    "explanations": _seen_by("search", "rank", "explain", "cli", "cli_json"),
    "what a reranker is given": Channel(
        tests=(
            "tests/test_reranking.py"
            "::TestSearches::test_customers_reranker_is_given_what_customers_may_read",
        )
    ),
    "dry runs and reports": _seen_by("preview", "repair", "rebuilt"),
    "tracebacks": _shown_by(
        "test_canary.py::test_no_canary_is_in_any_answer_error_log_line_or_print",
        looks=("get", "wrong_use"),
    ),
    "temporary files": _seen_by("temporary_files"),
    "embedding batches": _shown_by(
        "test_batches.py::test_no_call_of_the_embedder_holds_texts_of_both_sides",
        looks=("files", "search"),
    ),
    "what people said of results": Channel(
        looks=("feedback_labels", "files"),
        tests=(
            "tests/test_feedback.py"
            "::TestWall::test_what_staff_say_changes_nothing_that_customers_can_see",
        ),
    ),
    "audience arguments": _shown_by(
        "test_default_deny.py::TestEveryDoor::test_refuses_what_is_no_audience"
    ),
    "marks of records": _shown_by(
        "test_default_deny.py::TestTenThousandRecords::test_are_public_only_where_they_say_so_exactly"
    ),
    "what staff alone may ask": _seen_by("for_staff"),
    "bundles": Channel(
        tests=("tests/test_bundle_identity.py::TestByteIdentity::test_whatever_staff_know",)
    ),
    "groups of staff": _shown_by(
        "test_default_deny.py::TestEveryDoorOfGroups::test_refuses_what_is_no_list_of_groups",
        "test_default_deny.py::TestEveryDoorOfGroups::test_lets_no_customer_in",
    ),
    "labels and what is judged": _seen_by("labels", "judging", "cli", "cli_json"),
    "what a desk would have answered": _seen_by("replay", "history", "cli", "cli_json"),
    "vectors": _shown_by(
        "test_canary.py::test_no_vector_of_an_internal_passage_stands_in_any_external_file"
    ),
}

READS_OF_A_DESK = {
    "feedback_labels": ("feedback_labels",),
    "known_labels": ("labels", "feedback_labels"),  # of which it is made
    "searcher": ("search", "rank", "similar", "explain", "get", "removed", "boilerplate", "count"),
    "stats": ("stats",),
    "check": ("check",),
    "repair": ("repair",),
    "snapshots": ("snapshots",),
    "rollback": ("rollback_error",),
    "ids": ("ids",),
    "standing": ("standing",),
    "duplicates": ("duplicates",),
    "find_duplicates": ("find_duplicates",),
    "bursts": ("bursts",),
    "labels": ("labels",),
    "judging": ("judging",),
    "replay": ("replay",),
    "history": ("history",),
}
"""Every method of a desk that takes an audience, and the looks that it is asked by."""

FOR_STAFF = {
    "why_visible": "tells of staff's and of customers' shelf together",
    "check_outgoing": "quotes what only staff know",
    "check_voice": "tells which words are the staff's own; the audience is who reads the text",
    "check_voices": "likewise of all that an audience reads",
    "twins": "compares articles of staff's and of customers' shelf",
    "preview_publishing": "shows what customers do not read yet",
    "promotions": "lists what staff know and customers have asked for",
    "audit": "tells who published what, and what customers have lost",
    "published_labels": "what staff have linked between what customers may read",
    "feedback_given": "quotes what was asked, and names who did",
    "document_feedback": "counts what staff and customers said together",
    "check_bundle": "compares a bundle with what only staff know",
}
"""What else may be asked of a desk, by staff alone, and why: by the look `for_staff`."""

NO_READS = {
    *("create", "open", "close", "rebuild", "upsert", "delete", "withdraw", "forget", "publish"),
    *("feedback", "mark_in_step", "unmark_twins", "export_shelf", "groups", "calibrate"),
    *("train", "tune", "use_model"),
}
"""
What changes a desk, and its list of groups: for who runs it, and never for who reads.

What `export_shelf` gives to customers' host is the channel "bundles".
"""
STAFF_ONLY = {"why_visible"}
"""Reads that take no audience because only insiders may ask them."""

READS_OF_A_SEARCHER = (
    *("search", "rank", "similar", "explain", "get", "removed", "boilerplate", "count"),
)

COMMANDS = {
    *("search", "similar", "explain", "duplicates", "bursts", "show"),
    *("stats", "check", "snapshots", "boilerplate", "labels", "judge", "replay"),
}
"""Every command that takes --audience; each is run for people and with --json."""

COMMANDS_FOR_STAFF = {"check-voice", "feedback", "train", "tune"}
"""
Those whose --audience says who a text, a ranking or a model is for, or whose shelf is
written to; what they show is for staff: see `FOR_STAFF`.
"""
