"""The JSON-RPC methods. Importing this package fills the table in `registry`."""

from sandbox.rpc import bump, chain, control, extras, mining, payments, raw, transactions, wallet_history, wallets

__all__ = [
    "bump",
    "chain",
    "control",
    "extras",
    "mining",
    "payments",
    "raw",
    "transactions",
    "wallet_history",
    "wallets",
]
