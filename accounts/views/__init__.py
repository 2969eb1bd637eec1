"""The accounts pages. None of them tells a stranger whether somebody has an account."""
