"""The local stack and the masijala command line."""
