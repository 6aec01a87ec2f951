"""Results set against others: the published ones, those of the build before, or any two."""
