"""What administrators do with other people's accounts: invite, grant, deactivate, sign out."""
