"""Failed sign-ins in a row: soft back-off, and the end of a password that is being guessed."""
