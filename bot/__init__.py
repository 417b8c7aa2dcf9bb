"""The conversation: events in, decisions out, one shell that acts on them."""
