"""Imports go one way: syntax <- check <- runbook <- bundle <- deploy <- records <- cli; the sidecar alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ALLOWED: dict[str, tuple[str, ...]] = {
    "flashc.diag": (),
    "flashc.collector": (),
    "flashc.cl": ("flashc.diag",),
    "flashc.syntax": ("flashc.diag", "flashc.cl", "flashc.grammar"),
    "flashc.check": ("flashc.diag", "flashc.collector", "flashc.cl", "flashc.syntax"),
    "flashc.runbook": ("flashc.diag", "flashc.cl", "flashc.syntax", "flashc.check"),
    "flashc.bundle": (
        "flashc.diag", "flashc.collector", "flashc.cl", "flashc.syntax", "flashc.check", "flashc.runbook",
        "flashc.templates_cl", "flashrt",
    ),
    "flashc.deploy": (
        "flashc.diag", "flashc.cl", "flashc.syntax", "flashc.check", "flashc.runbook", "flashc.bundle",
    ),
    "flashc.records": ("flashc.check", "flashc.runbook", "flashc.bundle", "flashc.deploy"),
    "flashc.lsp": ("flashc.diag", "flashc.cl", "flashc.syntax", "flashc.check", "flashc.runbook"),
    "flashc.cli": ("flashc", "flashtwin"),
    "flashrt": (),
    "flashtwin": ("flashc.cl", "flashc.diag"),
    "flashtwin.pase": ("flashc.cl", "flashrt"),
    "flashtwin.pase_launch": ("flashrt",),
    "flashtwin.pase_memory": ("flashc.cl", "flashrt"),
    "flashtwin.sims": ("flashc.cl",),
    "flashtwin.invariants": ("flashc.cl",),
}  # fmt: skip
"""What a package may import of ours besides itself; the longest matching name counts."""

ROOTS = {"flashc": "compiler/flashc", "flashrt": "runtime/flashrt", "flashtwin": "twin/flashtwin"}
NEVER = {"flashtwin.sims": ("flashrt",), "flashtwin.invariants": ("flashrt",)}


def _modules(root: Path) -> list[tuple[str, Path]]:
    out = []
    for package, folder in ROOTS.items():
        top = root / folder
        for path in sorted(top.rglob("*.py")):
            parts = path.relative_to(top).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            out.append((".".join((package, *parts)), path))
    return out


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {n for n in names if n.split(".")[0] in ROOTS}


def _rule(module: str) -> str | None:
    matching = [r for r in ALLOWED if module == r or module.startswith(r + ".")]
    return max(matching, key=len, default=None)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def broken(module: str, imported: set[str]) -> list[str]:
    """The imports of a module that its package may not have."""
    rule = _rule(module)
    if rule is None:
        return []
    own = rule if rule in ALLOWED else module
    top = "flashtwin" if module.startswith("flashtwin") else own
    wrong = []
    for name in sorted(imported):
        allowed = _within(name, top) or any(_within(name, a) for a in ALLOWED[rule])
        if not allowed or any(_within(name, n) for n in NEVER.get(rule, ())):
            wrong.append(f"{module} imports {name}")
    return wrong


def test_the_sidecar_s_tests_need_the_sidecar_only(root: Path) -> None:
    """They run on the Python of a partition, where nothing else of ours is."""
    tests = sorted((root / "tests" / "runtime").glob("*.py"))
    assert tests
    for path in tests:
        assert {name.split(".")[0] for name in _imports(path)} <= {"flashrt"}, path.name


def test_no_module_imports_against_the_direction(root: Path) -> None:
    wrong = []
    for module, path in _modules(root):
        version = {n for n in _imports(path) if n == "flashc.__version__"}
        wrong += broken(module, _imports(path) - version)
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("flashc.cl.parser", "flashc.check.load"),
        ("flashc.syntax.parser", "flashc.runbook.steps"),
        ("flashc.check.load", "flashc.bundle.build"),
        ("flashrt.main", "flashc.diag"),
        ("flashtwin.sims.svc", "flashrt.arrays"),
        ("flashtwin.kernel", "flashrt.main"),
        ("flashtwin.world", "flashc.check.model"),
        ("flashtwin.invariants.s01_resume", "flashc.runbook.limits"),
    ],
)
def test_the_rule_finds_a_wrong_import(module: str, imported: str) -> None:
    assert broken(module, {imported}) != []
