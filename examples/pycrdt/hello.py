"""A plain pycrdt peer. Usage: python hello.py ws://127.0.0.1:8787/sync WORKSPACE TOKEN"""

import asyncio
import sys

from pycrdt import Doc, Provider, Text
from websockets.asyncio.client import connect


async def main(url, workspace, token):
    doc = Doc()
    notes = doc.get("notes", type=Text)
    async with connect(f"{url}/{workspace}?token={token}") as socket:
        socket.path = workspace  # What the provider calls it in its log.
        async with Provider(doc, socket) as provider:
            await provider.synced.wait()
            notes.observe(lambda event: print(notes))
            notes += "\nHello from pycrdt.\n"
            await socket.wait_closed()


asyncio.run(main(*sys.argv[1:]))
