"""One thing alone: a run trained anew and held against what is known of it, or a figure."""
