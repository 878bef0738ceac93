"""One run: its phases, its journal, its resuming."""
