"""What is installed is what the stubs say."""

import subprocess
import sys


def agt9_the_stubs_name_everything_that_there_is(tmp_path):
    check = [sys.executable, "-m", "mypy.stubtest", "penhold._native", "--concise"]
    done = subprocess.run(check, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


ENDS = """
import asyncio, sys
from penhold import Client, Peer

async def main():
    client, peer = Client(*sys.argv[1:]), Peer(*sys.argv[1:])
    await peer.synced()
    waiting = asyncio.ensure_future(client.await_change())
    await asyncio.gather(*(client.append("notes", "One more line.") for _ in range(3)))

asyncio.run(main())
"""


def agt9_a_script_ends_in_peace_whatever_is_still_on_its_way(world):
    where = world.where("Planner")
    for _ in range(12):
        done = subprocess.run([sys.executable, "-c", ENDS, *where], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
