"""What has been measured: one SQLite file, its tables, and the checkpoints beside it."""
