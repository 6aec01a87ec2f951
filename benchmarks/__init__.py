"""The notebook's own work by Model.fit, by this engine and by others, measured side by side."""
