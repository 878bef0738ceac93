"""Frames of one form, laid side by side, patched in place and handed to the kernel many at a time."""

import ctypes
import errno
import os
import socket
from collections.abc import Callable
from typing import Final

BATCH: Final = 256
"""Frames handed to the kernel at one go."""

BUSY: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM, errno.EINTR})
"""Errors that mean "not now": the frames did not go, and are sent again."""


class _Piece(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("pieces", ctypes.c_void_p),
        ("piece_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int), ("sent", ctypes.c_uint),
    )  # fmt: skip


class FrameBatch:
    """`frames`: room for `BATCH` copies of one template, each `stride` bytes after the last; `queued` are filled in."""

    def __init__(self, sock: socket.socket, template: bytes) -> None:
        self.stride = (len(template) + 15) // 16 * 16
        self.frames = bytearray(template.ljust(self.stride, b"\0") * BATCH)
        self.queued = self._sent = 0
        self._sock = sock
        self.send_many: Callable[..., int] = ctypes.CDLL(None, use_errno=True).sendmmsg
        self._lay_out(len(template))

    def flush(self) -> bool:
        """Send what is queued; False when the kernel cannot take all of it now. Raises OSError when the link fails."""
        while self._sent < self.queued:
            start = ctypes.byref(self._messages, self._sent * ctypes.sizeof(_Message))
            went = self.send_many(self._sock.fileno(), start, self.queued - self._sent, socket.MSG_DONTWAIT)
            if went < 0:
                code = ctypes.get_errno()
                if code in BUSY:
                    return False
                raise OSError(code, os.strerror(code))
            self._sent += went
        self.queued = self._sent = 0
        return True

    def forget(self) -> int:
        """Give up what is queued; return how many of its first frames did go."""
        went, self.queued, self._sent = self._sent, 0, 0
        return went

    def _lay_out(self, length: int) -> None:
        base = ctypes.addressof(ctypes.c_char.from_buffer(self.frames))
        self._pieces, self._messages = (_Piece * BATCH)(), (_Message * BATCH)()
        for slot in range(BATCH):
            self._pieces[slot] = _Piece(base + slot * self.stride, length)
            self._messages[slot].pieces = ctypes.addressof(self._pieces[slot])
            self._messages[slot].piece_count = 1
