"""The shop's part of the API: products, categories and the cart."""
