"""The sandbox node in a process of its own, as in a real store; prints its URL and stays until it is ended."""

import json
import threading

from sandbox.server import SandboxNode


def main() -> None:
    """Serve in memory on a free port."""
    node = SandboxNode(state_dir=None).start()
    print(json.dumps({"url": node.url}), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
