"""Equations of the paper: in words, and as outlines."""
