"""The page over the store, for people who never open a terminal."""
