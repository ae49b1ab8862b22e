"""A headless Penhold peer: read, edit and follow a workspace from Python.

`Client` asks and commands over HTTP, `Peer` keeps a live copy of the document. Everything that
takes time is awaited; plain data goes in and comes out, in the shapes of `penhold.types`.
"""

from ._native import Client, Leases, Needs, Peer, Watch
from .errors import Closed, Denied, PenholdError, Refused, Stopped, Unreachable, Unreadable

__all__ = [
    "Client",
    "Closed",
    "Denied",
    "Leases",
    "Needs",
    "Peer",
    "PenholdError",
    "Refused",
    "Stopped",
    "Unreachable",
    "Unreadable",
    "Watch",
]
