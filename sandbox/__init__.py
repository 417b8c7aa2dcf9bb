"""Faithful local copies of vendors' wires, to develop and rehearse against; nothing here knows the product."""
