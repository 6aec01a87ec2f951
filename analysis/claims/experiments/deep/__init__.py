"""Claims on networks of ten hidden layers and more, which train or do not."""
