"""What a clerk may only ask for and an administrator decides: voids, restores, transfers."""
