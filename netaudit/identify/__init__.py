"""Observations to devices: who really made each one, under which label, how sure, and why. Pure."""
