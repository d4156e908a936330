"""Finding cases: the list with its filters and orders, and the lookup by number."""
