"""What the store's figures say, for the API and for pages of the staff."""
