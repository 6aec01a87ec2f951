"""A run in, its result out, on one process a core: the only place that knows TensorFlow."""
