"""Runs held against each other: what is gone, replaced, moved, new or back. Pure: no clock, no file."""
