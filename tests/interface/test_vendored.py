"""What others made and we serve is what the manifest says: every file, no more, as published; and nothing asks elsewhere."""

from __future__ import annotations

import json
import runpy

import pytest

from tests.conftest import ROOT

VENDOR = ROOT / "interface" / "static" / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text("utf-8"))["packages"]
MAKE = runpy.run_path(str(ROOT / "docs" / "vendor.py"))
FILES = {MAKE["kept"](package, path): digest for package in PACKAGES for path, digest in package["files"].items()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_is_what_the_manifest_says(file):
    assert MAKE["sha384"](file.read_bytes()) == FILES[file]


def test_no_file_is_there_that_the_manifest_does_not_name():
    there = {file for file in VENDOR.rglob("*") if file.is_file()}

    assert there == {*FILES, VENDOR / "manifest.json"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_comes_with_its_licence(package):
    assert "LICENSE" in package["files"]
    assert package["licence"]
    assert package["unaltered"].startswith("byte for byte as published")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_points_to_no_source_map(file):
    assert b"sourceMappingURL=" not in file.read_bytes()[-400:]
