"""Looking for differences between index and database."""

from dataclasses import dataclass
from uuid import UUID

from shop.models import SearchChange
from shop.search.choice import chosen_engine
from shop.search.documents import all_documents
from shop.search.outbox import products_changed


@dataclass(frozen=True, slots=True)
class Differences:
    """Products that are missing in the index, are in it and should not be, or are in it as they were once."""

    missing: frozenset[UUID] = frozenset()
    superfluous: frozenset[UUID] = frozenset()
    differing: frozenset[UUID] = frozenset()

    @property
    def all(self) -> frozenset[UUID]:
        """Return all of them."""
        return self.missing | self.superfluous | self.differing

    def only(self, keys: frozenset[UUID]) -> "Differences":
        """Return those of them that are among `keys`."""
        return Differences(self.missing & keys, self.superfluous & keys, self.differing & keys)


def differences() -> Differences:
    """Return where index and database differ, apart from what is noted already. Raises SearchUnavailable."""
    found = _compare()
    if found.all:
        # What changed while it was looked at differs once, but not twice.
        found = _compare().only(found.all)
    noted = SearchChange.objects.filter(product_id__isnull=False).values_list("product_id", flat=True)
    return found.only(found.all - frozenset(noted)) if found.all else found


def repair(found: Differences) -> None:
    """Note what differs, so that it is applied."""
    products_changed(sorted(found.all))


def _compare() -> Differences:
    held = dict(chosen_engine().fingerprints())
    missing, differing = set(), set()
    for document in all_documents():
        fingerprint = held.pop(document.id, None)
        if fingerprint is None:
            missing.add(document.id)
        elif fingerprint != document.fingerprint:
            differing.add(document.id)
    return Differences(frozenset(missing), frozenset(held), frozenset(differing))
