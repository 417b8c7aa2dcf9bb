"""Rehearsals on a real platform's adapter, against a sandbox of its vendor, with the process really killed."""
