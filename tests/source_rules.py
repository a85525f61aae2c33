"""
The rules of the design as checkers over `ast` trees: each returns the faults that it finds.

`test_architecture` runs them over the package, and over planted faults that they must report.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import kbsearch

SOURCE = Path(kbsearch.__file__).parent
REPOSITORY = Path(__file__).resolve().parents[1]

# Lowest first. A module imports from lower rows only: neither upwards nor its own row's others.
LAYERS = (
    frozenset({"errors", "progress", "clock", "locks"}),
    frozenset({"arrays"}),
    frozenset({"models", "files"}),
    frozenset({"config", "layout", "text", "visibility"}),
    frozenset({"embed", "lexical", "vector", "rank", "redact", "settings_file"}),
    frozenset({"store", "snapshots"}),
    frozenset({"indexing", "search", "checking", "importers", "standing", "making"}),
    frozenset({"forgetting"}),
    frozenset({"sharing", "duplicates", "evaluation"}),
    frozenset({"tuning", "training", "gating"}),
    frozenset({"desk"}),
    frozenset({"intake", "plots", "testing"}),
    frozenset({"kbsearch"}),  # the package itself, which offers all of the above by name
    frozenset({"cli"}),
    frozenset({"__main__"}),
)

HOMES = {
    "faiss": {"vector"},
    "sentence_transformers": {"embed", "training"},
    "torch": {"embed", "training"},
    "model2vec": {"embed"},
    "transformers": {"embed", "training"},
    "tokenizers": {"embed"},
    "huggingface_hub": {"embed"},
    "safetensors": {"embed", "training"},
    "bm25s": {"lexical", "text"},
    "Stemmer": {"lexical", "text"},
    "selectolax": {"text"},
    "markdown_it": {"text"},
    "mailparser_reply": {"text"},
    "phonenumbers": {"redact"},
    "presidio_analyzer": {"redact"},
    "py3langid": {"text"},
    "pyphen": {"sharing"},
    "yaml": {"importers"},
    "pyarrow": {"importers"},
    "sqlite3": {"store"},
    "numpy": {"arrays", "text", "embed", "lexical", "vector", "rank", "store", "snapshots"}
    | {"indexing", "search", "checking", "forgetting", "sharing", "duplicates", "testing"}
    | {"evaluation", "tuning", "training", "gating"},
    "pytest": {"testing"},
    "hypothesis": {"testing"},
    "matplotlib": {"plots"},
    "ir_measures": {"evaluation"},
    "optuna": {"tuning"},
    "tomlkit": {"settings_file"},
    "datasets": {"training"},
    "peft": {"training"},
    "accelerate": {"training"},
    "typer": {"cli"},
    "rich": {"cli"},
}
HOMES_OF_DYNAMIC_IMPORTS = {"kbsearch", "testing", "cli"}
UNSAFE_PACKAGES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
UNSAFE_CALLS = {"eval", "exec", "__import__", "torch.load", "yaml.load", "yaml.unsafe_load"}
UNSAFE_SWITCHES = {"allow_pickle", "trust_remote_code"}

HOMES_OF_FILE_OPERATIONS = {"files", "store", "importers", "testing", "cli"}
FILE_OPERATIONS = {
    *{"open", "write_text", "write_bytes", "touch", "mkdir", "makedirs", "chmod", "truncate"},
    *{"rename", "renames", "unlink", "rmdir", "rmtree", "symlink_to", "hardlink_to", "mkfifo"},
}

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60

_SQL = re.compile(
    r"\bselect\b.+\bfrom\b|\binsert\s+(or\s+\w+\s+)?into\b|\bdelete\s+from\b|\bupdate\s+\w+\s+set\b"
    r"|\b(create|drop|alter)\s+(table|index|view|trigger)\b|\bpragma\s+\w+\s*[=;(]|\battach\s+'",
    re.IGNORECASE | re.DOTALL,
)
_EXECUTING = {"execute", "executemany", "executescript"}
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Module(NamedTuple):
    """A module's dotted name and source; `layer` is its place below `kbsearch`."""

    name: str
    source: str
    is_package: bool = False

    @property
    def layer(self) -> str:
        """`text` for `kbsearch.text.html`, `kbsearch` for the package itself."""
        return [*self.name.split("."), self.name][1]

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.source)


def modules_of_the_package() -> list[Module]:
    """Every module of kbsearch, ascending by path."""
    return [_module_at(path) for path in sorted(SOURCE.rglob("*.py"))]


def scripts_of_the_project() -> list[Module]:
    """Tests and benchmarks: bound by the limits on size, not by the layers."""
    folders = (REPOSITORY / "tests", REPOSITORY / "benchmarks")
    paths = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    return [Module(f"{p.parent.name}/{p.name}", p.read_text(encoding="utf-8")) for p in paths]


def _module_at(path: Path) -> Module:
    parts = [SOURCE.name, *path.relative_to(SOURCE).with_suffix("").parts]
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, path.read_text(encoding="utf-8"), is_package)


def imports_of(module: Module, known: Iterable[str] = ()) -> set[str]:
    """Dotted names that a module imports anywhere in it, lazily or for types only too."""
    names: set[str] = set()
    known = set(known)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin_of(node, module)
            whole = {f"{origin}.{alias.name}" for alias in node.names}
            names.update(name if name in known else origin for name in whole)
    return names


def _origin_of(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    parents = module.name.split(".")
    n_kept = len(parents) - node.level + (1 if module.is_package else 0)
    return ".".join([*parents[:n_kept], *filter(None, [node.module])])


def layer_faults(modules: Iterable[Module]) -> list[str]:
    """Imports that point up or sideways, and modules without a place in `LAYERS`."""
    modules = list(modules)
    height = {layer: row for row, layers in enumerate(LAYERS) for layer in layers}
    faults = [f"{m.name} has no place in LAYERS" for m in modules if m.layer not in height]
    for module in modules:
        for name in sorted(imports_of(module, [m.name for m in modules])):
            target = Module(name, "").layer
            is_ours = name.split(".")[0] == "kbsearch" and target != module.layer
            if is_ours and height.get(target, 99) >= height.get(module.layer, -1):
                faults.append(f"{module.name} imports {name}")
    return faults


def cycle_faults(modules: Iterable[Module]) -> list[str]:
    """A ring of modules that import each other, if there is one."""
    modules = list(modules)
    known = {module.name for module in modules}
    graph = {module.name: imports_of(module, known) & known for module in modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


def home_faults(module: Module) -> list[str]:
    """Packages imported outside the layers that may know them."""
    faults = [
        f"{module.name} imports {name}"
        for name in sorted(imports_of(module))
        if module.layer not in HOMES.get(name.split(".")[0], {module.layer})
    ]
    if module.layer not in HOMES_OF_DYNAMIC_IMPORTS:
        faults += [f"{module.name} imports by name" for c in _calls(module) if "import_module" in c]
    return faults


def sql_faults(module: Module) -> list[str]:
    """SQL and its execution outside `store`."""
    if module.layer == "store":
        return []
    tree = module.tree
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in docstrings
    ]
    faults = [f"{module.name} holds SQL: {text[:40]}" for text in texts if _SQL.search(text)]
    calls = (call for call in _calls(module) if call.rpartition(".")[2] in _EXECUTING)
    return faults + [f"{module.name} calls {call}" for call in calls]


def _calls(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def safety_faults(module: Module) -> list[str]:
    """Ways to run code that came with data."""
    faults = [
        f"{module.name} imports {name}"
        for name in sorted(imports_of(module))
        if name.split(".")[0] in UNSAFE_PACKAGES
    ]
    faults += [f"{module.name} calls {call}" for call in _calls(module) if call in UNSAFE_CALLS]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg in UNSAFE_SWITCHES:
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                faults.append(f"{module.name} sets {node.arg}")
        elif isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            faults += [f"{module.name} sets {key}" for key in sorted(UNSAFE_SWITCHES & keys)]
    return faults


def file_faults(module: Module) -> list[str]:
    """
    Changes to files past `kbsearch.files`, where tests fail, reorder and kill at each.

    SQLite's files are the store's, exports and a user's own files are not the desk's.
    """
    if module.layer in HOMES_OF_FILE_OPERATIONS:
        return []
    faults = [
        f"{module.name} imports {name}"
        for name in sorted(imports_of(module))
        if name.split(".")[0] in {"shutil", "tempfile"}
    ]
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        origin, _, name = ast.unparse(node.func).rpartition(".")
        is_path_replace = name == "replace" and len(node.args) == 1 and not node.keywords
        is_ours = origin == "files"  # kbsearch.files, or a class of its own
        if is_path_replace or (name in FILE_OPERATIONS and not is_ours):
            faults.append(f"{module.name} calls {ast.unparse(node.func)}")
        elif origin == "os" and name in {"write", "remove", "replace"}:
            faults.append(f"{module.name} calls os.{name}")
    return faults


def size_faults(module: Module) -> list[str]:
    """Modules and functions longer than a reader can hold."""
    n_lines = len(module.source.splitlines())
    faults = [f"{module.name} has {n_lines} lines"] if n_lines > MAX_MODULE_LINES else []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            n_lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if n_lines > MAX_FUNCTION_LINES:
                faults.append(f"{module.name}.{node.name} has {n_lines} lines")
    return faults


def export_faults(module: Module) -> list[str]:
    """Names in `__all__` that the module lacks; names a package takes in and does not list."""
    bound, ours, listed = set(), set(), set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            names = {alias.asname or alias.name for alias in node.names}
            bound |= names
            ours |= names if (node.module or "").startswith("kbsearch") else set()
        elif isinstance(node, _Definition):
            bound.add(node.name)
        elif isinstance(node, ast.Assign):
            targets = {target.id for target in node.targets if isinstance(target, ast.Name)}
            bound |= targets
            listed |= set(ast.literal_eval(node.value)) if "__all__" in targets else set()
    faults = [f"{module.name} lists {name} and has it not" for name in sorted(listed - bound)]
    if module.is_package:
        faults += [f"{module.name} does not list {name}" for name in sorted(ours - listed)]
    return faults


def docstring_faults(module: Module) -> list[str]:
    """Public modules, classes, functions and methods that do not say what they are for."""
    faults = [] if ast.get_docstring(module.tree) else [f"{module.name} has no docstring"]
    waiting: list[tuple[str, ast.stmt]] = [(module.name, node) for node in module.tree.body]
    for place, node in waiting:
        if isinstance(node, _Definition) and not node.name.startswith("_"):
            name = f"{place}.{node.name}"
            if not ast.get_docstring(node):
                faults.append(f"{name} has no docstring")
            if isinstance(node, ast.ClassDef):
                waiting.extend((name, child) for child in node.body)
    return faults
