"""The claims by subject, each declared above its test; a module may read two experiments."""
