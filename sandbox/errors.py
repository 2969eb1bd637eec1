"""Errors of the JSON-RPC interface, with Bitcoin Core's codes (rpc/protocol.h)."""

MISC = -1
TYPE = -3
WALLET = -4
ADDRESS_OR_KEY = -5
FUNDS = -6
PARAMETER = -8
LABEL = -11
DESERIALIZATION = -22
VERIFY = -25
REJECTED = -26
IN_CHAIN = -27
WARMUP = -28
METHOD_NOT_FOUND = -32601
INVALID_REQUEST = -32600
INTERNAL = -32603
PARSE = -32700


class RpcError(Exception):
    """An error answer: a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
