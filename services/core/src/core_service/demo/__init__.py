"""Demo data: invented courts, people and cases to look around in."""
