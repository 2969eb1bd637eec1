"""The API's side of payments."""
