"""The numbers that an answer calls: looked up in the results, or counted among them."""
