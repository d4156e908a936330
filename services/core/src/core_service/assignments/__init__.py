"""Who is responsible for a case: led and joined by the bench that sat, or by assignment."""
