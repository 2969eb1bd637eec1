"""All checks of the source, one after the other; the exit code is 1 where any of them found something."""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# What a store in production sets, with made-up values: `check --deploy` has to find nothing to warn of.
PRODUCTION = {
    "CRYPTONS_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
    "BITCOIN_RPC_USER": "store",
    "BITCOIN_RPC_PASSWORD": secrets.token_urlsafe(24),
}

CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("style", ["ruff", "check", "--quiet", "."], {}),
    ("format", ["ruff", "format", "--check", "--quiet", "."], {}),
    ("types", ["mypy", "."], {}),
    ("import contracts", ["lint-imports"], {}),
    ("templates", ["djlint", "--check", "--lint", "templates"], {}),
    ("API description", ["python", "scripts/schema.py", "--check"], {}),
    ("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("production", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def main() -> int:
    """Run every check, print one line each and what the failed ones said, and return the exit code."""
    failed = []
    for name, command, extra in CHECKS:
        begun = time.monotonic()
        done = subprocess.run(  # noqa: S603 (our own command lines, written above)
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env={**os.environ, **extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout, flush=True)
    print(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
