"""Listening only: what devices say without being asked. Not one packet is sent."""
