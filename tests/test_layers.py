"""The order of the stages: nothing imports what stands behind it, and text needs no torch."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import inception_dsl

pytestmark = pytest.mark.text

PACKAGE = Path(inception_dsl.__file__).parent
HEAVY = ("torch", "onnx", "onnxruntime", "numpy", "PIL", "safetensors", "h5py")

# What each stage may import, next to itself and the files that every stage may use.
FREE = {"record", "source", "version", "whole_file", "shipped"}
STAGES = {
    "diagnostics": (),
    "syntax": ("diagnostics",),
    "format": ("diagnostics", "syntax"),
    "ir": (),
    "weights": ("ir",),
    "ops": ("ir",),
    "highlight": ("syntax", "ir", "ops", "elaborate"),
    "elaborate": ("diagnostics", "syntax", "ir", "ops"),
    "lint": ("diagnostics", "syntax", "ir", "ops", "elaborate"),
    "analysis": ("diagnostics", "syntax", "ir", "ops", "elaborate"),
    "passes": ("ir", "ops"),
    "backends": ("ir", "weights", "photographs", "ops", "highlight", "analysis"),
    "engines": ("ir", "weights", "ops", "passes", "analysis", "backends"),
}


def imports(file: Path) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, and whether it does so as soon as it is imported itself."""
    yield from _imports(ast.parse(file.read_text(encoding="utf-8")), at_once=True)


def _imports(node: ast.AST, at_once: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from ((f"{child.module}.{alias.name}", at_once) for alias in child.names)
            assert child.level == 0, "imports are absolute"
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        else:
            lazy = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            yield from _imports(child, at_once and not lazy)


def files(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).rglob("*.py"))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_only_earlier_ones(stage: str) -> None:
    allowed = {*FREE, stage, *STAGES[stage]}
    wrong = [
        f"{file.relative_to(PACKAGE)} imports {module}"
        for file in files(stage)
        for module, _ in imports(file)
        if module.startswith("inception_dsl.") and module.split(".")[1] not in allowed
    ]
    assert files(stage)
    assert not wrong


def test_only_the_command_line_imports_the_command_line() -> None:
    wrong = [
        f"{file.relative_to(PACKAGE)} imports {module}"
        for file in files(".")
        if file.parent.name != "cli"
        for module, _ in imports(file)
        if module.startswith("inception_dsl.cli")
    ]
    assert not wrong


@pytest.mark.parametrize(
    "folder",
    ["ops", "ir", "syntax", "format", "elaborate", "diagnostics", "lint", "analysis", "passes"],
)
def test_meaning_never_imports_a_target(folder: str) -> None:
    wrong = [
        f"{file.relative_to(PACKAGE)} imports {module}"
        for file in files(folder)
        for module, _ in imports(file)
        if module.split(".")[0] in HEAVY
    ]
    assert not wrong


def test_commands_import_targets_only_when_they_run() -> None:
    wrong = [
        f"{file.relative_to(PACKAGE)} imports {module}"
        for file in files("cli")
        for module, at_once in imports(file)
        if at_once and module.split(".")[0] in (*HEAVY, "rich", "graphviz")
    ]
    assert not wrong


def test_only_the_parser_imports_lark() -> None:
    users = {
        file.relative_to(PACKAGE).parts[0]
        for file in files(".")
        for module, _ in imports(file)
        if module.split(".")[0] == "lark"
    }
    assert users == {"syntax"}


TEXT_PATHS = {
    "import": "import inception_dsl",
    "check": "incept(['check', 'googlenet'], standalone_mode=False)",
    "fmt": "incept(['fmt', '--check', 'googlenet'], standalone_mode=False)",
    "annotate": "incept(['annotate', '--check', 'googlenet'], standalone_mode=False)",
    "new": "incept(['new', 'net'], standalone_mode=False)",
    "show optimized": "incept(['show', 'lenet5', '--stage', 'optimized'], standalone_mode=False)",
    "show memory": "incept(['show', 'googlenet', '--memory'], standalone_mode=False)",
    "show": "incept(['show', 'googlenet', '--format', 'json'], standalone_mode=False)",
    "draw": "incept(['draw', 'googlenet', '-o', 'x.dot'], standalone_mode=False)",
    "diff": (
        "incept(['diff', 'inception_v3', 'inception_v3', '--set-a', 'classes=1000'],"
        " standalone_mode=False)"
    ),
    "audit": "incept(['audit', 'googlenet'], standalone_mode=False)",
    "explain": "incept(['explain', 'conv2d'], standalone_mode=False)",
    "explain a definition": (
        "incept(['explain', 'conv', '--in', 'googlenet'], standalone_mode=False)"
    ),
    "list": "incept(['list'], standalone_mode=False)",
}


@pytest.mark.parametrize("path", TEXT_PATHS)
def test_the_text_path_loads_no_target(path: str, tmp_path: Path) -> None:
    lines = (
        "import sys",
        "from inception_dsl.cli.main import incept" if path != "import" else "",
        TEXT_PATHS[path],
        f"found = [name for name in {HEAVY!r} if name in sys.modules]",
        "sys.exit(f'loaded: {found}' if found else 0)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
