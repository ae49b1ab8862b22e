"""Approvals: asked, answered by a person, acted on once."""

import asyncio

import pytest
from penhold import Refused

BOOKING = {
    "title": "Book the hall",
    "action": {"kind": "book", "arguments": {"deposit": 400}},
    "why": "It has a ramp.",
    "reversible": False,
    "risk": 0.6,
}


async def agt4_what_is_approved_is_acted_on_once(world, client):
    asked = await client.keyed("run-7/book").ask(**BOOKING)
    assert asked["status"] == "asked"
    with pytest.raises(Refused) as early:
        await client.take_approval(asked["id"])
    assert early.value.code == "not_yet"
    answering = asyncio.to_thread(world.mara.answers, "approve", "Be quick.")
    answered, _ = await asyncio.gather(client.await_answer(asked["id"]), answering)
    assert answered["status"] == "approved" and answered["answers"][0]["note"] == "Be quick."

    approved = await client.take_approval(asked["id"])
    assert approved["action"]["arguments"] == {"deposit": 400}
    ended = await client.consume_approval(asked["id"], approved["grant"], "Booked.")
    assert ended["status"] == "consumed" and ended["result"] == "Booked."
    with pytest.raises(Refused) as again:
        await client.take_approval(asked["id"])
    assert again.value.code == "ended"


async def agt9_approvals_fail_or_are_taken_back(world, client):
    asked = await client.ask(**BOOKING)
    answering = asyncio.to_thread(world.mara.answers, "approve", "Yes.")
    await asyncio.gather(client.await_answer(asked["id"]), answering)
    approved = await client.take_approval(asked["id"])
    failed = await client.fail_approval(asked["id"], approved["grant"], "Closed today.")
    assert failed["status"] == "failed"
    asked = await client.ask(**BOOKING)
    assert (await client.withdraw_approval(asked["id"]))["status"] == "withdrawn"
    assert (await client.approval(asked["id"]))["status"] == "withdrawn"
    with pytest.raises(ValueError, match="missing field `why`"):
        await client.ask(**{key: BOOKING[key] for key in BOOKING if key != "why"})


async def agt9_agents_tell_what_they_did_and_notice(client):
    done = {"what": "Asked a clinic", "result": "No answer", "risk": 0.1, "reversible": True}
    assert (await client.report(item="notes", **done))["what"] == "Asked a clinic"
    noticed = await client.signal(item="notes", signals={"explicit_request": True})
    assert noticed["item"] == "notes"
