"""Drawings as SVG: in few bytes, and as parts of a page."""
