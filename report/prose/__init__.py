"""Answers: what they may call, the records of those calls, and the checks on their sentences."""
