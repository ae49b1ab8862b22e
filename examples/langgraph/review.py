"""A LangGraph graph that stops for a person: it drafts, hands the pen over, and goes on with what
the person decided.

The interrupt is LangGraph's; where it waits is Penhold. So the person finds the draft, the
briefing and the pen in one place, and the wait outlives this program. What has to happen once
carries a key made of the thread and the interrupt: a node that runs again changes nothing.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from penhold import Client

sys.path.append(str(Path(__file__).resolve().parent.parent))
from stage import House


class State(TypedDict, total=False):
    question: str
    epoch: int
    decision: dict[str, Any]
    outcome: str


def graph(client: Client, thread: str, checkpointer: Any) -> Any:
    """Draft, ask, act. A model would write the texts; here they are fixed."""

    async def draft(state: State) -> State:
        held = await client.item("notes")
        if held["owner"] != {"member": (await client.me())["id"]}:
            held = await client.claim("notes", held["epoch"])
        text = "We interview clinics, and write down what keeps them from booking online.\n"
        await client.keyed(f"{thread}/draft").append("notes", text)
        return {"epoch": held["epoch"], "question": "Twelve clinics, or six?"}

    def ask(state: State) -> State:
        decision = interrupt({"item": "notes", "epoch": state["epoch"], "note": state["question"]})
        return {"decision": decision}

    async def act(state: State) -> State:
        decision = state["decision"]
        outcome = f"Planned as decided: {decision['title']}."
        await client.keyed(f"{thread}/act").append("notes", f"{outcome} {decision['note']}\n")
        # Said twice, the first outcome stands.
        await client.consume(decision["id"], decision["lease"], outcome)
        return {"outcome": outcome}

    builder = StateGraph(State)
    builder.add_node("draft", draft)
    builder.add_node("ask", ask)
    builder.add_node("act", act)
    builder.add_edge(START, "draft")
    builder.add_edge("draft", "ask")
    builder.add_edge("ask", "act")
    builder.add_edge("act", END)
    return builder.compile(checkpointer=checkpointer)


async def decided(client: Client, thread: str, stop: Any) -> Any:
    """What a person decides about an interrupt. The pen goes to people once, however often this is
    asked; it comes back with the decision."""
    item = stop.value["item"]
    handoff = await client.keyed(f"{thread}/{stop.id}").hand_off(
        item,
        to={"queue": "people"},
        trigger="stakes",
        note=stop.value["note"],
        epoch=stop.value["epoch"],
    )
    decision = await client.next_decision()
    held = await client.item(item)
    if gate := held["gate"]:
        print("Meanwhile:", await client.digest_markdown(f"handoff:{handoff['id']}"))
        await client.resume(item, held["epoch"], gate["decisions"], gate["cursor"])
    return decision


async def run(client: Client, thread: str, checkpointer: Any) -> Any:
    """Runs a thread to its end, from wherever its checkpoints say that it is."""
    config = {"configurable": {"thread_id": thread}}
    flow = graph(client, thread, checkpointer)
    begun = await flow.aget_state(config)
    result = await flow.ainvoke(None if begun.created_at else {}, config)
    while stops := result.get("__interrupt__"):
        answers = {stop.id: await decided(client, thread, stop) for stop in stops}
        result = await flow.ainvoke(Command(resume=answers), config)
    return result


def review(person: Any, agent: str) -> None:
    """The person: takes the pen, decides, writes a word, and hands it back."""
    held = person.claims()
    person.decides("notes", "Six clinics", "Two of them in the country.")
    person.writes("notes", append="Nobody is asked twice.")
    person.hands_to(agent, held, "Please go on.")


async def main() -> None:
    with House() as house:
        mara = house.person("Mara", "survey")
        mara.create("Clinic survey", briefing=BRIEFING)
        client = Client(house.url, "survey", house.token("Planner"))
        agent = (await client.me())["id"]
        reviewed = asyncio.create_task(asyncio.to_thread(review, mara, agent))
        result = await run(client, "thread-1", InMemorySaver())
        await reviewed
        print(result["outcome"])
        print((await client.text("notes"))["text"])


BRIEFING = {
    "intent": "Learn what keeps clinics from booking online.",
    "next_step": "Agree on how many to ask.",
    "actions": [{"text": "Asked three clinics by phone", "outcome": "done"}],
    "constraints": ["Done by the end of the month."],
}

if __name__ == "__main__":
    asyncio.run(main())
