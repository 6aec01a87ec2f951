"""Measurements stored, published and read as frames; also the cache and the project's paths."""
