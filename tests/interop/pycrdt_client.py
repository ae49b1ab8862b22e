"""A pycrdt peer over a plain WebSocket. Arguments: server address, workspace, token.

Speaks the JSON lines of driver.mjs. pycrdt counts bytes of UTF-8 in texts.
"""

import asyncio
import json
import sys

from pycrdt import (
    Doc,
    Map,
    Text,
    YMessageType,
    YSyncMessageType,
    create_sync_message,
    create_update_message,
    handle_sync_message,
)
from websockets.asyncio.client import connect


def say(**seen):
    print(json.dumps(seen), flush=True)


def place(text, thousandths):
    """So many thousandths into a text, in bytes, never inside a character."""
    characters = str(text)
    return len(characters[: thousandths * len(characters) // 1000].encode())


class Client:
    def __init__(self, socket):
        self.socket = socket
        self.doc = Doc()
        self.notes = self.doc.get("notes", type=Text)
        self.plan = self.doc.get("plan", type=Map)
        self.outgoing = asyncio.Queue()
        self.is_remote = False
        self.obeyed = 0
        self.subscription = self.doc.observe(self.changed)

    def changed(self, event):
        if not self.is_remote:
            self.outgoing.put_nowait(create_update_message(event.update))

    async def send(self):
        while True:
            await self.socket.send(await self.outgoing.get())

    async def receive(self):
        async for message in self.socket:
            if message[0] != YMessageType.SYNC:
                continue
            self.is_remote = True
            reply = handle_sync_message(message[1:], self.doc)
            self.is_remote = False
            if reply is not None:
                self.outgoing.put_nowait(reply)
            self.tell()
            if message[1] == YSyncMessageType.SYNC_STEP2:
                say(synced=True)

    def tell(self):
        say(
            obeyed=self.obeyed,
            notes=str(self.notes),
            plan=self.plan.to_py(),
            update=self.doc.get_update().hex(),
        )

    def steps(self):
        return self.plan["steps"]

    def chosen(self, pick):
        ids = sorted(self.steps().keys())
        return ids[pick * len(ids) // 1000] if ids else None

    def insert(self, at, text):
        self.notes.insert(place(self.notes, at), text)

    def delete(self, **ends):
        start, end = place(self.notes, ends["from"]), place(self.notes, ends["to"])
        del self.notes[start:end]

    def add(self, id, title, order):
        fields = {"title": Text(title), "body": Text(""), "status": "draft", "tier": "tactical", "order": order}
        self.steps()[id] = Map(fields)

    def status(self, pick, status):
        if (id := self.chosen(pick)) is not None:
            self.steps()[id]["status"] = status

    def body(self, pick, at, text):
        if (id := self.chosen(pick)) is not None:
            body = self.steps()[id]["body"]
            body.insert(place(body, at), text)

    def remove(self, pick):
        if (id := self.chosen(pick)) is not None:
            del self.steps()[id]

    async def obey(self):
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            command = json.loads(line)
            edit = command.pop("edit")
            with self.doc.transaction():
                getattr(self, edit)(**command)
            self.obeyed += 1
            self.tell()


async def main():
    address, workspace, token = sys.argv[1:]
    async with connect(f"ws://{address}/sync/{workspace}?token={token}") as socket:
        client = Client(socket)
        await socket.send(create_sync_message(client.doc))
        jobs = [asyncio.ensure_future(job) for job in (client.send(), client.receive(), client.obey())]
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        for job in jobs:
            job.cancel()
        for job in done:
            job.result()


asyncio.run(main())
