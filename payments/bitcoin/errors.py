"""What can go wrong between us and a node. Each error tells whether trying again helps."""


class NodeError(Exception):
    """The node did not do what was asked.

    `code` is the JSON-RPC error code (Bitcoin Core `rpc/protocol.h`) and `http_status` the status, where there were any;
    `permanent` is true where a person has to change something first.
    """

    permanent = False

    def __init__(self, message: str, *, code: int | None = None, http_status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.http_status = http_status


class NodeUnreachable(NodeError):
    """Nothing answered: refused, closed, or silent for too long."""


class NodeBusy(NodeError):
    """The node answers, but not now: its work queue is full (HTTP 503) or it is starting (-28)."""


class NodeRefused(NodeError):
    """The node does not accept us: wrong user or password (401), method not allowed (403), wrong path (404)."""

    permanent = True


class BadAnswer(NodeError):
    """What came back is not what this call answers."""


class UntrustedNode(NodeError):
    """The node is on another network than configured, or is a play node where real money is expected."""

    permanent = True


class RpcError(NodeError):
    """The node understood and said no; `code` tells why."""

    # -1 misc, -4 wallet, -5 unknown key, -8 parameter, -11 label, -12 keypool, -32603 internal: the call decides what they mean.
    def __init__(self, message: str, *, code: int, http_status: int | None = None) -> None:
        super().__init__(message, code=code, http_status=http_status)
        self.permanent = code in {-3, -8, -18, -19, -32600, -32601}


NOT_FOUND = -5
"""Unknown block, transaction or address (`RPC_INVALID_ADDRESS_OR_KEY`)."""
WALLET_NOT_FOUND = -18
WALLET_ALREADY_LOADED = -35
IN_WARMUP = -28
INTERNAL = -32603
