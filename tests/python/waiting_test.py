"""Waiting for what changes, catching up, and what is kept beside the document."""

import asyncio

import pytest
from penhold import Client, Refused, Unreachable


async def agt3_a_change_ends_the_wait(world, client):
    now = await client.await_change()
    assert now["pending"] == [] and not now["gap"]
    waiting = asyncio.ensure_future(client.await_change(now["cursor"], "everything"))
    await asyncio.to_thread(world.mara.writes, "notes", append="A third.")
    changes = await waiting
    assert {"notes"} == {one["path"] for one in changes["items"] if one["kind"] == "edited"}
    assert (await client.changes(changes["cursor"]))["items"] == []


async def agt3_a_need_is_told_until_it_was_seen_to(world, client, tmp_path):
    file = tmp_path / "planner.json"
    needs = await client.needs("handoff", file)
    scout = world.client("Scout")
    await scout.claim("notes")
    to = {"to": {"member": (await client.me())["id"]}, "trigger": "complexity"}
    offer = await scout.hand_off("notes", mode="warm", **to)
    need = await anext(needs)
    assert need["need"] == "pending" and need["kind"] == "receive"
    assert need["handoff"] == offer["id"] and await anext(needs) == need
    assert [one["handoff"] for one in await client.inbox()] == [offer["id"]]
    await needs.thing.seen_to(need)
    for again in (needs, await client.needs("handoff", file)):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(again), 0.2)


async def agt9_the_packet_and_the_digest_say_what_one_has_to_know(world, client):
    packet = await client.context()
    assert packet["intent"].startswith("Learn what") and packet["constraints"] == ["Done by May."]
    short = await client.context_markdown(500)
    assert "Learn what" in short and len(short) <= 500
    digest = await client.digest()
    assert digest["cursor"] > 0
    assert isinstance(await client.digest_markdown("visit", 400), str)


async def agt9_artifacts_are_kept_and_found(client):
    kept = await client.put_artifact("Call with the mill", b"They have NO ramp.\n")
    assert kept["uri"] == f"artifact:{kept['hash']}"
    assert await client.artifact(kept["hash"]) == b"They have NO ramp.\n"
    [found] = await client.search("no ramp")
    assert found["hash"] == kept["hash"] and found["line"] == 1


async def agt2_who_does_not_answer_and_who_refuses_are_told_apart(world):
    nobody = Client("http://127.0.0.1:9", "launch", "token").patient(0.1)
    with pytest.raises(Unreachable):
        await nobody.me()
    with pytest.raises(Refused) as unknown:
        await Client(world.house.url, world.workspace, "nonsense").me()
    assert unknown.value.status == 401
    with pytest.raises(ValueError, match="is not the address of a server"):
        Client("pen.example", "launch", "token")
    elsewhere = world.client().in_workspace("nowhere")
    assert elsewhere.workspace == "nowhere"
    with pytest.raises(Refused) as missing:
        await elsewhere.document()
    assert missing.value.status == 404 and "nowhere" in repr(elsewhere.thing)
