"""One folder per platform: read, draw, CAN, LIMITS, connect."""
