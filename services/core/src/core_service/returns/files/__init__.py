"""Reading the files of returns, in a process of its own."""
