"""The package list of pyproject.toml names exactly the folders that hold packages."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

FOLDERS = {
    "flashc": "compiler/flashc",
    "flashrt": "runtime/flashrt",
    "flashtwin": "twin/flashtwin",
    "flashc.grammar": "grammar",
    "flashc.templates_cl": "templates_cl",
    "flashc.examples": "examples",
}


def _found(root: Path) -> set[str]:
    names = set()
    for package, folder in FOLDERS.items():
        top = root / folder
        for init in top.rglob("__init__.py"):
            parts = init.parent.relative_to(top).parts
            names.add(".".join((package, *parts)))
    return names


def test_every_package_folder_is_listed_and_no_other(root: Path) -> None:
    with (root / "pyproject.toml").open("rb") as file:
        listed = set(tomllib.load(file)["tool"]["setuptools"]["packages"])
    assert listed == _found(root)


@pytest.mark.parametrize(
    "package", ["flashc.grammar", "flashc.templates_cl", "flashc.examples", "flashc.cli"]
)
def test_every_file_of_a_data_folder_is_installed(root: Path, package: str) -> None:
    with (root / "pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["setuptools"]["package-data"][package]
    top = root / FOLDERS.get(package, "compiler/" + package.replace(".", "/"))
    installed = {path for pattern in patterns for path in top.glob(pattern)}
    there = {path for path in top.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert there - installed == set()
