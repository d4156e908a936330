"""Brings the database to the shape this code needs: tables, jobs' tables, vocabulary."""
