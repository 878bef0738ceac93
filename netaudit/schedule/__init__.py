"""Regular runs: a readable file of jobs, the days on which each is due, and units for the machine's own timer."""
