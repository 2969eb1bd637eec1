"""Staff's view of the shop. Stock and visibility change through services only."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cryptons.access import Actor
from cryptons.errors import DomainError
from cryptons.long_list import LongList
from cryptons.money import format_fiat
from shop import services
from shop.admin_forms import CategoryForm, ProductForm, ProductImageForm
from shop.models import CartLine, Category, Product, ProductImage
from shop.search.text import containing_once
from shop.stock import FEW
from shop.tree import category_tree


class StockFilter(admin.SimpleListFilter):
    """What is sold out, and what soon will be."""

    title = "stock"
    parameter_name = "stock_state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "Sold out"), ("few", f"{FEW} or fewer left"), ("enough", f"More than {FEW}")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen: dict[str, dict[str, Any]] = {
            "none": {"stock": 0},
            "few": {"stock__range": (1, FEW)},
            "enough": {"stock__gt": FEW},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


class ProductImageInline(admin.TabularInline[ProductImage, Product]):
    """The pictures of a product, added where the product is."""

    model = ProductImage
    form = ProductImageForm
    fields = ("preview", "upload", "alt", "position")
    readonly_fields = ("preview",)
    extra = 1

    @admin.display(description="picture")
    def preview(self, image: ProductImage) -> SafeString | str:
        if not image.thumbnail:
            return "–"
        return format_html('<img src="{}" alt="{}" width="96" height="96">', image.thumbnail.url, image.alt)


@admin.register(Product)
class ProductAdmin(LongList, admin.ModelAdmin[Product]):
    """Products: what they are, what they cost, how many there are."""

    form = ProductForm
    list_display = ("thumbnail", "name", "sku", "category", "price_shown", "stock", "is_visible", "created_at")
    list_display_links = ("thumbnail", "name")
    list_filter = ("is_visible", StockFilter, "category")
    fetched = ("category", "images")
    sortable_by = ("stock",)
    search_fields = ("name", "sku")
    search_help_text = "Name or SKU"
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("created_at", "updated_at")
    inlines = (ProductImageInline,)
    actions = ("show_in_shop", "hide_from_shop")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Product]", search_term: str
    ) -> tuple["QuerySet[Product]", bool]:
        return (containing_once(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description="")
    def thumbnail(self, product: Product) -> SafeString | str:
        first = next(iter(product.images.all()), None)
        if first is None:
            return "–"
        return format_html('<img src="{}" alt="" width="48" height="48" loading="lazy">', first.thumbnail.url)

    @admin.display(description="price", ordering="price")
    def price_shown(self, product: Product) -> str:
        return format_fiat(product.price, settings.CURRENCY)

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        stock = ("stock", "stock_change") if obj else ("stock",)
        return (
            (None, {"fields": ("name", "slug", "sku", "category", "summary", "description")}),
            ("Selling", {"fields": ("price", *stock, "is_visible")}),
            ("Record", {"fields": ("created_at", "updated_at")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        return ("stock", *self.readonly_fields) if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        if not change:
            obj.save()
            return
        # Never the stock as it was when the page was loaded: pieces may have been sold since.
        obj.save(update_fields=[*(name for name in form.changed_data if name != "stock_change"), "updated_at"])
        by = form.cleaned_data.get("stock_change")
        if by:
            _say(request, lambda: f"{_restocked(request, obj.pk, by)} pieces are in stock now.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        # What goes along (pictures, lines of carts, wishes, reviews) is the service's to know.
        return [str(product) for product in objs], {"products": len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        name = obj.name
        _say(request, lambda: f"{name} is out of the shop. {_deleted(request, obj.pk)}")

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        return redirect("admin:shop_product_changelist")  # what became of it is said already

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # One product at a time, with what that means; many at once are hidden.
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description="Show in the shop", permissions=["change"])
    def show_in_shop(self, request: HttpRequest, queryset: "QuerySet[Product]") -> None:
        self._set_visible(request, queryset, visible=True)

    @admin.action(description="Hide from the shop", permissions=["change"])
    def hide_from_shop(self, request: HttpRequest, queryset: "QuerySet[Product]") -> None:
        self._set_visible(request, queryset, visible=False)

    def _set_visible(self, request: HttpRequest, queryset: "QuerySet[Product]", *, visible: bool) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        changed = services.show_products(actor=_actor(request), product_ids=keys, visible=visible)
        done = "shown in the shop" if visible else "hidden from the shop"
        self.message_user(request, f"{changed} of {len(keys)} chosen products are now {done}; the others were already.")


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    """Categories in the order of their tree."""

    form = CategoryForm
    list_display = ("place", "slug", "position", "products_shown")
    list_editable = ("position",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        # The list, and every menu that offers categories, goes down the tree branch by branch.
        order = [node.id for root in category_tree().roots for node in root.walk()]
        places = [When(pk=key, then=Value(place)) for place, key in enumerate(order)]
        if not places:
            return ("position", "name")
        return (Case(*places, default=Value(len(order)), output_field=IntegerField()).asc(), "position", "name")

    @admin.display(description="category")
    def place(self, category: Category) -> str:
        node = category_tree().by_id.get(category.pk)
        return " › ".join(step.name for step in node.path()) if node else category.name

    @admin.display(description="products shown, with those below")
    def products_shown(self, category: Category) -> int:
        node = category_tree().by_id.get(category.pk)
        return node.count if node else 0


@admin.register(CartLine)
class CartLineAdmin(LongList, admin.ModelAdmin[CartLine]):
    """What signed-in shoppers have in their carts, to look at."""

    list_display = ("user", "product", "quantity", "created_at")
    fetched = ("user", "product")
    search_fields = ("user__email", "product__name", "product__sku")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: CartLine | None = None) -> bool:
        return False


def _deleted(request: HttpRequest, key: UUID) -> str:
    """Take a product out of the shop and say what that meant. Raises DomainError."""
    services.delete_product(actor=_actor(request), product_id=key)
    if Product.objects.filter(pk=key).exists():
        return "It stands in orders, so it is hidden and not deleted."
    return "It is deleted with its pictures."


def _restocked(request: HttpRequest, key: UUID, by: int) -> int:
    return services.change_stock(actor=_actor(request), product_id=key, by=by)


def _actor(request: HttpRequest) -> Actor | None:
    return request.user if request.user.is_authenticated else None


def _say(request: HttpRequest, step: Callable[[], str]) -> None:
    try:
        messages.success(request, step())
    except DomainError as error:
        messages.error(request, error.message)
