from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - no models before the registry is ready
        from django.core.checks import register  # noqa: PLC0415
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415

        from shop.cart_merge import merge_carts  # noqa: PLC0415
        from shop.images import delete_files_after  # noqa: PLC0415
        from shop.models import Category, Product, ProductImage  # noqa: PLC0415
        from shop.search.outbox import category_changed_after, product_changed_after  # noqa: PLC0415
        from shop.search.synonyms import check  # noqa: PLC0415
        from shop.version import catalogue_changed_after  # noqa: PLC0415

        user_logged_in.connect(merge_carts, dispatch_uid="shop.merge_carts")
        post_delete.connect(delete_files_after, sender=ProductImage, dispatch_uid="shop.delete_files")
        for changed in (Category, Product, ProductImage):
            for signal in (post_save, post_delete):
                signal.connect(catalogue_changed_after, sender=changed, dispatch_uid=f"shop.version.{changed.__name__}")
        for signal in (post_save, post_delete):
            signal.connect(product_changed_after, sender=Product, dispatch_uid="shop.search.product")
        post_save.connect(category_changed_after, sender=Category, dispatch_uid="shop.search.category")
        register(check)
