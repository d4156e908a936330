"""Changes that clerks ask for and administrators decide: of cases, and of what courts share."""
