"""The SOAP texts of the ONVIF device service, filled with one device's values."""

import datetime
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from netaudit.demo.model import DemoDevice

_TDS: Final = "http://www.onvif.org/ver10/device/wsdl"
_TRT: Final = "http://www.onvif.org/ver10/media/wsdl"
_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" '
    f'xmlns:tds="{_TDS}" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error">'
    "<env:Body>"
)
_CLOSE: Final = "</env:Body></env:Envelope>"

BEFORE_LOGIN: Final = frozenset(
    {"GetSystemDateAndTime", "GetServices", "GetServiceCapabilities", "GetCapabilities", "GetHostname",
     "GetEndpointReference", "GetWsdlUrl"}
)  # fmt: skip
"""The PRE_AUTH class of the Core specification."""

# Ten levels of tenfold entities: 10^10 characters for a parser that expands them.
BOMB: Final = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    + f"]>{_OPEN.partition('?>')[2]}<tds:GetHostnameResponse><tds:HostnameInformation><tt:Name>&a10;</tt:Name>"
    f"</tds:HostnameInformation></tds:GetHostnameResponse>{_CLOSE}"
).encode()


def fault(subcode: str, reason: str) -> bytes:
    """Return a SOAP fault with code env:Sender."""
    return _envelope(
        f"<env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>{subcode}</env:Value>"
        f'</env:Subcode></env:Code><env:Reason><env:Text xml:lang="en">{reason}</env:Text></env:Reason></env:Fault>'
    )


def before_login(operation: str, device: DemoDevice, spec: Mapping[str, Any]) -> bytes:
    """Return the answer to an operation of the PRE_AUTH class."""
    inside = {
        "GetSystemDateAndTime": _clock,
        "GetServices": _services,
        "GetServiceCapabilities": _service_capabilities,
        "GetCapabilities": _capabilities,
        "GetHostname": _hostname,
        "GetEndpointReference": _endpoint,
        "GetWsdlUrl": _wsdl,
    }[operation](device, spec)
    return _response(operation, inside)


def after_login(operation: str, device: DemoDevice, spec: Mapping[str, Any]) -> bytes:
    """Return the answer to an operation that needs a login, b"" for one that this device does not know."""
    if operation == "GetProfiles":
        return _envelope(f'<trt:GetProfilesResponse xmlns:trt="{_TRT}">{_profiles(device)}</trt:GetProfilesResponse>')
    known = {"GetDeviceInformation": _information, "GetNetworkInterfaces": _interfaces, "GetScopes": _scopes}
    return _response(operation, known[operation](device, spec)) if operation in known else b""


def _envelope(inside: str) -> bytes:
    return (_OPEN + inside + _CLOSE).encode()


def _response(operation: str, inside: str) -> bytes:
    return _envelope(f"<tds:{operation}Response>{inside}</tds:{operation}Response>")


def _elements(prefix: str, values: Mapping[str, object]) -> str:
    return "".join(f"<{prefix}:{name}>{escape(str(value))}</{prefix}:{name}>" for name, value in values.items())


def _clock(_device: DemoDevice, _spec: Mapping[str, Any]) -> str:
    now = datetime.datetime.now(datetime.UTC)
    time = _elements("tt", {"Hour": now.hour, "Minute": now.minute, "Second": now.second})
    date = _elements("tt", {"Year": now.year, "Month": now.month, "Day": now.day})
    return (
        "<tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
        f"<tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone><tt:UTCDateTime><tt:Time>{time}</tt:Time>"
        f"<tt:Date>{date}</tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
    )


def _xaddr(device: DemoDevice, spec: Mapping[str, Any], service: str = "") -> str:
    path: str = spec.get("path", "/onvif/device_service")
    return f"http://{device.values['http']}{path.replace('device_service', service or 'device_service')}"


def _services(device: DemoDevice, spec: Mapping[str, Any]) -> str:
    namespaces = {"device_service": _TDS, "media_service": _TRT}
    return "".join(
        f"<tds:Service><tds:Namespace>{namespace}</tds:Namespace><tds:XAddr>{_xaddr(device, spec, service)}</tds:XAddr>"
        "<tds:Version><tt:Major>21</tt:Major><tt:Minor>6</tt:Minor></tds:Version></tds:Service>"
        for service, namespace in namespaces.items()
    )


def _service_capabilities(_device: DemoDevice, _spec: Mapping[str, Any]) -> str:
    return (
        '<tds:Capabilities><tds:Network IPFilter="false"/><tds:Security TLS1.2="true" UsernameToken="true" '
        'HttpDigest="true"/><tds:System DiscoveryResolve="true"/></tds:Capabilities>'
    )


def _capabilities(device: DemoDevice, spec: Mapping[str, Any]) -> str:
    return (
        f"<tds:Capabilities><tt:Device><tt:XAddr>{_xaddr(device, spec)}</tt:XAddr></tt:Device>"
        f"<tt:Media><tt:XAddr>{_xaddr(device, spec, 'media_service')}</tt:XAddr></tt:Media></tds:Capabilities>"
    )


def _hostname(device: DemoDevice, spec: Mapping[str, Any]) -> str:
    name = escape(spec.get("hostname", device.values["model"]))
    return (
        f"<tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>{name}</tt:Name></tds:HostnameInformation>"
    )


def _endpoint(device: DemoDevice, _spec: Mapping[str, Any]) -> str:
    guid = escape(device.services.get("wsd", {}).get("endpoint", f"urn:uuid:{device.values['seed'][:32]}"))
    return f"<tds:GUID>{guid}</tds:GUID>"


def _wsdl(device: DemoDevice, _spec: Mapping[str, Any]) -> str:
    return f"<tds:WsdlUrl>http://{device.values['http']}/onvif/</tds:WsdlUrl>"


def _information(device: DemoDevice, spec: Mapping[str, Any]) -> str:
    values = device.values
    return _elements(
        "tds",
        {
            "Manufacturer": spec.get("manufacturer", ""),
            "Model": spec.get("model", values["model"]),
            "FirmwareVersion": spec.get("firmware", values.get("firmware", "")),
            "SerialNumber": spec.get("serial", values.get("serial", "")),
            "HardwareId": spec.get("hardware", ""),
        },
    )


def _interfaces(device: DemoDevice, _spec: Mapping[str, Any]) -> str:
    info = _elements("tt", {"Name": "eth0", "HwAddress": device.values.get("mac", ""), "MTU": 1500})
    address = _elements("tt", {"Address": device.address, "PrefixLength": 27})
    return (
        f'<tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled><tt:Info>{info}</tt:Info><tt:IPv4>'
        f"<tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual>{address}</tt:Manual><tt:DHCP>false</tt:DHCP></tt:Config>"
        "</tt:IPv4></tds:NetworkInterfaces>"
    )


def _scopes(device: DemoDevice, _spec: Mapping[str, Any]) -> str:
    return "".join(
        f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{escape(scope)}</tt:ScopeItem></tds:Scopes>"
        for scope in device.services.get("wsd", {}).get("scopes", ())
    )


def _profiles(device: DemoDevice) -> str:
    """One stream a resolution, as a camera with one lens has."""
    return "".join(
        f'<trt:Profiles fixed="true" token="{token}"><tt:Name>{token}</tt:Name>'
        f'<tt:VideoSourceConfiguration token="V0"><tt:Name>{escape(device.place)}</tt:Name><tt:UseCount>2</tt:UseCount>'
        f'<tt:SourceToken>S0</tt:SourceToken><tt:Bounds x="0" y="0" width="{width}" height="{height}"/>'
        "</tt:VideoSourceConfiguration></trt:Profiles>"
        for token, width, height in (("main", 2560, 1440), ("sub", 640, 360))
    )
