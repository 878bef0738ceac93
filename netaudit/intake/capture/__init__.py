"""Captures: packets out of pcap and pcapng files, and the few of them that say something of a device, quickly."""
