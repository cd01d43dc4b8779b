"""The house: which package may import which, no cycles, and files small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "medficientsam_models"

# In order: a package imports from those above it that are named, and from `errors`.
MAY_IMPORT = {
    "errors": set(),
    "bundle": set(),
    "networks": set(),
    "weights": {"networks"},
    "pipeline": {"bundle"},
    "evaluation": {"bundle", "pipeline", "weights"},
    "verification": {"bundle", "networks"},
    "export": {"bundle", "networks", "pipeline", "verification"},
    "reference": {"bundle", "networks", "verification", "weights"},
    "training": {"bundle", "evaluation", "pipeline", "weights"},
    "splits": {"evaluation", "training"},
    "benchmark": {"bundle", "export", "networks", "reference", "verification", "weights"},
    "commands": {"benchmark", "bundle", "evaluation", "export", "networks", "pipeline", "reference", "splits", "training",
                 "verification", "weights"},
    "cli": {"commands"},
}
LINES, FILES = 300, 25


def modules() -> dict[tuple[str, ...], Path]:
    """Every module by its name within the package: ("bundle", "manifest"), ("bundle",) for an __init__."""
    found = {path.relative_to(ROOT).with_suffix("").parts: path for path in ROOT.rglob("*.py")}
    return {name[:-1] if name[-1] == "__init__" else name: path for name, path in found.items()}


def imports(name: tuple[str, ...], path: Path, known: set[tuple[str, ...]], *, everywhere: bool) -> Iterator[tuple[str, ...]]:
    """The modules of ours that a module imports: when it is loaded, or `everywhere`, inside its functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = name if path.name == "__init__.py" else name[:-1]
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[:len(package) + 1 - node.level] + tuple((node.module or "").split(".") if node.module else ())
            for alias in node.names:
                yield (*base, alias.name) if (*base, alias.name) in known else base
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            for full in names:
                assert not full.startswith("medficientsam_models"), f"{path.name} must import its own package relatively, got {full}"


def test_packages_import_only_what_lies_below_them():
    known = modules()
    assert {name[0] for name in known if name} == set(MAY_IMPORT), "a package is not in the table above"
    wrong = [f"{'.'.join(name)} imports {'.'.join(other)}"
             for name, path in known.items() if name
             for other in imports(name, path, set(known), everywhere=True)
             if other[0] not in {name[0], "errors"} | MAY_IMPORT[name[0]]]
    assert not wrong


def test_the_table_goes_one_way_and_names_nothing_that_is_not_needed():
    order, known = list(MAY_IMPORT), modules()
    for package, allowed in MAY_IMPORT.items():
        assert all(order.index(other) < order.index(package) for other in allowed)
        used = {other[0] for name, path in known.items() if name[:1] == (package,)
                for other in imports(name, path, set(known), everywhere=True)}
        assert package == "cli" or allowed <= used, f"{package} may import {allowed - used} and does not"  # cli: by name, when asked


def test_no_module_imports_itself_by_a_detour():
    known = modules()
    graph = {name: set(imports(name, path, set(known), everywhere=False)) for name, path in known.items()}
    done: set[tuple[str, ...]] = set()

    def visit(name: tuple[str, ...], way: tuple[tuple[str, ...], ...]) -> None:
        assert name not in way, " -> ".join(".".join(step) for step in (*way[way.index(name):], name))
        if name not in done:
            for other in graph[name] - {name}:
                visit(other, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("folder", [path for path in (ROOT, *ROOT.iterdir()) if (path / "__init__.py").is_file()], ids=lambda p: p.name)
def test_a_package_says_what_it_is_for_and_is_small(folder):
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert said and (folder == ROOT or ("?" in said.splitlines()[0] and "not know" in said))
    assert len(list(folder.glob("*.py"))) <= FILES
    long = {path.name: lines for path in folder.glob("*.py") if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES}
    assert not long
