"""Other identifiers, asked about the same devices: their recorded answers are replayed on loopback only."""
