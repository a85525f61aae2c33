"""
The design is kept by machine: layers, who may import what, what may never be called, sizes.

Every rule has a control, a planted fault that its checker must report: a rule
that cannot fail protects nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

import pytest

from tests.source_rules import (
    HOMES,
    Module,
    cycle_faults,
    docstring_faults,
    export_faults,
    file_faults,
    home_faults,
    layer_faults,
    modules_of_the_package,
    safety_faults,
    scripts_of_the_project,
    size_faults,
    sql_faults,
)

MODULES = modules_of_the_package()
PACKAGES = [module.name for module in MODULES if module.is_package]
HEAVY = {*HOMES, "numba", "scipy", "sklearn", "pandas", "pydantic"}
HEAVY_AFTER_ALL_NAMES = {*HOMES, "numba", "scipy", "sklearn", "pandas"} - {"numpy", "sqlite3"}


def packages_loaded_by(statement: str) -> set[str]:
    """Top-level packages in `sys.modules` after a statement in a fresh interpreter."""
    program = f"{statement}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    printed = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    return {name.partition(".")[0] for name in json.loads(printed)}


def test_imports_point_down_only() -> None:
    """A lower layer that knows a higher one cannot be read, tested or replaced alone."""
    assert layer_faults(MODULES) == []


def test_no_modules_import_each_other_in_a_ring() -> None:
    """Within a layer too: a ring works until someone imports its other end first."""
    assert cycle_faults(MODULES) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_module_keeps_to_the_rules(module: Module) -> None:
    """Who may import what, where SQL stands, what may never be called, what must be said."""
    faults = home_faults(module) + sql_faults(module) + safety_faults(module)
    faults += (
        file_faults(module) + size_faults(module) + export_faults(module) + docstring_faults(module)
    )

    assert faults == []


def test_tests_and_benchmarks_keep_to_the_limits_on_size() -> None:
    """A test that nobody reads to its end specifies nothing."""
    assert [fault for script in scripts_of_the_project() for fault in size_faults(script)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_that_a_package_lists_can_be_imported(package: str) -> None:
    """`__all__` is a promise; a name that was moved away breaks it."""
    loaded = import_module(package)

    missing = [name for name in getattr(loaded, "__all__", ()) if not hasattr(loaded, name)]

    assert missing == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    """A web worker or a command's `--help` must not wait seconds for torch."""
    assert packages_loaded_by("import kbsearch") & HEAVY == set()


def test_every_public_name_is_reached_without_loading_a_model_or_an_index() -> None:
    """Type annotations and settings need the names, not the engines."""
    assert packages_loaded_by("from kbsearch import *") & HEAVY_AFTER_ALL_NAMES == set()


class TestEveryRuleCanFail:
    """Controls: the planted fault is reported, and what is allowed beside it is not."""

    @pytest.mark.parametrize(
        ("name", "source"),
        [
            ("kbsearch.models.ticket", "from kbsearch.store import RecordReader"),
            ("kbsearch.search.delta", "from kbsearch.indexing import upsert"),
            ("kbsearch.indexing.upsert", "def f():\n    import kbsearch.search.hits"),
            ("kbsearch.store.rows", "if TYPE_CHECKING:\n    from kbsearch import snapshots"),
            ("kbsearch.text.html", "from ..vector import flat"),
            ("kbsearch.desk", "from kbsearch import KnowledgeBase"),
            ("kbsearch.helpers", "x = 1"),
        ],
    )
    def test_an_import_that_points_up_or_sideways_is_reported(self, name: str, source: str) -> None:
        """Upwards, sideways, lazily, for types only, relative, by way of the package itself."""
        planted = [Module(name, source), Module("kbsearch.snapshots", "", is_package=True)]

        assert len(layer_faults(planted)) == 1

    def test_an_import_that_points_down_is_not_reported(self) -> None:
        """Otherwise the rule above would pass its controls by reporting everything."""
        below = "from kbsearch import files\nfrom kbsearch.models import Ticket\nimport json"

        planted = [Module("kbsearch.store.rows", below), Module("kbsearch.files", "")]

        assert layer_faults(planted) == []

    def test_a_ring_of_imports_is_reported(self) -> None:
        """Two siblings of one package, each of which needs the other."""
        planted = [
            Module("kbsearch.store.a", "from kbsearch.store import b"),
            Module("kbsearch.store.b", "from kbsearch.store.a import f"),
        ]

        assert len(cycle_faults(planted)) == 1
        assert cycle_faults(planted[:1]) == []

    @pytest.mark.parametrize("package", sorted(HOMES))
    def test_a_package_outside_its_home_is_reported(self, package: str) -> None:
        """`layout` may know none of them; each may be imported at home."""
        source = f"def f():\n    from {package}.part import thing"
        home = min(HOMES[package])

        assert home_faults(Module("kbsearch.layout", source)) != []
        assert home_faults(Module(f"kbsearch.{home}.x", source)) == []

    def test_an_import_by_name_is_reported(self) -> None:
        """It would hide from every other rule."""
        source = "importlib.import_module('faiss')"

        assert home_faults(Module("kbsearch.desk", source)) == ["kbsearch.desk imports by name"]

    @pytest.mark.parametrize(
        "source",
        [
            "q = 'SELECT id FROM document'",
            "q = f'insert or replace into {t} values (?)'",
            "q = 'UPDATE document SET a = 1'",
            "q = 'PRAGMA synchronous=FULL'",
            "connection.execute(q)",
        ],
    )
    def test_sql_outside_the_store_is_reported(self, source: str) -> None:
        """In any case of letters, in an f-string, and where it is run."""
        assert len(sql_faults(Module("kbsearch.search.x", source))) == 1
        assert sql_faults(Module("kbsearch.store.x", source)) == []
        assert sql_faults(Module("kbsearch.search.x", '"""Select what is from a shelf."""')) == []

    def test_the_stores_own_sql_would_be_reported_elsewhere(self) -> None:
        """The pattern knows the SQL that is really written here, not only the planted one."""
        speaking = [m for m in MODULES if m.layer == "store" and "SELECT" in m.source]

        found = [sql_faults(m._replace(name="kbsearch.search.x")) for m in speaking]

        assert speaking
        assert all(found)

    @pytest.mark.parametrize(
        "source",
        [
            "import pickle",
            "from joblib import load",
            "torch.load(path)",
            "eval(text)",
            "exec(text)",
            "yaml.load(text)",
            "numpy.load(path, allow_pickle=True)",
            "numpy.load(path, allow_pickle=flag)",
            "Model(name, trust_remote_code=True)",
            "Model(name, **{'trust_remote_code': True})",
        ],
    )
    def test_a_way_to_run_code_from_data_is_reported(self, source: str) -> None:
        """A desk's files and models may come from someone else."""
        assert len(safety_faults(Module("kbsearch.files", source))) == 1

    def test_a_switch_that_forbids_code_in_data_is_not_reported(self) -> None:
        """Saying `False` aloud is good style."""
        safe = "numpy.load(path, allow_pickle=False)\nre.compile('eval')\nmodel.eval()"

        assert safety_faults(Module("kbsearch.files", safe)) == []

    @pytest.mark.parametrize(
        "source",
        [
            "open('CURRENT', 'w')",
            "os.open(path, os.O_WRONLY)",
            "path.open('wb')",
            "path.write_bytes(b'')",
            "path.write_text('')",
            "path.unlink()",
            "os.remove(path)",
            "path.rename(other)",
            "path.replace(other)",
            "os.replace(path, other)",
            "path.mkdir()",
            "import shutil",
            "from tempfile import mkdtemp",
        ],
    )
    def test_a_file_operation_elsewhere_is_reported(self, source: str) -> None:
        """Tests of a full disk or of a power cut would not see it."""
        assert len(file_faults(Module("kbsearch.snapshots.writing", source))) == 1

    def test_what_only_looks_like_a_file_operation_is_not_reported(self) -> None:
        """Texts, times and tuples have a replace of their own; the store has SQLite's files."""
        harmless = (
            "'a'.replace('a', 'b')\nnow.replace(tzinfo=UTC)\nfiles.replace(a, b)\nx.remove(1)"
        )

        assert file_faults(Module("kbsearch.snapshots.writing", harmless)) == []
        assert file_faults(Module("kbsearch.store.schema", "os.open(path, 0)")) == []

    def test_long_modules_and_functions_are_reported(self) -> None:
        """One line more than allowed each; exactly as many as allowed is fine."""
        body = "    x = 1\n"

        assert size_faults(Module("m", "x = 1\n" * 401)) == ["m has 401 lines"]
        assert size_faults(Module("m", "x = 1\n" * 400)) == []
        assert size_faults(Module("m", "def f():\n" + body * 60)) == ["m.f has 61 lines"]
        assert size_faults(Module("m", "def f():\n" + body * 59)) == []

    def test_a_wrong_list_of_names_is_reported(self) -> None:
        """A name that is listed and missing, and one that is taken in and not listed."""
        source = "from kbsearch.text import a, b\n__all__ = ['a', 'gone']"

        faults = export_faults(Module("kbsearch.rank", source, is_package=True))

        assert faults == [
            "kbsearch.rank lists gone and has it not",
            "kbsearch.rank does not list b",
        ]

    def test_missing_docstrings_are_reported(self) -> None:
        """Of the module, a class, its public method and a function; not of private ones."""
        source = (
            "class A:\n    def m(self): ...\n    def _p(self): ...\ndef f(): ...\ndef _g(): ..."
        )

        faults = docstring_faults(Module("m", source))

        places = [fault.split()[0] for fault in faults]
        assert sorted(places) == ["m", "m.A", "m.A.m", "m.f"]

    def test_a_heavy_import_is_reported(self) -> None:
        """In an interpreter of its own, so that what this test run loaded does not count."""
        assert packages_loaded_by("import kbsearch, numpy.linalg") & HEAVY == {"numpy"}
