"""The only door to the wire: rate limits, interfaces, sockets, and a replay of recorded bytes for tests."""
