"""A run's network as a Keras model, and the weights that it begins with."""
