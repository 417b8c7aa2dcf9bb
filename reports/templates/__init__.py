"""SVG templates, filled by reports.picture with autoescaping on."""
