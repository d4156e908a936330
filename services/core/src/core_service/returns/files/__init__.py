"""Reading the files of returns, in a child process."""
