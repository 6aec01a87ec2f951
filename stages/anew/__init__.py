"""Runs trained anew, one or a sample, and held against the numbers that are known of them."""
