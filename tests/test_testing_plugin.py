"""The pytest plugin: fixtures for who asks, nothing for who does not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.source_rules import HOMES, imports_of, modules_of_the_package
from tests.test_architecture import packages_loaded_by

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "kbsearch.testing.plugin")
ROOT = Path(__file__).resolve().parents[1]

USER_TESTS = """
    def test_the_desk_is_empty_and_in_the_tests_own_folder(kbsearch_desk, tmp_path):
        assert kbsearch_desk.searcher("internal").count() == 0
        assert kbsearch_desk.path.parent == tmp_path

    def test_the_desk_takes_the_canaries(kbsearch_desk, kbsearch_canaries, kbsearch_embedder):
        kbsearch_desk.upsert(kbsearch_canaries.documents)

        (hit,) = kbsearch_desk.searcher("external").search("new phone", k=1)

        assert hit.id == "kb:new-phone"
        assert kbsearch_desk.embedder is kbsearch_embedder
"""
OTHER_TESTS = """
    import sys

    def test_nothing_of_it_was_loaded():
        loaded = {name.partition(".")[0] for name in sys.modules}
        assert not loaded & {"numpy", "pydantic", "torch", "faiss", "bm25s"}
        assert "kbsearch.desk" not in sys.modules

    def test_that_fails():
        assert [1, 2] == [1, 3]
"""


def test_its_fixtures_make_a_desk_without_a_model(pytester: pytest.Pytester) -> None:
    """In a folder of the test's own, closed afterwards."""
    pytester.makepyfile(USER_TESTS)

    result = pytester.runpytest_subprocess(*PLUGIN)

    result.assert_outcomes(passed=2)


def test_unused_it_changes_nothing(pytester: pytest.Pytester) -> None:
    """It loads in every run of an environment: same outcomes, same words, nothing heavy."""
    pytester.makepyfile(OTHER_TESTS)
    told = []
    for options in (PLUGIN, ("-p", "no:kbsearch.testing.plugin")):
        result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", *options)
        result.assert_outcomes(passed=1, failed=1)
        told.append([line.partition(" passed in ")[0] for line in result.outlines])

    assert told[0] == told[1]


def test_its_fixtures_are_listed_with_what_they_are(pytester: pytest.Pytester) -> None:
    """`pytest --fixtures` is where people look."""
    result = pytester.runpytest_subprocess("--fixtures", *PLUGIN)

    result.stdout.fnmatch_lines(
        ["kbsearch_embedder*", "*without a model*", "kbsearch_desk*", "kbsearch_canaries*"]
    )


def test_is_announced_under_the_name_of_its_module() -> None:
    """Under another one, `-p kbsearch.testing.plugin` beside it would be an error of pytest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["entry-points"]["pytest11"] == {
        "kbsearch.testing.plugin": "kbsearch.testing.plugin"
    }


def test_importing_it_loads_nothing_but_pytest() -> None:
    """Every test run of the environment waits for it."""
    loaded = packages_loaded_by("import kbsearch.testing.plugin")

    assert loaded & {*HOMES, "pydantic", "scipy"} == {"pytest"}


def test_the_other_modules_need_no_pytest_torch_or_faiss() -> None:
    """A script of a helpdesk may check its own wall in production."""
    statement = "from kbsearch.testing import *; canary_corpus()"

    loaded = packages_loaded_by(statement)

    assert loaded & {*HOMES} - {"numpy", "sqlite3"} == set()


def test_nothing_that_is_shipped_needs_the_tests_of_this_repository() -> None:
    """A wheel has no folder `tests`."""
    modules = modules_of_the_package()

    assert [m.name for m in modules if any(n.startswith("tests") for n in imports_of(m))] == []


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    """As of any module."""
    import kbsearch.testing

    with pytest.raises(AttributeError, match="has no attribute 'canary'"):
        _ = kbsearch.testing.canary
    assert "assert_no_leak" in dir(kbsearch.testing)
