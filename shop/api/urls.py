"""The addresses of the catalogue, the cart and the wishlist under /api/."""

from django.urls import URLPattern, path

from shop.api import cart, categories, products, wishlist

app_name = "shop_api"
urlpatterns: list[URLPattern] = [
    path("products", products.Products.as_view(), name="products"),
    path("products/suggestions", products.Suggestions.as_view(), name="suggestions"),
    path("products/<str:product_id>", products.Product.as_view(), name="product"),
    path("categories", categories.Categories.as_view(), name="categories"),
    path("categories/<str:category_id>", categories.Category.as_view(), name="category"),
    path("cart", cart.Cart.as_view(), name="cart"),
    path("cart/items", cart.Items.as_view(), name="cart_items"),
    path("cart/items/<str:item_id>", cart.Item.as_view(), name="cart_item"),
    path("wishlist", wishlist.Wishlist.as_view(), name="wishlist"),
    path("wishlist/items", wishlist.Items.as_view(), name="wishlist_items"),
    path("wishlist/items/<str:product_id>", wishlist.Item.as_view(), name="wishlist_item"),
]
