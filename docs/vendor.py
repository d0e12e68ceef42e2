"""Makes the folders of what others made again from the packages their manifests name, or says what differs: what the pages are served
with (``interface/static/vendor``), and what they are tested with (``tests/browser/vendor``).

``python docs/vendor.py`` writes; ``--check`` writes nothing and exits 1 on a difference.  To take in another version, change it in
its manifest and run this.  Packages come by name and version from whichever registry ``npm`` is set up with; a fresh machine
needs neither, since the files are kept here.  What is kept is what was published, but for a last line that points to a source
map: there is none here, and a browser would ask for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "interface" / "static" / "vendor", ROOT / "tests" / "browser" / "vendor")
MANIFEST = "manifest.json"
SOURCE_MAP = re.compile(rb"(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ ?\*/)\s*$")


def sha384(data: bytes) -> str:
    """The hash of a file, as pages and the manifest write it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def published(name: str, version: str, paths: list[str]) -> dict[str, bytes]:
    """Files of a package as it was published, but for what points to a source map."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            return {path: SOURCE_MAP.sub(b"", packed.extractfile(f"package/{path}").read()) for path in paths}  # type: ignore[union-attr]


def kept(folder: Path, package: dict[str, Any], path: str) -> Path:
    """Where a file of a package is kept."""
    return folder / package["folder"] / Path(path).name


def main(folder: Path, *, write: bool) -> list[str]:
    """Make every file of a folder; answers which differ from what is kept there."""
    manifest, differing = json.loads((folder / MANIFEST).read_text()), []
    for package in manifest["packages"]:
        for path, data in published(package["package"], package["version"], list(package["files"])).items():
            file = kept(folder, package, path)
            if not file.exists() or file.read_bytes() != data or package["files"][path] != sha384(data):
                differing.append(str(file.relative_to(ROOT)))
            if write:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
                package["files"][path] = sha384(data)
    if write:
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    return differing


if __name__ == "__main__":
    checking = "--check" in sys.argv[1:]
    changed = [file for folder in FOLDERS for file in main(folder, write=not checking)]
    print("\n".join(changed) or "the same as published")  # noqa: T201
    sys.exit(1 if checking and changed else 0)
