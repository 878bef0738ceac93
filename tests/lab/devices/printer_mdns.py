"""A printer that announces itself by mDNS, through python-zeroconf. Run in .lab-venv: printer_mdns.py IP."""

import socket
import sys
import time

from zeroconf import ServiceInfo, Zeroconf

TXT = {"ty": "HP LaserJet M404", "usb_MFG": "HP", "usb_MDL": "LaserJet M404", "adminurl": "http://printer.local/"}
zeroconf = Zeroconf(interfaces=[sys.argv[1]])
zeroconf.register_service(
    ServiceInfo(
        "_ipp._tcp.local.",
        "HP LaserJet M404._ipp._tcp.local.",
        port=631,
        addresses=[socket.inet_aton(sys.argv[1])],
        server="printer.local.",
        properties=TXT,
    )
)
time.sleep(3600)
