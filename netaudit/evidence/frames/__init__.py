"""Frames taken apart: link, IP, UDP and TCP heads, ARP and neighbour discovery, and who may read what is inside.

Pure: bytes in, plain data out, nothing raised, whatever an enemy wrote. For listening and for captures alike:

    frame = link.read(raw, link.ETHERNET)        a frame of a wire or of a capture file
    found = heard.read(frame, Fragments())       what devices say of themselves in it
"""
