"""Names of users, from auth."""
