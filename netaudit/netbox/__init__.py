"""Handing a run over to a NetBox by its API, on request only: what is there, what differs, what is written."""
