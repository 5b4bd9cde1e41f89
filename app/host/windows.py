"""What Windows tells a process, and how: console events, the end of a session, the end of the process above.

Every function is for Windows alone; the first line of each says so to the type checker too.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from ctypes import wintypes

assert sys.platform == "win32"  # the type checker, too, passes over the rest elsewhere

# Windows ends the process when its close handler returns, at the latest after five seconds.
_CLOSE_SECONDS = 4.5
_FIRST_CLOSE_EVENT = 2  # close, log off, shut down; below are Ctrl-C and Ctrl-Break

_WINDOW_CLASS = "BurndownSession"
_WM_CLOSE, _WM_QUERYENDSESSION, _WM_ENDSESSION = 0x0010, 0x0011, 0x0016

_SYNCHRONIZE = 0x0010_0000
_FOR_EVER = 0xFFFF_FFFF


def on_console_event(ask: Callable[[], None], finished: threading.Event) -> object:
    """Ctrl-C, Ctrl-Break and console close call `ask`. What it returns must be kept: Windows keeps only an address."""

    def handle(event: int) -> bool:
        ask()
        if event >= _FIRST_CLOSE_EVENT:
            finished.wait(_CLOSE_SECONDS)
        return True

    kept = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint32)(handle)
    ctypes.WinDLL("kernel32").SetConsoleCtrlHandler(kept, True)
    return kept


def when_parent_ends(then: Callable[[], None]) -> None:
    """Call `then`, in a thread, when the process that started this one is gone, or is gone already."""
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.WaitForSingleObject.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    parent = kernel.OpenProcess(_SYNCHRONIZE, False, os.getppid())

    def wait() -> None:
        if parent:
            kernel.WaitForSingleObject(parent, _FOR_EVER)
        then()

    threading.Thread(target=wait, name="parent", daemon=True).start()


def on_session_end(ask: Callable[[], None], finished: threading.Event) -> None:
    """Log-off, shutdown and a plain `taskkill` call `ask`.

    Windows says these to windows only, and to a console program that has none it says them not at all. So a thread
    holds one that is never shown.
    """

    def answer(window: int, message: int, first: int, second: int) -> int:
        if message == _WM_QUERYENDSESSION:
            return 1
        if message == _WM_CLOSE:
            ask()
            return 0
        if message == _WM_ENDSESSION:
            if first:  # nobody refused
                ask()
                finished.wait(_CLOSE_SECONDS)
            return 0
        return int(user.DefWindowProcW(window, message, first, second))

    user = ctypes.WinDLL("user32")
    kinds = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
    procedure = ctypes.WINFUNCTYPE(ctypes.c_ssize_t, *kinds)
    user.DefWindowProcW.argtypes = kinds
    user.DefWindowProcW.restype = ctypes.c_ssize_t
    threading.Thread(target=_hold_window, args=(user, procedure(answer)), name="session", daemon=True).start()


def _hold_window(user: ctypes.WinDLL, procedure: ctypes._CFunctionType) -> None:
    """Make the window and hand it its messages, for ever."""

    class WindowClass(ctypes.Structure):
        _fields_ = (
            ("style", wintypes.UINT), ("procedure", ctypes.c_void_p), ("class_extra", ctypes.c_int),
            ("window_extra", ctypes.c_int), ("instance", wintypes.HINSTANCE), ("icon", wintypes.HICON),
            ("cursor", wintypes.HANDLE), ("background", wintypes.HBRUSH), ("menu", wintypes.LPCWSTR),
            ("name", wintypes.LPCWSTR),
        )  # fmt: skip

    kind = WindowClass(procedure=ctypes.cast(procedure, ctypes.c_void_p).value, name=_WINDOW_CLASS)
    user.RegisterClassW(ctypes.byref(kind))
    user.CreateWindowExW.restype = wintypes.HWND
    user.CreateWindowExW.argtypes = [
        wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD, *[ctypes.c_int] * 4, *[wintypes.HANDLE] * 4,
    ]  # fmt: skip
    user.CreateWindowExW(0, _WINDOW_CLASS, "Burndown", 0, 0, 0, 0, 0, None, None, None, None)
    message = wintypes.MSG()
    while user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
        user.DispatchMessageW(ctypes.byref(message))
