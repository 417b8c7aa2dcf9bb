"""One file per intent; each is pure and returns a Turn."""
