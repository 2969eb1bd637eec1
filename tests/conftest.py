"""Fixtures every part of the test suite may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nodes import RealNode, SandboxUnderTest, bitcoind


@pytest.fixture
def sandbox_node(tmp_path: Path) -> Iterator[SandboxUnderTest]:
    """A fresh sandbox node on a free port, with wallets `store` and `customer`."""
    sandbox = SandboxUnderTest(tmp_path / "sandbox")
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def real_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealNode]:
    """A real node with the same two wallets; skips where none is installed."""
    binary = bitcoind()
    if binary is None:
        pytest.skip("no bitcoind on PATH and BITCOIND is not set")
    node = RealNode(binary, tmp_path_factory.mktemp("bitcoind"))
    yield node
    node.stop()
