"""Figures of deep networks, which train or do not."""
