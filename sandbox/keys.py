"""Keys of a descriptor wallet: BIP 32 branches for the four address types, found again by script."""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from embit import bip32, ec
from embit.descriptor.checksum import add_checksum
from embit.networks import NETWORKS
from embit.util import secp256k1

LOOKAHEAD = 100
"""How many keys past the last used one a wallet watches. The node watches 1000; fewer make a start quick."""
REGTEST = NETWORKS["regtest"]


class AddressType(NamedTuple):
    """One of the node's four kinds of addresses."""

    name: str
    purpose: int
    descriptor: str


TYPES = {
    kind.name: kind
    for kind in (
        AddressType("legacy", 44, "pkh({})"),
        AddressType("p2sh-segwit", 49, "sh(wpkh({}))"),
        AddressType("bech32", 84, "wpkh({})"),
        AddressType("bech32m", 86, "tr({})"),
    )
}


class KeyRef(NamedTuple):
    """Where in a wallet a key lives."""

    kind: str
    internal: bool
    number: int

    @property
    def path(self) -> str:
        """The BIP 32 path as `getaddressinfo` writes it."""
        return f"m/{TYPES[self.kind].purpose}h/1h/0h/{int(self.internal)}/{self.number}"


def hash160(data: bytes) -> bytes:
    """RIPEMD-160 of SHA-256."""
    return hashlib.new("ripemd160", hashlib.sha256(data).digest()).digest()


def script_of(kind: str, key: bytes) -> bytes:
    """Give the script of the given address type for a compressed public key."""
    if kind == "bech32":
        return b"\x00\x14" + hash160(key)
    if kind == "bech32m":
        return b"\x51\x20" + bytes(ec.PublicKey.parse(key).taproot_tweak().xonly())
    if kind == "legacy":
        return b"\x76\xa9\x14" + hash160(key) + b"\x88\xac"
    return b"\xa9\x14" + hash160(b"\x00\x14" + hash160(key)) + b"\x87"


@dataclass
class Branch:
    """The receiving or the change keys of one address type."""

    account: bip32.HDKey
    kind: str
    internal: bool
    next_index: int = 0
    known: int = 0

    @cached_property
    def _parent(self) -> tuple[bytes, bytes, bytes]:
        node = self.account.derive([int(self.internal)])
        return node.key.sec(), secp256k1.ec_pubkey_parse(node.key.sec()), node.chain_code

    def public_key(self, index: int) -> bytes:
        """Give the compressed public key at `index` (BIP 32, public derivation)."""
        sec, point, chain_code = self._parent
        digest = hmac.digest(chain_code, sec + index.to_bytes(4, "big"), "sha512")
        return bytes(secp256k1.ec_pubkey_serialize(secp256k1.ec_pubkey_add(point, digest[:32])))

    def script(self, index: int) -> bytes:
        """Give the script at `index`."""
        return script_of(self.kind, self.public_key(index))


@dataclass
class KeyRing:
    """All keys that follow from one seed."""

    seed: bytes
    next_indices: dict[str, int]
    scripts: dict[bytes, KeyRef] = field(default_factory=dict)
    _foreign: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.root = bip32.HDKey.from_seed(self.seed, REGTEST["xprv"])
        self.branches: dict[tuple[str, bool], Branch] = {}
        for kind, internal in [(kind, internal) for kind in TYPES for internal in (False, True)]:
            account = self.root.derive(f"m/{TYPES[kind].purpose}h/1h/0h").to_public()
            start = self.next_indices.get(f"{kind}/{int(internal)}", 0)
            self.branches[(kind, internal)] = Branch(account, kind, internal, start)

    def find(self, script: bytes) -> KeyRef | None:
        """Give the key behind a script, None when it is not ours or beyond the look-ahead."""
        found = self.scripts.get(script)
        if found is not None or script in self._foreign:
            return found
        kind = _kind_of(script)
        for internal in (False, True) if kind else ():
            self._extend(self.branches[(kind, internal)])
        found = self.scripts.get(script)
        if found is None:
            self._foreign.add(script)
        return found

    def take(self, kind: str, *, internal: bool) -> bytes:
        """Hand out the next unused script."""
        branch = self.branches[(kind, internal)]
        script = branch.script(branch.next_index)
        self.scripts[script] = KeyRef(kind, internal, branch.next_index)
        self.mark_used(self.scripts[script])
        return script

    def mark_used(self, ref: KeyRef) -> bool:
        """Never hand out this key or one before it; True when that changed something."""
        branch = self.branches[(ref.kind, ref.internal)]
        if ref.number < branch.next_index:
            return False
        branch.next_index = ref.number + 1
        self.next_indices[f"{ref.kind}/{int(ref.internal)}"] = branch.next_index
        if branch.known:
            self._extend(branch)
        return True

    def public_key(self, ref: KeyRef) -> bytes:
        """Give the compressed public key (for taproot: before the tweak)."""
        return self.branches[(ref.kind, ref.internal)].public_key(ref.number)

    def private_key(self, ref: KeyRef) -> ec.PrivateKey:
        """Give the key that signs."""
        return self.root.derive(ref.path).key

    @cached_property
    def fingerprint(self) -> str:
        """The master key's fingerprint in hex."""
        return str(self.root.my_fingerprint.hex())

    def origin(self, ref: KeyRef) -> str:
        """Give the key with its origin, as in a descriptor."""
        key = self.public_key(ref)
        return f"[{self.fingerprint}{ref.path[1:]}]{(key[1:] if ref.kind == 'bech32m' else key).hex()}"

    def descriptor(self, ref: KeyRef) -> str:
        """Give the descriptor of one address."""
        return str(add_checksum(TYPES[ref.kind].descriptor.format(self.origin(ref))))

    def account_descriptor(self, kind: str, *, internal: bool) -> str:
        """Give the descriptor of a branch, from its account key on."""
        account = self.branches[(kind, internal)].account.to_base58(REGTEST["xpub"])
        inner = f"[{self.fingerprint}/{TYPES[kind].purpose}h/1h/0h]{account}/{int(internal)}/*"
        return str(add_checksum(TYPES[kind].descriptor.format(inner)))

    def parent_descriptor(self, ref: KeyRef) -> str:
        """Give the descriptor of a branch as a hot wallet shows it with its transactions."""
        return self._parent_descriptors[(ref.kind, ref.internal)]

    @cached_property
    def _parent_descriptors(self) -> dict[tuple[str, bool], str]:
        master = self.root.to_public().to_base58(REGTEST["xpub"])
        return {
            (kind, internal): str(
                add_checksum(TYPES[kind].descriptor.format(f"{master}/{TYPES[kind].purpose}h/1h/0h/{int(internal)}/*"))
            )
            for kind, internal in self.branches
        }

    def _extend(self, branch: Branch) -> None:
        wanted = branch.next_index + LOOKAHEAD
        if branch.known >= wanted:
            return
        for index in range(branch.known, wanted):
            script = branch.script(index)
            self.scripts[script] = KeyRef(branch.kind, branch.internal, index)
            self._foreign.discard(script)
        branch.known = wanted


def _kind_of(script: bytes) -> str:
    if len(script) == 22 and script[:2] == b"\x00\x14":
        return "bech32"
    if len(script) == 34 and script[:2] == b"\x51\x20":
        return "bech32m"
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14":
        return "legacy"
    return "p2sh-segwit" if len(script) == 23 and script[:1] == b"\xa9" else ""
