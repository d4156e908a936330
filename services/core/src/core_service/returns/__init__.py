"""Daily court returns: a file is taken in, its rows are judged one by one, and applied."""
