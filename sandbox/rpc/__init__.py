"""The JSON-RPC methods. Importing this package fills the table in `registry`."""

from sandbox.rpc import (
    addresses,
    bump,
    chain,
    control,
    extras,
    mining,
    payments,
    raw,
    transactions,
    unspent,
    wallet_history,
    wallets,
)

__all__ = [
    "addresses",
    "bump",
    "chain",
    "control",
    "extras",
    "mining",
    "payments",
    "raw",
    "transactions",
    "unspent",
    "wallet_history",
    "wallets",
]
