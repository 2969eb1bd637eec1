"""What staff fills in about products, categories and pictures."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from cryptons.errors import InvalidInput
from cryptons.money import fiat
from shop import services
from shop.images import render_picture
from shop.models import Category, Product, ProductImage


class ProductForm(forms.ModelForm[Product]):
    """A product. What is in stock changes by a difference, never by a total that may be out of date."""

    stock_change = forms.IntegerField(
        label="Add or take away",
        required=False,
        help_text="Pieces that came in, or with a minus went out. What is sold meanwhile stays sold.",
    )

    class Meta:
        model = Product
        fields = ("name", "slug", "sku", "category", "summary", "description", "price", "stock", "is_visible")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "price" in self.initial:
            self.initial["price"] = fiat(self.initial["price"], settings.CURRENCY)

    def clean_price(self) -> Any:
        """Refuse a price that nobody could pay."""
        price = self.cleaned_data["price"]
        trouble = services.price_trouble(price)
        if trouble:
            raise forms.ValidationError(trouble)
        return price

    def clean_slug(self) -> str:
        """Refuse a slug that means something else in an address."""
        return _slug(self.cleaned_data["slug"], services.slug_trouble(self.cleaned_data["slug"]))


class CategoryForm(forms.ModelForm[Category]):
    """A category, which cannot stand below itself."""

    class Meta:
        model = Category
        fields = ("parent", "name", "slug", "description", "position")

    def clean_slug(self) -> str:
        """Refuse a slug that would be taken for an id."""
        return _slug(self.cleaned_data["slug"], services.slug_trouble(self.cleaned_data["slug"], reserved=()))

    def clean_parent(self) -> Category | None:
        """Refuse a parent that is the category itself or lies below it."""
        parent: Category | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if above.pk == self.instance.pk:
                raise forms.ValidationError("A category cannot stand below itself.")
            above = above.parent
        return parent


class ProductImageForm(forms.ModelForm[ProductImage]):
    """A picture: a file to upload (a new one takes the place of the old), and its description."""

    upload = forms.FileField(label="file", required=False, help_text="JPEG, PNG or WebP, up to 15 MB.")

    class Meta:
        model = ProductImage
        fields = ("alt", "position")

    def clean_upload(self) -> "UploadedFile[bytes] | None":
        """Refuse what is no picture, before anything is saved."""
        upload: UploadedFile[bytes] | None = self.cleaned_data["upload"]
        if upload is None:
            if self.instance.image:
                return None
            raise forms.ValidationError("Choose a file.")
        try:
            render_picture(upload)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error
        upload.seek(0)
        return upload

    def save(self, commit: bool = True) -> ProductImage:
        """Store the picture through the service that makes its renditions."""
        upload = self.cleaned_data["upload"]
        if upload is None:
            return super().save(commit)
        old = self.instance
        new = services.add_image(
            product=old.product,
            file=upload,
            alt=self.cleaned_data["alt"],
            position=self.cleaned_data["position"],
        )
        ProductImage.objects.filter(pk=old.pk).delete()
        return new


def _slug(slug: str, trouble: str) -> str:
    if trouble:
        raise forms.ValidationError(trouble)
    return slug
