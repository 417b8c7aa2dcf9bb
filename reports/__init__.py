"""Official tables and pictures, as values and then as files."""
