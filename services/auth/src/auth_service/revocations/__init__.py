"""What must be refused at once: the marks in Redis and their truth in Postgres."""
