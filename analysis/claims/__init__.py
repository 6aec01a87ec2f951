"""What the report states about its results: declared beforehand, tested on them, compared."""
