"""Claims on networks before training: verifications of theory and of the code."""
