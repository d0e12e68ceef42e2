"""What others made and we serve, or test with, is what the manifest says: every file, no more, as published; and nothing asks elsewhere."""

from __future__ import annotations

import json
import runpy

import pytest

from tests.conftest import ROOT

MAKE = runpy.run_path(str(ROOT / "docs" / "vendor.py"))
MANIFESTS = {folder: json.loads((folder / MAKE["MANIFEST"]).read_text("utf-8")) for folder in MAKE["FOLDERS"]}
KEPT = [(folder, package) for folder, manifest in MANIFESTS.items() for package in manifest["packages"]]
PACKAGES = [package for _, package in KEPT]
FILES = {
    MAKE["kept"](folder, package, path): digest for folder, package in KEPT for path, digest in package["files"].items()
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_is_what_the_manifest_says(file):
    assert MAKE["sha384"](file.read_bytes()) == FILES[file]


def test_no_file_is_there_that_the_manifest_does_not_name():
    there = {file for folder in MANIFESTS for file in folder.rglob("*") if file.is_file()}

    assert there == {*FILES, *(folder / MAKE["MANIFEST"] for folder in MANIFESTS)}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_comes_with_its_licence(package):
    assert "LICENSE" in package["files"]
    assert package["licence"]
    assert package["unaltered"].startswith("byte for byte as published")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_points_to_no_source_map(file):
    assert b"sourceMappingURL=" not in file.read_bytes()[-400:]
