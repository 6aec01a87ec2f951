"""The notebook's own work, on MNIST, by Model.fit, this engine and others, side by side."""
