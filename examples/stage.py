"""What the Python examples bring along, so that each is one command: a server of their own, and a
person who follows a script.

The person has a person's token and speaks plain HTTP, as the page does.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PATIENCE = 60
"""Seconds after which nobody comes any more."""


class House:
    """A server on a fresh folder and a free port, from `with` to its end."""

    def __enter__(self):
        self.data = tempfile.TemporaryDirectory(prefix="penhold-example-")
        serve = [binary(), "serve", "--listen", "127.0.0.1:0", "--log", "warn"]
        self.process = subprocess.Popen(
            serve, env=self.environment(), cwd=self.data.name, stdout=subprocess.PIPE, text=True
        )
        for line in self.process.stdout:
            if line.startswith("penhold listening on "):
                self.url = line.split()[-1]
            if "/sign-in?" in line:
                return self
        raise SystemExit("the server ended before it was listening")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.data.cleanup()

    def environment(self):
        return {**os.environ, "PENHOLD_DATA": self.data.name}

    def token(self, name, kind="agent", role="editor"):
        """A token as the operator of the server makes it."""
        make = [binary(), "token", "create", "--name", name, "--kind", kind, "--role", role]
        return subprocess.check_output(make, env=self.environment(), text=True).strip()

    def person(self, name, workspace):
        return Person(self.url, workspace, self.token(name, kind="human"))


class Person:
    """A person in one workspace, who waits for what needs them and does what the script says."""

    def __init__(self, url, workspace, token):
        self.url, self.workspace, self.token = url, workspace, token

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def here(self, method, path, body=None):
        return self.ask(method, f"/workspaces/{self.workspace}{path}", body)

    def create(self, title, **content):
        body = {"id": self.workspace, "title": title, "content": content}
        return self.ask("POST", "/workspaces", body)

    def waits_for(self, kind):
        """What waits for this person, as soon as there is something of this kind."""
        cursor, until = "", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            changes = self.here("GET", f"/changes?hold=10000{cursor}")
            found = [one for one in changes["pending"] if one["kind"] == kind]
            if found:
                return found[0]
            cursor = f"&cursor={changes['cursor']}"
        raise SystemExit(f"nothing to {kind} came")

    def claims(self):
        """Takes what waits in the queue of the people."""
        waiting = self.waits_for("claim")
        path = f"/items/{waiting['item']}/claim"
        return self.here("POST", path, {"epoch": waiting["epoch"]})

    def releases(self, item):
        """Lets an item go, so that every editor may write there or claim it."""
        held = self.here("GET", f"/items/{item}")
        return self.here("POST", f"/items/{item}/release", {"epoch": held["epoch"]})

    def decides(self, item, title, note):
        return self.here("POST", "/decisions", {"item": item, "title": title, "note": note})

    def writes(self, path, **edit):
        return self.here("POST", "/edits", {"path": path, **edit})

    def hands_to(self, member, held, note):
        body = {
            "item": held["item"],
            "epoch": held["epoch"],
            "to": {"member": member},
            "mode": "cold",
            "reason": {"trigger": "other", "note": note},
        }
        return self.here("POST", "/handoffs", body)

    def answers(self, verdict, note):
        """Answers what an agent asks leave for, having looked at it."""
        asked = self.waits_for("answer")["approval"]
        seen = self.here("GET", f"/approvals/{asked}")["content"]
        body = {"verdict": verdict, "note": note, "seen": seen}
        return self.here("POST", f"/approvals/{asked}/answer", body)


def binary():
    """The server: as told, as built in this checkout, or as installed."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [target / profile / "penhold" for profile in ("release", "debug")]
    known = [os.environ.get("PENHOLD_BINARY"), *filter(Path.exists, built), shutil.which("penhold")]
    for one in filter(None, known):
        return str(one)
    raise SystemExit("there is no penhold here: run `make build` first")
