"""The API's side of accounts: who asks, and /api/auth."""
