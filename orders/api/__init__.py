"""The API's side of orders: /api/orders."""
