"""Puts the demo catalogue's reviews into the shop. May be stopped anywhere and run again: it only adds what is missing."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from accounts.models import User
from cryptons import clock
from cryptons.db import atomic
from reviews import services
from reviews.models import Review
from shop.models import Product

FILE = Path(__file__).parent / "reviews.toml"


@dataclass(frozen=True, slots=True)
class DemoReview:
    """Something said of the product `sku`, so many `days` ago, and how many others found it `helpful`."""

    sku: str
    by: str
    stars: int
    days: int
    helpful: int
    comment: str
    title: str = ""


def demo_reviews() -> list[DemoReview]:
    """Return all of them in the order of the file."""
    return [DemoReview(**row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["review"]]


def load() -> int:
    """Add the reviews that are not there yet, of products that are; return how many that were."""
    wanted = demo_reviews()
    skus = sorted({one.sku for one in wanted})
    products = dict(Product.objects.filter(sku__in=skus).values_list("sku", "pk"))
    people = {name: _person(name) for name in sorted({one.by for one in wanted})}
    added = 0
    for one in wanted:
        author, product_id = people[one.by], products.get(one.sku)
        if product_id is None or Review.objects.filter(user=author, product_id=product_id).exists():
            continue
        _add(one, author, product_id, [person for name, person in people.items() if name != one.by])
        added += 1
    return added


def _add(one: DemoReview, author: User, product_id: UUID, others: Sequence[User]) -> None:
    with atomic():  # with its votes: what is there is not looked at again
        review = services.add_approved_review(
            author=author,
            product_id=product_id,
            rating=one.stars,
            title=one.title,
            comment=one.comment,
            created_at=clock.now() - timedelta(days=one.days),
        )
        for other in others[: one.helpful]:
            services.vote_helpful(actor=other, review_id=review.pk)


def _person(name: str) -> User:
    """Return the author of this name. Nobody can sign in as one: there is no password, and no mailbox to reset it by."""
    fields = {"username": name, "is_active": False}
    email = f"{name}@demo.invalid"
    return User.objects.filter(email=email).first() or User.objects.create_user(email, None, **fields)
