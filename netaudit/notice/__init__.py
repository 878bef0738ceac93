"""Telling people what a run brought: events, channels, and the messages over them."""
