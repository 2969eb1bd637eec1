"""Reviews on the product's page: `{% reviews_of product as reviews %}`, `{% my_part as mine %}`, `{% stars_shown 4.3 %}`."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from reviews import selectors
from reviews.models import MOST_STARS, Review
from reviews.selectors import Summary
from shop.models import Product

register = template.Library()

PER_PAGE = 10
WORDS = {
    "newest": ("-createdAt", "Newest"),
    "helpful": ("-helpful", "Most helpful"),
    "best": ("-rating", "Best"),
    "worst": ("rating", "Worst"),
}
"""How people's sorting is named in the address, what that is called inside, and on the page."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the histogram: how many gave this many stars, and how many of a hundred that are."""

    stars: int
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Section:
    """A product's reviews as its page shows them: one page of them, and the numbers of those before and after."""

    summary: Summary
    bars: list[Bar]
    reviews: list[Review]
    sort: str
    sorts: list[tuple[str, str]]
    page: int
    pages: int

    @property
    def previous(self) -> int:
        """Return the number of the page before, 0 for none."""
        return self.page - 1

    @property
    def following(self) -> int:
        """Return the number of the page after, 0 for none."""
        return self.page + 1 if self.page < self.pages else 0


@register.simple_tag(takes_context=True)
def reviews_of(context: Context, product: Product) -> Section | None:
    """Return the reviews of `product` as the address asks for them, in two queries; None where there is none, without a query."""
    if not product.rating_count:
        return None
    asked = context["request"].GET
    sort = asked.get("reviews", "")
    sort = sort if sort in WORDS else next(iter(WORDS))
    summary = selectors.summary_of(product_id=product.pk)
    pages = max(1, -(-summary.count // PER_PAGE))
    page = _page(asked.get("page", ""), pages)
    rows: QuerySet[Review] = selectors.reviews_of(product_id=product.pk, sort=WORDS[sort][0])
    return Section(
        summary=summary,
        bars=[Bar(stars, count, _percent(count, summary.count)) for stars, count in summary.histogram.items()],
        reviews=list(rows[(page - 1) * PER_PAGE : page * PER_PAGE]),
        sort=sort,
        sorts=[(key, words) for key, (_inside, words) in WORDS.items()],
        page=page,
        pages=pages,
    )


@register.simple_tag(takes_context=True)
def my_part(context: Context) -> dict[str, Any]:
    """Return what the person who looks at a product's page has to do with its reviews: `slug`, `review` or None, `votes`.

    Asks nothing for somebody who is not signed in. It stands in a `{% personal %}` part and so goes by the address.
    """
    request: HttpRequest = context["request"]
    slug = request.resolver_match.kwargs["slug"] if request.resolver_match else ""
    if not isinstance(request.user, User):
        return {"slug": slug, "review": None, "votes": []}
    user = request.user
    return {
        "slug": slug,
        "review": selectors.own_review(user=user, slug=slug),
        "votes": selectors.helpful_to(user=user, slug=slug),
    }


@register.simple_tag
def stars_shown(value: Decimal | int) -> SafeString:
    """Draw `value` of five stars, rounded to half ones: one element, as a list draws it for each of its products."""
    halves = int((Decimal(value) * 2).quantize(Decimal(1), ROUND_HALF_UP))
    drawn = '<span class="stars stars--{}" role="img" aria-label="{} of {} stars"></span>'
    return format_html(drawn, halves, value, MOST_STARS)


def _page(sent: str, pages: int) -> int:
    return min(max(int(sent[:6]), 1), pages) if sent.isascii() and sent.isdigit() else 1


def _percent(count: int, total: int) -> int:
    return round(100 * count / total) if total else 0
