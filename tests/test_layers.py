"""Imports go one way: from a stage of the pipeline to those before it."""

import ast
import re
from pathlib import Path

import pytest

import cleaner

ROOT = Path(cleaner.__file__).parent
#: The parts of the package, each of which may import those before it and itself.
LAYERS = (
    "errors",
    "text",
    "document",
    "export",
    "reading",
    "segment",
    "rules",
    "features",
    "model",
    "memory",
    "decision",
    "witness",
    "pipeline",
    "pruning",
    "api",
    "__init__",
    "compat",
    "batch",
    "integrations",
    "learn",
    "serve",
    "cli",
    "__main__",
)
#: Imports at run time that go the other way: the exporters are methods of the document.
DOORS = {("document", "export")}
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def part(module: str) -> str:
    """The part that a module belongs to: ``cleaner.rules.packs`` to ``rules``, ``cleaner`` to ``__init__``."""
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def imported(path: Path) -> set[str]:
    """The parts that a file imports, but for those that it needs for types alone."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    for_types = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and isinstance(test.test, ast.Name) and test.test.id == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {part(alias.name) for alias in node.names if alias.name.split(".")[0] == "cleaner"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cleaner":
            if node.module == "cleaner":
                found |= {alias.name if alias.name in LAYERS else "__init__" for alias in node.names}
            else:
                found.add(part(node.module))
    return found


def part_of(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def test_every_part_has_its_layer():
    assert {part_of(path) for path in FILES} == set(LAYERS)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_go_one_way(path):
    own = part_of(path)
    later = set(LAYERS[LAYERS.index(own) + 1 :])
    assert {other for other in imported(path) & later if (own, other) not in DOORS} == set()


def test_the_door_of_the_document_is_one_function():
    """``document`` imports ``export`` in one function, when an exporter is called."""
    tree = ast.parse((ROOT / "document.py").read_text("utf-8"))
    functions = [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and "export" in {part(node.module or ""), *(a.name for a in node.names)}
    ]
    assert len(functions) == 1
    at_the_top = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert "export" not in at_the_top


#: Folders of modules with one form, which their docstrings describe together: steps of the decision, shapes of texts,
#: adapters, which the documentation lists.
ALIKE = ("compat", "decision", "integrations", "segment/shapes")
FOLDERS = [path.parent for path in FILES if path.name == "__init__.py" and len(path.parts) > 1]


@pytest.mark.parametrize(
    "folder",
    [folder for folder in FOLDERS if not folder.as_posix().startswith(ALIKE)],
    ids=lambda path: path.as_posix(),
)
def test_the_docstring_of_a_folder_names_its_modules(folder):
    docstring = ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text("utf-8")))
    modules = {path.stem for path in FILES if path.parent == folder} - {"__init__"}
    assert {name for name in modules if not re.search(rf"\b{name}\b", docstring)} == set()


def test_the_pipeline_fits_on_one_screen():
    assert len((ROOT / "pipeline.py").read_text("utf-8").splitlines()) <= 150


def test_the_top_level_is_what_users_call_and_the_flow():
    modules = {path.name for path in FILES if len(path.parts) == 1}
    assert modules == {
        "__init__.py", "__main__.py", "api.py", "document.py", "errors.py", "pipeline.py", "witness.py",
    }  # fmt: skip


@pytest.mark.parametrize("path", [path for path in FILES if part_of(path) == "integrations"], ids=str)
def test_adapters_do_not_look_into_the_pipeline(path):
    allowed = {"api", "document", "errors", "export", "integrations", "memory", "reading", "text"}
    assert imported(path) <= allowed


@pytest.mark.parametrize("path", [path for path in FILES if part_of(path) != "learn"], ids=str)
def test_no_product_of_arrays_starts_threads(path):
    """``@`` is BLAS, whose threads take more time than the products of a page: ``arrays.inner`` is without."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.MatMult)]
    assert not [
        n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in ("dot", "matmul", "inner")
    ]
