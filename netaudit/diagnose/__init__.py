"""Why was this camera not found, and what must be put right before the next run."""
