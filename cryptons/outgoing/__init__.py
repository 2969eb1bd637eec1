"""Requests to addresses that people typed in: `addresses` says which may be asked, `posting` asks them."""
