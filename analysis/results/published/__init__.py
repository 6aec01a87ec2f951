"""The published results: tables of every run as CSV, and a manifest of what they are."""
