"""The examples do what they say, and go on doing it when parts of them happen twice."""

import asyncio
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from agents.testing import ScriptedModel, assistant_message, function_call
from conftest import EXAMPLES, World
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from penhold import Client

PATIENCE = 120


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, EXAMPLES / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


review = load("langgraph/review.py")
booking = load("openai_agents/booking.py")


def events(world, name, **fields):
    """The events of this name, and with these fields, in the record of the workspace."""
    items = world.mara.here("GET", "/changes?cursor=1")["items"]
    told = [event for item in items if item["kind"] == "record" for event in item["events"]]
    return [event for event in told if {"type": name, **fields}.items() <= event.items()]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("langgraph/review.py", "Planned as decided: Six clinics."),
        ("openai_agents/booking.py", "Booked: {'deposit': 400, 'hall': 'Harbour Hall'}"),
    ],
)
def agt10_each_example_is_one_command(script, words):
    done = subprocess.run(
        [sys.executable, EXAMPLES / script], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert words in done.stdout


async def agt10_a_graph_that_is_run_again_hands_over_once_and_acts_once(world):
    client = Client(*world.where("Planner"))
    agent = (await client.me())["id"]
    memory = InMemorySaver()
    config = {"configurable": {"thread_id": "t"}}
    flow = review.graph(client, "t", memory)

    # The program dies while it waits for the person, twice; each time the node runs again.
    stops = []
    for start in ({}, None):
        result = await flow.ainvoke(start, config)
        [stop] = result["__interrupt__"]
        stops.append(stop.id)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(review.decided(client, "t", stop), 0.5)
    assert stops[0] == stops[1]
    assert len(events(world, "owner_changed", cause="handed_off")) == 1

    reviewed = asyncio.to_thread(review.review, world.mara, agent)
    result, _ = await asyncio.gather(review.run(client, "t", memory), reviewed)
    assert len(events(world, "decision_consumed")) == 1

    # Resumed again, run again from its end, and from right before it acted.
    await flow.ainvoke(Command(resume={stop.id: result["decision"]}), config)
    await flow.ainvoke(None, config)
    async for before in flow.aget_state_history(config):
        if before.next == ("act",):
            await flow.ainvoke(None, before.config)
    notes = (await client.text("notes"))["text"]
    assert notes.count("Planned as decided") == 1 and notes.count("We interview clinics") == 1
    assert len(events(world, "owner_changed", cause="handed_off")) == 2, "one each way"
    assert len(events(world, "decision_consumed")) == 1


@pytest.fixture
async def desk(house):
    world = World(house).create()
    world.mara.releases("workspace")
    client = Client(*world.where("Planner"))
    await client.claim("plan")
    desk = booking.Desk(client, "run")
    desk.world = world
    desk.agent = (await client.me())["id"]
    return desk


async def agt10_a_briefing_that_does_not_fit_is_answered_field_by_field(desk):
    model = ScriptedModel(booking.script())
    hosting = asyncio.to_thread(booking.host, desk.world.mara, desk.agent)
    said, _ = await asyncio.gather(booking.run(desk, model, "Find a hall."), hosting)
    assert said == "The Harbour Hall is booked." and len(desk.booked) == 1

    told = str(model.calls[1].input)
    for field in ["tried: Field required", "next_step: Field required", "Example of arguments"]:
        assert field in told
    briefing = (await desk.client.document())["briefing"]
    assert briefing["intent"] == booking.EXAMPLE.intent
    assert [one["text"] for one in briefing["actions"]] == ["Called two halls"]

    # After the handoff the planner sees the packet, and nothing of the transcript.
    back = str(model.calls[2].input)
    assert "Take the hall with the ramp" in back and "transfer_to_people" not in back
    assert len(events(desk.world, "owner_changed", cause="handed_off")) == 2
    assert len(events(desk.world, "decision_consumed")) == 1
    assert len(events(desk.world, "approval_consumed")) == 1


async def agt10_a_declined_approval_runs_nothing_and_tells_the_model_why(desk):
    book = function_call("book_hall", {"hall": "Mill", "deposit": 250}, call_id="b")
    model = ScriptedModel([[book], [assistant_message("Then not.")]])
    declining = asyncio.to_thread(desk.world.mara.answers, "decline", "No ramp there.")
    said, _ = await asyncio.gather(booking.run(desk, model, "Book the mill."), declining)
    assert said == "Then not." and desk.booked == []
    assert "No ramp there." in str(model.calls[1].input)


async def agt10_an_approved_call_that_runs_again_acts_once(desk):
    book = function_call("book_hall", {"hall": "Mill", "deposit": 250}, call_id="b")
    model = ScriptedModel([[book], [assistant_message("Booked.")]])
    approving = asyncio.to_thread(desk.world.mara.answers, "approve", "Fine.")
    await asyncio.gather(booking.run(desk, model, "Book the mill."), approving)
    assert "Not booked again." in await desk.book("b")
    assert desk.booked == [{"hall": "Mill", "deposit": 250}]


@pytest.mark.parametrize("peer", ["pycrdt", "yjs"])
async def agt10_plain_yjs_peers_write_into_the_notes(world, peer):
    script = EXAMPLES / ("pycrdt/hello.py" if peer == "pycrdt" else "yjs/hello.mjs")
    program = sys.executable if peer == "pycrdt" else "node"
    address = world.house.url.replace("http", "ws") + "/sync"
    process = subprocess.Popen([program, script, address, world.workspace, world.where("Bot")[2]])
    try:
        client = Client(*world.where("Reader"))
        async with asyncio.timeout(PATIENCE):
            cursor = ""
            while "Hello from" not in (await client.text("notes"))["text"]:
                cursor = (await client.await_change(cursor, "everything"))["cursor"]
    finally:
        process.terminate()
        process.wait()
