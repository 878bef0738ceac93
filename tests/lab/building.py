"""The third-party devices of the laboratory: what each is, how it starts, what a scan must say of it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.lab.network import Host, Lab

HERE: Final = Path(__file__).resolve().parent
LAB_VENV: Final = HERE.parents[1] / ".lab-venv"
PYTHON: Final = str(LAB_VENV / "bin" / "python")
CREDENTIAL: Final = ("auditor", "owner-gave-it")
COMMUNITY: Final = "public"
MAKERS: Final = ("sadp", "dhip", "dahua_legacy", "reolink", "ubnt", "tdp")
"""Probes that ask single addresses, and that no third-party program answers."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted device: `registry` is part of its MAC prefix's registered owner; `ports`: (transport, port) open."""

    host: Host
    start: Callable[[Lab, Host], object]
    registry: str
    camera: bool
    ready: tuple[str, int] = ("tcp", 0)


def missing() -> str | None:
    """Return None when all programs are here, else which are not."""
    tools = ("avahi-daemon", "wsdd", "minidlnad", "miniupnpd", "lighttpd", "nginx", "nmap", "tcpdump", "node")
    absent = [tool for tool in tools if shutil.which(tool) is None]
    absent += [] if (LAB_VENV / ".ready").exists() else [".lab-venv"]
    return f"not installed: {', '.join(absent)} (make test installs them as root)" if absent else None


def _ipycam(lab: Lab, host: Host) -> None:
    film, config = lab.folder / "cam.mp4", lab.folder / f"{host.name}.json"
    if not film.exists():
        subprocess.run([PYTHON, str(HERE / "devices/film.py"), str(film)], check=True, capture_output=True)
    values = {
        "name": "Lobby", "manufacturer": "HIKVISION", "model": "DS-2CD2143G0-I", "local_ip": host.ip,
        "serial_number": "DS-2CD2143G0-I20200414AAWRE33842150", "firmware_version": "V5.7.18 build 240826",
        "onvif_port": 80, "rtsp_port": 554, "username": CREDENTIAL[0], "password": CREDENTIAL[1],
    }  # fmt: skip
    config.write_text(json.dumps(values), encoding="utf-8")
    program = str(LAB_VENV / "bin" / "ipycam")
    lab.start(host.name, [program, "--config", str(config), "--source", str(film), "--fps", "5"])


def _avahi(lab: Lab, host: Host) -> None:
    folder = lab.folder / host.name
    (folder / "services").mkdir(parents=True)
    (folder / "avahi.conf").write_text(
        "[server]\nhost-name=axis-accc8e000002\nallow-interfaces=eth0\nuse-ipv6=no\nenable-dbus=no\n[publish]\n"
        "publish-workstation=no\n",
        encoding="utf-8",
    )
    (folder / "services" / "axis.service").write_text(
        '<?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group>'
        "<name>AXIS M2036-LE - ACCC8E000002</name><service><type>_axis-video._tcp</type><port>80</port>"
        "<txt-record>macaddress=ACCC8E000002</txt-record></service></service-group>",
        encoding="utf-8",
    )
    run = "/run/avahi-daemon"
    mounts = f"mount --bind {folder}/services /etc/avahi/services && mkdir -p {run} && mount -t tmpfs tmpfs {run}"
    daemon = f"exec avahi-daemon -f {folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits"
    lab.start(host.name, ["sh", "-c", f"{mounts} && {daemon}"])


def _printer(lab: Lab, host: Host) -> None:
    lab.start(host.name, [PYTHON, str(HERE / "devices/printer_mdns.py"), host.ip])


def _wsdd(lab: Lab, host: Host) -> None:
    lab.start(host.name, ["wsdd", "-i", "eth0", "-4", "-n", "FILESRV01", "-w", "OFFICE"])


def _minidlna(lab: Lab, host: Host) -> None:
    folder = lab.folder / host.name
    (folder / "media").mkdir(parents=True)
    config = folder / "minidlna.conf"
    config.write_text(
        f"media_dir={folder}/media\ndb_dir={folder}\nlog_dir={folder}\nnetwork_interface=eth0\nport=8200\n"
        "friendly_name=NAS01\n",
        encoding="utf-8",
    )
    lab.start(host.name, ["minidlnad", "-d", "-f", str(config), "-P", str(folder / "pid")])


def _rtsp_camera(lab: Lab, host: Host) -> None:
    lab.start(host.name, ["/usr/bin/python3", str(HERE / "devices/rtsp_camera.py"), "IP Camera(C6496)"])


def _snmpsim(lab: Lab, host: Host) -> None:
    """The simulator with a cache of its own: the default one is shared by the whole machine, and two at once fail."""
    program = str(LAB_VENV / "bin" / "snmpsim-command-responder")
    recorded, folder = next(LAB_VENV.glob("lib/python3*/site-packages/snmpsim/data")), lab.folder / host.name
    (folder / "data").mkdir(parents=True)
    shutil.copy(recorded / "public.snmprec", folder / "data")
    places = [f"--data-dir={folder}/data", f"--cache-dir={folder}/cache"]
    identity = ["--process-user=root", "--process-group=root"]
    lab.start(host.name, [program, "--agent-udpv4-endpoint=0.0.0.0:161", *places, *identity])


def _certificate(folder: Path, subject: str) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:1024", "-sha1", "-nodes", "-days", "30", "-subj", subject]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return key, certificate


def _nginx(lab: Lab, host: Host) -> None:
    folder = lab.folder / host.name
    key, certificate = _certificate(folder, "/CN=intranet.example")
    (folder / "index.html").write_text("<html><title>Welcome to the intranet</title></html>", encoding="utf-8")
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off; "
        f"client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; "
        f"uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; "
        f"server {{ listen 80; listen 443 ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; "
        f"ssl_ciphers ALL:@SECLEVEL=0; root {folder}; }} }}",
        encoding="utf-8",
    )
    lab.folder.chmod(0o755)
    lab.start(host.name, ["nginx", "-c", str(config), "-g", "daemon off; user root;"])


def _lighttpd(realm: str) -> Callable[[Lab, Host], None]:
    def start(lab: Lab, host: Host) -> None:
        folder = lab.folder / host.name
        (folder / "www").mkdir(parents=True)
        (folder / "users").write_text(f"admin:{realm}:00000000000000000000000000000000\n", encoding="utf-8")
        config = folder / "lighttpd.conf"
        config.write_text(
            'server.modules = ("mod_auth", "mod_authn_file")\nserver.tag = "Webs"\nserver.port = 80\n'
            f'server.document-root = "{folder}/www"\nauth.backend = "htdigest"\n'
            f'auth.backend.htdigest.userfile = "{folder}/users"\n'
            f'auth.require = ("/" => ("method" => "digest", "realm" => "{realm}", "require" => "valid-user"))\n',
            encoding="utf-8",
        )
        lab.start(host.name, ["lighttpd", "-D", "-f", str(config)])

    return start


def _old_tls(lab: Lab, host: Host) -> None:
    subject = "/C=CN/ST=ZheJiang/L=HangZhou/O=HIKVISION/OU=DVRNVR/CN=www.hikvision.com"
    key, certificate = _certificate(lab.folder / host.name, subject)
    command = ["openssl", "s_server", "-accept", "443", "-www", "-tls1", "-cipher", "ALL:@SECLEVEL=0"]
    lab.start(host.name, [*command, "-key", str(key), "-cert", str(certificate)])


def _canary(lab: Lab, host: Host) -> None:
    script = f"NODE_PATH={LAB_VENV}/node/node_modules exec node {HERE}/devices/canary.js"
    lab.start(host.name, ["sh", "-c", script])


def _wsd_camera(lab: Lab, host: Host) -> None:
    lab.start(host.name, [PYTHON, str(HERE / "devices/wsd_camera.py"), host.ip])


def _upnp_camera(lab: Lab, host: Host) -> None:
    lab.start(host.name, [PYTHON, str(HERE / "devices/upnp_camera.py"), host.ip])


def _maker_searches(lab: Lab, host: Host) -> None:
    lab.start(host.name, [sys.executable, str(HERE / "devices/maker_searches.py"), host.ip, *MAKERS])


def start_router(lab: Lab) -> None:
    """Run miniupnpd on the router: a negative, it must not become a camera."""
    config = lab.folder / "miniupnpd.conf"
    config.write_text(
        "ext_ifname=eth1\next_ip=203.0.114.1\nlistening_ip=eth0\nport=5000\nenable_upnp=yes\n"
        "uuid=00000000-0000-0000-0000-000000000001\nfriendly_name=Router\n",
        encoding="utf-8",
    )
    lab.start("rtr", ["miniupnpd", "-d", "-f", str(config)])


PLANTED: Final = (
    Planted(Host("ipycam", "10.77.0.11", "44:19:b6:00:00:11"), _ipycam, "Hikvision", True, ("tcp", 80)),
    Planted(Host("axis", "10.77.0.12", "ac:cc:8e:00:00:02"), _avahi, "Axis", True, ("udp", 5353)),
    Planted(Host("printer", "10.77.0.13", "9c:8e:cd:00:00:03"), _printer, "Amcrest", False, ("udp", 5353)),
    Planted(Host("windows", "10.77.0.14", "02:11:22:00:00:04"), _wsdd, "", False, ("udp", 3702)),
    Planted(Host("nas", "10.77.0.15", "00:11:32:00:00:05"), _minidlna, "Synology", False, ("tcp", 8200)),
    Planted(Host("rtsp", "10.77.0.16", "44:19:b6:00:00:16"), _rtsp_camera, "Hikvision", True, ("tcp", 554)),
    Planted(Host("snmp", "10.77.0.17", "00:13:e2:00:00:17"), _snmpsim, "GeoVision", False, ("udp", 161)),
    Planted(Host("nginx", "10.77.0.18", "00:1b:21:00:00:18"), _nginx, "Intel", False, ("tcp", 443)),
    Planted(
        Host("dahua", "10.77.0.19", "3c:ef:8c:00:00:19"), _lighttpd("Login to 1F006E4PAX00075"), "Dahua", True,
        ("tcp", 80),
    ),
    Planted(Host("oldtls", "10.77.0.20", "ec:71:db:00:00:20"), _old_tls, "Reolink", True, ("tcp", 443)),
    Planted(Host("canary", "10.77.0.21", "00:02:d1:00:00:21"), _canary, "Vivotek", True, ("tcp", 554)),
    Planted(Host("upnp", "10.77.0.22", "b8:a4:4f:00:00:22"), _upnp_camera, "Axis", True, ("tcp", 49152)),
    Planted(Host("makers", "10.77.0.23", "44:19:b6:00:00:23"), _maker_searches, "Hikvision", True, ("udp", 37020)),
    Planted(Host("v2wsd", "10.77.2.11", "3c:ef:8c:00:02:11"), _wsd_camera, "Dahua", True, ("udp", 3702)),
    Planted(Host("v2web", "10.77.2.12", "00:1b:21:00:02:12"), _lighttpd("Intranet"), "Intel", False, ("tcp", 80)),
)  # fmt: skip
