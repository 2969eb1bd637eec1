"""A listener that writes down what it hears."""

from payments.seam import PaymentUpdate

updates: list[PaymentUpdate] = []


def hear(update: PaymentUpdate) -> None:
    updates.append(update)


def clear() -> None:
    updates.clear()
