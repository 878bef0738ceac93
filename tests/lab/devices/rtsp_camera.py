"""A camera with live H.264 behind Digest, through gst-rtsp-server. Run with /usr/bin/python3: rtsp_camera.py REALM."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer(service="554")
auth = GstRtspServer.RTSPAuth()
auth.set_realm(sys.argv[1])
auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "user")
auth.add_digest("admin", "not-for-us", token)
server.set_auth(auth)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch("( videotestsrc ! x264enc tune=zerolatency ! rtph264pay name=pay0 pt=96 )")
permissions = GstRtspServer.RTSPPermissions()
permissions.add_permission_for_role("user", "media.factory.access", True)
factory.set_permissions(permissions)
server.get_mount_points().add_factory("/", factory)
server.attach(None)
GLib.MainLoop().run()
