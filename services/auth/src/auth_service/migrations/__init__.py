"""Brings the database to the shape that this code needs."""
