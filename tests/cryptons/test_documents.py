"""The documents say what is true: links lead somewhere, each dependency has its reason, `make` explains each target."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_that_are_there(document):
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|src=\"([^\":]+)\"", text)
    missing = [a or b for a, b in targets if not (document.parent / (a or b)).exists()]
    assert missing == []


@pytest.mark.parametrize("requirements", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_has_its_reason(requirements):
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    names = re.findall(r"^([A-Za-z][A-Za-z0-9-]*)", (ROOT / requirements).read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in names if name.lower() not in reasons] == []


@pytest.mark.parametrize("requirements", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_its_hashes(requirements):
    text = (ROOT / requirements).read_text(encoding="utf-8").replace("\\\n", "")
    packages = [line for line in text.splitlines() if re.match(r"[A-Za-z]", line)]
    assert packages
    assert [line for line in packages if "--hash=sha256:" not in line] == []


def test_make_alone_explains_every_target():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "lint", "format", "bench", "clean", "shell", "lock"):
        assert re.search(rf"^  make {target} +[A-Z]", told, re.MULTILINE), target
