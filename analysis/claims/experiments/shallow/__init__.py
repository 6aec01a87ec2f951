"""Claims on networks of two hidden layers, and what training cannot break in them."""
