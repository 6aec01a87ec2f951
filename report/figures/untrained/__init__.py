"""Figures of networks before training, layer by layer."""
