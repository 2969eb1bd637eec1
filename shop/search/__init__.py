"""Search: see `shop.search.engine` for what an engine is, `shop.search.finding` for how the shop asks, `docs/search.md` for all of it."""
