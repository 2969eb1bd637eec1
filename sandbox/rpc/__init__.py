"""The JSON-RPC methods. Importing this package fills the table in `registry`."""

from sandbox.rpc import chain, control, mining, payments, transactions, wallet_history, wallets

__all__ = ["chain", "control", "mining", "payments", "transactions", "wallet_history", "wallets"]
