"""Test support shared by every member of the workspace; nothing that is deployed imports it."""
