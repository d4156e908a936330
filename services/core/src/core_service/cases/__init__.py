"""Cases: their numbers, registration, lists and lookup."""
