"""Runs and what was concluded from them, over time."""
