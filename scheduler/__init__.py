"""A clock that ticks; it keeps no state of its own."""
