"""The page of what moved: here against the published results, now against the build before."""
