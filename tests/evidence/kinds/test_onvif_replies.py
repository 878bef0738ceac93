"""ONVIF device service replies, with and without a login."""

from netaudit.evidence import kinds

SOAP = "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:t='x'><s:Body>{}</s:Body></s:Envelope>"


def soap(body: str) -> bytes:
    return SOAP.format(body).encode()


def test_device_information() -> None:
    raw = soap(
        "<t:GetDeviceInformationResponse><t:Manufacturer>HIKVISION</t:Manufacturer><t:Model>DS-2CD2385G1-I</t:Model>"
        "<t:FirmwareVersion>V5.7.18 build 240826</t:FirmwareVersion><t:SerialNumber>DS-2CD1</t:SerialNumber>"
        "<t:HardwareId>88</t:HardwareId></t:GetDeviceInformationResponse>"
    )
    assert kinds.read("onvif.device_information", raw) == {
        "Manufacturer": "HIKVISION",
        "Model": "DS-2CD2385G1-I",
        "FirmwareVersion": "V5.7.18 build 240826",
        "SerialNumber": "DS-2CD1",
        "HardwareId": "88",
    }


def test_a_refusal_is_no_device_information() -> None:
    assert kinds.read("onvif.device_information", soap("<s:Fault><s:Reason>no</s:Reason></s:Fault>")) == {}


def test_a_fault_keeps_its_codes() -> None:
    fault = "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
    fields = kinds.read("onvif.pre_auth", soap(fault + "</s:Code></s:Fault>"))
    assert fields == {"operation": "Fault", "Value": ("s:Sender", "ter:NotAuthorized")}


def test_the_clock_is_composed() -> None:
    date = "<t:Date><t:Year>2026</t:Year><t:Month>1</t:Month><t:Day>3</t:Day></t:Date>"
    time = "<t:Time><t:Hour>4</t:Hour><t:Minute>1</t:Minute><t:Second>22</t:Second></t:Time>"
    raw = soap(
        "<t:GetSystemDateAndTimeResponse><t:SystemDateAndTime><t:DateTimeType>NTP</t:DateTimeType>"
        f"<t:UTCDateTime>{time}{date}</t:UTCDateTime><t:LocalDateTime>{date}</t:LocalDateTime>"
        "</t:SystemDateAndTime></t:GetSystemDateAndTimeResponse>"
    )
    fields = kinds.read("onvif.pre_auth", raw)
    assert fields["operation"] == "GetSystemDateAndTime"
    assert fields["utc"] == "2026-01-03T04:01:22Z"
    assert fields["Year"] == ("2026", "2026")


def test_services_are_lists_in_parallel_order() -> None:
    service = "<t:Service><t:Namespace>{0}</t:Namespace><t:XAddr>http://192.0.2.7/{0}</t:XAddr></t:Service>"
    fields = kinds.read("onvif.pre_auth", soap(f"<t:GetServicesResponse>{service.format('a')}{service.format('b')}"))
    assert fields["Namespace"] == ("a", "b")
    assert fields["XAddr"] == ("http://192.0.2.7/a", "http://192.0.2.7/b")


def test_an_http_head_in_front_is_skipped() -> None:
    raw = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + soap("<t:GetHostnameResponse><t:Name>cam</t:Name>")
    assert kinds.read("onvif.pre_auth", raw) == {"operation": "GetHostname", "Name": "cam"}
