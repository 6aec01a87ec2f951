"""The claims by subject, each above its test; `testing.declarations` lists the modules."""
