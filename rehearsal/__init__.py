"""A year played through the real engine and storage on a virtual clock."""
