"""The same tests run against the sandbox and, where one is installed, against a real node."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nodes import Client, RealNode, SandboxUnderTest, bitcoind


@pytest.fixture(params=["sandbox", pytest.param("bitcoind", marks=pytest.mark.node)])
def a_node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    """A fresh node of either kind, with wallets `store` and `customer`."""
    directory = tmp_path / "node"
    directory.mkdir()
    node = SandboxUnderTest(directory) if request.param == "sandbox" else RealNode(bitcoind() or "", directory)
    yield node
    node.stop()
