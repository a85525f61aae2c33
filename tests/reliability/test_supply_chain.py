"""What is installed with kbsearch: few packages, known by hash, under licences that bind nobody."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_MOST_CORE_PACKAGES = 5
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_COPYLEFT = re.compile(r"\b(?:L|A)?GPL|General Public License", re.IGNORECASE)


def project() -> dict[str, list[str]]:
    """Core dependencies under "", and each extra."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    """`bm25s` of `bm25s[stem]>=0.3`."""
    found = _NAME.match(requirement)
    assert found is not None
    return normal(found[0])


def installed_below(names: list[str]) -> Iterator[str]:
    """These packages and all that they need here, extras of others left out."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            needed = distribution(name).requires or []
        except PackageNotFoundError:  # of another system or Python
            continue
        yield name
        waiting += [name_of(each) for each in needed if "extra ==" not in each]


def licence_of(name: str) -> str:
    """All that its metadata say of its licence, but for the licence's own text."""
    stated = distribution(name).metadata
    texts = stated.get_all("License-Expression") or stated.get_all("License") or []
    classifiers = stated.get_all("Classifier") or []
    return " ".join([t[:300] for t in texts] + [c for c in classifiers if c.startswith("License")])


def is_copyleft(licence: str) -> bool:
    """Whether it is of the GPL family."""
    return bool(_COPYLEFT.search(licence))


def test_the_core_has_at_most_five_dependencies() -> None:
    """Each is one more to trust, to update and to explain; CONTRIBUTING.md says why it is there."""
    assert len(project()[""]) <= _MOST_CORE_PACKAGES


def test_nothing_that_the_core_installs_is_under_the_gpl() -> None:
    """
    Direct and indirect, as installed here, by what each package says of itself.

    Libraries inside of wheels are not listed there: NumPy's and SciPy's hold
    GCC's runtime, under the GPL with the exception for what is linked to it.
    """
    found = {
        name: licence_of(name)
        for name in installed_below([name_of(each) for each in project()[""]])
        if is_copyleft(licence_of(name))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("GPL-3.0-or-later", True),
        ("LGPLv2", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("BSD-3-Clause", False),
        ("Apache-2.0", False),
    ],
)
def test_a_licence_of_the_gpl_family_would_be_found(licence: str, expected: bool) -> None:
    """Control: in each form that metadata use."""
    assert is_copyleft(licence) is expected


def locked(path: Path) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package."""
    found = {}
    for block in re.split(r"\n(?=\S)", path.read_text("utf-8")):
        head = re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", block)
        if head:
            found[normal(head[1])] = (head[2], block.count("--hash=sha256:"))
    return found


class TestTheLocks:
    """What `make` installs: exact versions, each with the hashes of its files."""

    def test_every_line_is_an_exact_version_with_a_hash(self) -> None:
        """pip refuses all others in this mode; so does this test before a push."""
        for path in (ROOT / "locks").glob("*.txt"):
            lines = [line for line in path.read_text("utf-8").splitlines() if line[:1].isalnum()]

            assert len(locked(path)) == len(lines), path.name
            assert all(n_hashes for _, n_hashes in locked(path).values()), path.name

    def test_they_hold_every_dependency_of_every_extra(self) -> None:
        """Of the core and all extras, in the one file or the other."""
        held = {name for path in (ROOT / "locks").glob("*.txt") for name in locked(path)}
        wanted = {name_of(each) for needed in project().values() for each in needed}

        assert wanted - {"kbsearch"} <= held

    def test_they_agree_with_the_constraints(self) -> None:
        """One version of each package, whichever way it is installed."""
        lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        pairs = [line.split("==") for line in lines if "==" in line]
        constraints = {normal(name): version for name, version in pairs}
        for path in (ROOT / "locks").glob("*.txt"):
            versions = {name: version for name, (version, _) in locked(path).items()}

            assert {n: v for n, v in versions.items() if constraints.get(n, v) != v} == {}


@pytest.mark.nightly
@pytest.mark.skipif(find_spec("hatchling") is None, reason="needs hatchling, as locks/dev.txt has")
def test_a_wheel_that_is_built_twice_is_the_same(tmp_path: Path) -> None:
    """From a clean copy each time, so that anybody can compare it with the published one."""
    hashes = []
    for name in ("first", "second"):
        copy = tmp_path / name
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
            cwd=copy,
            check=True,
            capture_output=True,
        )
        (wheel,) = (copy / "dist").glob("*.whl")
        hashes.append(sha256(wheel.read_bytes()).hexdigest())

    assert hashes[0] == hashes[1]
