"""What was heard: the observation, the append-only log, and how each kind of answer is read. Everything rests on it."""
