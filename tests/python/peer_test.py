"""A live copy of the document."""

import asyncio

import pytest
from penhold import Closed, Denied
from stage import Person


async def agt9_a_peer_edits_texts_that_are_saved_when_it_leaves(world, client):
    async with world.peer() as peer:
        assert await peer.text("notes") == "Two venues fit.\n"
        await peer.append("notes", "One is a mill. 😀\n")
        await peer.write("notes", (await peer.text("notes")).replace("Two", "Three"))
        assert (await peer.document())["notes"].startswith("Three venues fit.\n")
    assert (await client.text("notes"))["text"] == "Three venues fit.\nOne is a mill. 😀\n"
    with pytest.raises(Closed):
        await peer.text("notes")


async def agt9_a_peer_says_what_is_no_text_and_what_is_not_there(world):
    async with world.peer() as peer:
        with pytest.raises(ValueError, match="plan is no text"):
            await peer.text("plan")
        with pytest.raises(ValueError):
            await peer.write("plan/steps/none/body", "Words for nobody.")


async def agt6_a_watch_tells_what_happens_in_sentences(world):
    peer = world.peer()
    await peer.synced()
    watch = await peer.watch()
    await asyncio.to_thread(world.mara.writes, "notes", append="A third.")
    notice = await anext(watch)
    assert notice["kind"] == "edited" and notice["path"] == "notes"
    assert "notes" in notice["text"] and notice["text"].endswith("changed by Mara")
    await peer.close()
    assert [notice async for notice in watch] == []


async def agt9_an_edit_that_is_refused_says_why(world):
    boss = Person(world.house.url, world.workspace, world.house.token("Boss", "human", "admin"))
    boss.here("PUT", "/policy", {"agent_writes": "refuse"})
    peer = world.peer()
    await peer.synced()
    await peer.write("plan/goal", "An agent's goal.")
    with pytest.raises(Denied) as denied:
        await peer.flush()
    assert denied.value.path.startswith("plan") and denied.value.unsent
    await peer.close()
