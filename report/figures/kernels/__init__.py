"""Figures of the kernels themselves, before training and in it."""
