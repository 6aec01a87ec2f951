"""The data sets: read, checked, and described by digest and sizes."""
