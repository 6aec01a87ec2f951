"""Intervals, paired tests and theory: from samples and frames to estimates."""
