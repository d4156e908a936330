"""Daily court returns: a file is accepted, its rows are judged one by one, and applied."""
