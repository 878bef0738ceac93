"""A strict WS-Discovery responder (honours Types), by the WSDiscovery package. In .lab-venv: wsd_camera.py IP."""

import sys
import time

from wsdiscovery import QName, Scope
from wsdiscovery.publishing import ThreadedWSPublishing

NETWORK = "http://www.onvif.org/ver10/network/wsdl"
SCOPES = [
    "onvif://www.onvif.org/type/Network_Video_Transmitter",
    "onvif://www.onvif.org/hardware/IPC-HFW2228M",
    "onvif://www.onvif.org/name/Dahua",
    "onvif://www.onvif.org/Profile/Streaming",
]
publisher = ThreadedWSPublishing()
publisher.start()
publisher.publishService(
    types=[QName(NETWORK, "NetworkVideoTransmitter")],
    scopes=[Scope(text) for text in SCOPES],
    xAddrs=[f"http://{sys.argv[1]}/onvif/device_service"],
)
time.sleep(3600)
