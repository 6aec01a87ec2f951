"""Numbers that are typed into an answer, in its prose or in what its calls write."""
