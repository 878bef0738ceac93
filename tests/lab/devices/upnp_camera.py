"""A camera in SSDP with its UPnP description, by async-upnp-client. Run in .lab-venv: upnp_camera.py IP."""

import asyncio
import sys
from typing import ClassVar
from xml.etree import ElementTree as ET

from async_upnp_client.const import DeviceInfo
from async_upnp_client.server import UpnpServer, UpnpServerDevice

PORT = 49152


class Camera(UpnpServerDevice):
    """What it says of itself."""

    DEVICE_DEFINITION = DeviceInfo(
        device_type="urn:schemas-upnp-org:device:Basic:1",
        friendly_name="AXIS P3245-V - B8A44F000022",
        manufacturer="AXIS",
        manufacturer_url="http://www.axis.com/",
        model_name="AXIS P3245-V",
        model_url="http://www.axis.com/",
        model_description="AXIS P3245-V Network Camera",
        model_number="P3245-V",
        serial_number="B8A44F000022",
        udn="uuid:Upnp-BasicDevice-1_0-B8A44F000022",
        upc=None,
        presentation_url=f"http://{sys.argv[1]}/",
        url="/rootdesc1.xml",
        icons=[],
        xml=ET.Element("server_device"),
    )
    EMBEDDED_DEVICES: ClassVar[list[type[UpnpServerDevice]]] = []
    SERVICES: ClassVar[list[type]] = []


async def main() -> None:
    await UpnpServer(Camera, source=(sys.argv[1], 0), http_port=PORT).async_start()
    await asyncio.Event().wait()


asyncio.run(main())
