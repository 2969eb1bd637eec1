"""What every endpoint of the API shares: the envelope, names, errors, pages, limits and idempotency. docs/api.md shows how to use it."""
