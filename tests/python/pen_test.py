"""Holding the pen, passing it, and getting it back with a decision."""

import asyncio

import pytest
from penhold import Refused

TO_PEOPLE = {"to": {"queue": "people"}, "trigger": "stakes", "note": "Twelve, or six?"}


async def agt9_who_comes_second_is_told_who_was_first(world, client):
    held = await client.claim("notes")
    other = world.client("Scout")
    with pytest.raises(Refused) as late:
        await other.claim("notes", held["epoch"])
    assert late.value.code == "not_claimable"
    assert late.value.owner == {"member": (await client.me())["id"]}
    assert late.value.owner_name == "Planner" and late.value.epoch == held["epoch"]
    with pytest.raises(Refused) as stale:
        await client.release("notes", held["epoch"] - 1)
    assert stale.value.code == "stale"


async def agt9_a_handoff_needs_a_briefing_and_says_what_it_lacks(house):
    from conftest import World

    client = World(house).create().client()
    await client.claim("notes")
    with pytest.raises(Refused) as bare:
        await client.hand_off("notes", **TO_PEOPLE)
    assert bare.value.code == "incomplete" and bare.value.more["missing"]
    passed = await client.hand_off("notes", **TO_PEOPLE, emergency=True)
    assert passed["emergency"] and passed["missing"]


async def agt9_a_decision_comes_back_with_the_pen_and_is_consumed_once(world, client):
    held = await client.claim("notes")
    handoff = await client.hand_off("notes", epoch=held["epoch"], confidence=0.4, **TO_PEOPLE)
    assert handoff["to"] == {"queue": "people"} and handoff["reason"]["confidence"] == 0.4
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.next_decision(), 0.2)

    def review():
        held = world.mara.claims()
        world.mara.decides("notes", "Six", "Two in the country.")
        world.mara.writes("notes", append="Nobody is asked twice.")
        world.mara.hands_to(handoff["by"], held, "Go on.")

    decision, _ = await asyncio.gather(client.next_decision(), asyncio.to_thread(review))
    assert decision["title"] == "Six" and decision["status"] == "taken"

    held = await client.item("notes")
    assert held["gate"]["decisions"] == [decision["id"]]
    assert "Nobody is asked twice." in await client.digest_markdown(f"handoff:{handoff['id']}")
    gate = held["gate"]
    held = await client.resume("notes", held["epoch"], gate["decisions"], gate["cursor"])
    assert held["gate"] is None

    done = await client.consume(decision["id"], decision["lease"], "Asked six.")
    again = await client.consume(decision["id"], decision["lease"], "Asked twelve.")
    assert done["outcome"] == again["outcome"] == "Asked six."
    assert (await client.decision(decision["id"]))["status"] == "consumed"
    with pytest.raises(Refused) as ended:
        await client.take(decision["id"])
    assert ended.value.code == "ended"


async def agt1_a_keyed_handoff_is_made_once(world, client):
    held = await client.claim("notes")
    once = client.keyed("run-7/ask")
    first = await once.hand_off("notes", epoch=held["epoch"], **TO_PEOPLE)
    again = await once.hand_off("notes", epoch=held["epoch"], **TO_PEOPLE)
    assert first == again
    with pytest.raises(Refused):
        await once.hand_off("notes", epoch=held["epoch"], **{**TO_PEOPLE, "note": "Other."})


async def agt9_an_offer_is_read_back_and_taken_or_declined(world, client):
    scout = world.client("Scout")
    await client.claim("notes")
    to = {"to": {"member": (await scout.me())["id"]}, "trigger": "complexity"}
    offer = await client.hand_off("notes", mode="warm", **to)
    assert offer["status"] == "offered"
    assert (await scout.decline(offer["id"], "No time."))["declined_because"] == "No time."
    offer = await client.hand_off("notes", mode="warm", **to)
    assert (await scout.brief(offer["id"], "Weigh two venues."))["status"] == "briefed"
    assert (await scout.accept(offer["id"]))["status"] == "accepted"
    assert [one["item"] for one in await scout.held()] == ["notes"]
    offer = await scout.hand_off("notes", mode="warm", to=offer["from"], trigger="other")
    assert (await scout.withdraw(offer["id"]))["status"] == "withdrawn"


async def agt5_leases_are_kept_and_let_go_of_at_the_end(world, client):
    async with client.thing.leases() as leases:
        leases.keep(await client.claim("notes"))
        assert [one["item"] for one in leases.held()] == ["notes"]
    assert (await client.item("notes"))["owner"] is None

    leases = client.leases()
    leases.keep(await client.claim("notes"))
    heir = {"to": {"queue": "people"}, "trigger": "other", "note": "Leaving."}
    assert await leases.close(**heir) == []
    assert (await client.item("notes"))["owner"] == {"queue": "people"}
    assert await leases.close() == [] and leases.held() == []


async def agt9_words_that_do_not_fit_are_named(client):
    for call, words in [
        (lambda: client.claim("chapter"), "chapter"),
        (lambda: client.hand_off("notes", to={"crowd": "x"}, trigger="other"), "to: unknown"),
        (lambda: client.hand_off("notes", to={"queue": "people"}), "missing field `trigger`"),
        (lambda: client.hand_off("notes", **TO_PEOPLE, loud=True), "unknown field `loud`"),
        (lambda: client.changes(only="nothing"), "none of everything, records"),
        (lambda: client.digest("yesterday"), "none of visit"),
    ]:
        with pytest.raises(ValueError) as unfit:
            await call()
        assert words in str(unfit.value)
    assert (await client.item("notes"))["owner"] is None
