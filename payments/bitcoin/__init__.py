"""Talking to a Bitcoin node: JSON-RPC, its answers as typed records, BIP 21 links. Knows no models and no orders."""
