"""Reviews for the demo catalogue, as people might have written them."""
