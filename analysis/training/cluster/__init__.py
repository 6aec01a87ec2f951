"""Training on the workers of Dask: each hands its runs to a process of ours, as here."""
