"""Write the API's description to docs/openapi.yaml, or with --check tell whether what is there is still what the code says."""

import difflib
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "openapi.yaml"

# What a store can set and the description shows, so that everybody's clone makes the same file.
SETTINGS = {
    "CRYPTONS_ENV": "development",
    "SITE_NAME": "Cryptons",
    "SITE_URL": "https://shop.example",
    "CURRENCY": "EUR",
    "RATELIMIT_API": "100/15m",
}


def described() -> str:
    """Return the description as YAML. Ends the program where it cannot be made without a warning."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "openapi.yaml"
        command = ["spectacular", "--validate", "--fail-on-warn", "--file", str(made)]
        done = subprocess.run(  # noqa: S603 (our own command line, written above)
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**os.environ, **SETTINGS, "VAR_DIR": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"The description cannot be made:\n{done.stdout}")
        return made.read_text(encoding="utf-8")


def main() -> int:
    """Write or check, and return the exit code."""
    made = described()
    if "--check" not in sys.argv[1:]:
        KEPT.write_text(made, encoding="utf-8")
        print(f"Wrote {KEPT.relative_to(ROOT)} ({len(made.splitlines())} lines).")
        return 0
    kept = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    if made == kept:
        return 0
    lines = difflib.unified_diff(
        kept.splitlines(), made.splitlines(), "docs/openapi.yaml", "the code", lineterm="", n=1
    )
    print("docs/openapi.yaml is not what the code says. Run `make schema`, look at what changed, and commit it:")
    print("\n".join(islice(lines, 40)))
    return 1


if __name__ == "__main__":
    sys.exit(main())
