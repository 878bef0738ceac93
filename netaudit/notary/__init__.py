"""Asking a time stamp authority, on request only."""
