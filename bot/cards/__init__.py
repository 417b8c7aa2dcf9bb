"""Every card the product can draw, platform-neutral."""
