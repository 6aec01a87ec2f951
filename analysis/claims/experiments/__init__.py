"""The claims by the experiment they read, each declared above its test."""
