"""A faithful local copy of a vendor's wire; imports nothing of ours."""
