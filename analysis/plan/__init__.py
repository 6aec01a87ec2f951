"""The runs of a study: what identifies one, what it leaves behind, what it costs, its origin."""
