"""One protocol a file: what to ask, how to read the answer.

A probe joins by being in this package: a module-level `PROBE` that satisfies `HostProbe` or `SegmentProbe` of
`base.py`. It knows no signature, opens no socket, sleeps never and decides nothing.
"""
