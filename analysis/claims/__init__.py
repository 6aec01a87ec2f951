"""What the report states: declared beforehand, tested, set against the published verdicts."""
