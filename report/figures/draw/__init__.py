"""Mechanics that all figures share: axes, readings, one look, and a compact SVG."""
