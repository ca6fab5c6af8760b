"""Activation cells and walls in input space: exact, complete, on all of R^d."""
