"""An OpenAI Agents SDK run in which a person takes part, through a workspace.

- The handoff to people takes a validated `Briefing` (`input_type`), which becomes the workspace's
  briefing before the pen goes over. Arguments that do not fit, and briefings that the server finds
  incomplete, go back to the model with what is wrong and an example.
- Whoever gets the pen sees the context packet and not the transcript (`input_filter`).
- People are an agent whose model is the workspace: it waits for their decision, and hands back.
- A tool with `needs_approval` becomes a Penhold approval, which is answered once and acted on once.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from agents import (
    Agent,
    HandoffInputData,
    Model,
    ModelBehaviorError,
    ModelResponse,
    RunConfig,
    RunContextWrapper,
    Runner,
    Usage,
    function_tool,
    handoff,
)
from agents.testing import ScriptedModel, assistant_message, function_call
from agents.tool_context import ToolContext
from penhold import Client, Refused
from penhold.types import TakenDecision
from pydantic import BaseModel, ConfigDict, Field, ValidationError

sys.path.append(str(Path(__file__).resolve().parent.parent))
from stage import House


class Tried(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    outcome: Literal["done", "failed", "declined", "pending"]


class Briefing(BaseModel):
    """What a person has to know to take over."""

    model_config = ConfigDict(extra="forbid")
    intent: str = Field(min_length=1)
    tried: list[Tried] = Field(min_length=1)
    constraints: list[str] = Field(min_length=1)
    next_step: str = Field(min_length=1)
    question: str = Field(description="What the person is to decide.")


EXAMPLE = Briefing(
    intent="A party for forty.",
    tried=[Tried(text="Called two halls", outcome="done")],
    constraints=["No more than 500 in all."],
    next_step="Book one of them.",
    question="Is the ramp worth 150?",
)


class Desk:
    """What the run has to do with the workspace. `name` makes its commands happen once."""

    def __init__(self, client: Client, name: str) -> None:
        self.client, self.name = client, name
        self.decisions: list[TakenDecision] = []
        self.approvals: dict[str, str] = {}
        self.booked: list[Any] = []

    async def hand_over(self, context: RunContextWrapper[Any], given: Briefing) -> None:
        known = (await self.client.document())["briefing"]
        try:
            await self.client.edit([*edits(known, given)])
            held = await self.client.item("plan")
            await self.client.hand_off(
                "plan",
                to={"queue": "people"},
                trigger="stakes",
                note=given.question,
                epoch=held["epoch"],
            )
        except Refused as refused:
            raise ModelBehaviorError(f"{refused} {refused.more}") from refused

    async def packet(self, data: HandoffInputData) -> HandoffInputData:
        """The context packet in place of the transcript; who has read it is up to date."""
        packet = await self.client.context_markdown()
        plan = await self.client.item("plan")
        if gate := plan["gate"]:
            await self.client.resume("plan", plan["epoch"], gate["decisions"], gate["cursor"])
        return data.clone(input_history=packet, pre_handoff_items=(), new_items=())

    async def conclude(self, outcome: str) -> None:
        """Says what came of what people decided."""
        for decision in self.decisions:
            await self.client.consume(decision["id"], decision["lease"], outcome)

    async def settle(self, state: Any, call: Any) -> None:
        """Asks people about a tool call, and waits for their answer."""
        asked = await self.client.keyed(f"{self.name}/{call.call_id}").ask(
            title=f"Run {call.name}",
            action={"kind": call.name, "arguments": json.loads(call.arguments)},
            why="It cannot be undone.",
            reversible=False,
            risk=0.6,
        )
        self.approvals[call.call_id] = asked["id"]
        answered = await self.client.await_answer(asked["id"])
        if answered["status"] == "approved":
            state.approve(call)
        else:
            notes = " ".join(answer["note"] for answer in answered["answers"])
            state.reject(call, rejection_message=f"{answered['status']}: {notes}")

    async def book(self, call_id: str) -> str:
        """Books what was approved: at most once, and as people may have edited it."""
        id = self.approvals[call_id]
        try:
            approved = await self.client.take_approval(id)
        except Refused as refused:
            return f"Not booked again. {refused}"
        booking = approved["action"]["arguments"]
        self.booked.append(booking)  # Here the money would be spent.
        done = f"Booked {booking['hall']} for {booking['deposit']}."
        await self.client.consume_approval(id, approved["grant"], done)
        return done


def edits(known: dict[str, Any], given: Briefing) -> Iterator[dict[str, Any]]:
    """What makes the workspace's briefing say what is given."""
    fields = {"intent": given.intent, "next_step": given.next_step}
    yield {"do": "patch", "at": "briefing", "set": fields}
    tried = {one["text"] for one in known["actions"]}
    for one in given.tried:
        if one.text not in tried:
            yield {"do": "add", "to": "briefing/actions", "value": one.model_dump()}
    constraints = {one["text"] for one in known["constraints"]}
    for text in set(given.constraints) - constraints:
        yield {"do": "add", "to": "briefing/constraints", "value": {"text": text}}


class People(Model):
    """Whoever decides in the workspace, in the place of a model."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        decision = await self.desk.client.next_decision()
        self.desk.decisions.append(decision)
        back = function_call("transfer_to_planner", {}, call_id=decision["id"])
        said = assistant_message(f"{decision['title']}. {decision['note']}")
        return ModelResponse(output=[said, back], usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("people are not streamed")


def crew(desk: Desk, model: Model) -> Agent[Any]:
    """The planner, and the people to whom it hands over."""

    @function_tool(needs_approval=True, failure_error_function=None)
    async def book_hall(context: ToolContext[Any], hall: str, deposit: int) -> str:
        """Books a hall. The deposit cannot be had back."""
        return await desk.book(context.tool_call_id)

    planner = Agent(name="Planner", model=model, tools=[book_hall])
    people = Agent(name="People", model=People(desk))
    planner.handoffs = [to_people(desk, people)]
    people.handoffs = [handoff(planner, input_filter=desk.packet)]
    return planner


def to_people(desk: Desk, people: Agent[Any]) -> Any:
    made = handoff(
        people, input_type=Briefing, on_handoff=desk.hand_over, input_filter=desk.packet
    )
    invoke = made.on_invoke_handoff

    async def checked(context: Any, arguments: str) -> Any:
        # The SDK says that they do not fit, and keeps to itself why.
        try:
            Briefing.model_validate_json(arguments)
        except ValidationError as error:
            fields = error.errors(include_url=False)
            told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fields]
            raise ModelBehaviorError("; ".join(told)) from error
        return await invoke(context, arguments)

    made.on_invoke_handoff = checked
    return made


async def run(desk: Desk, model: Model, task: str) -> str:
    """Runs the planner to its end, through mistakes of the model and answers of people."""
    planner = crew(desk, model)
    start: Any = [{"role": "user", "content": task}]
    quiet = RunConfig(tracing_disabled=True)
    while True:
        try:
            result = await Runner.run(planner, start, run_config=quiet)
        except ModelBehaviorError as error:
            told = f"Not handed over. {error} Example of arguments: {EXAMPLE.model_dump_json()}"
            print(told)
            start = [*start, {"role": "user", "content": told}]
            continue
        if not result.interruptions:
            await desk.conclude(str(result.final_output))
            return str(result.final_output)
        start = result.to_state()
        for call in result.interruptions:
            await desk.settle(start, call)


def script() -> list[Any]:
    """What a model would say: a briefing that does not fit, a better one, the booking, a word."""
    return [
        [function_call("transfer_to_people", {"intent": "A party."}, call_id="try-1")],
        [function_call("transfer_to_people", EXAMPLE.model_dump(), call_id="try-2")],
        [function_call("book_hall", {"hall": "Harbour Hall", "deposit": 400}, call_id="book-1")],
        [assistant_message("The Harbour Hall is booked.")],
    ]


def host(person: Any, agent: str) -> None:
    """The person: decides about the handoff, hands back, and approves the booking."""
    held = person.claims()
    person.decides("plan", "Take the hall with the ramp", "Two of us use a wheelchair.")
    person.hands_to(agent, held, "Please book.")
    person.answers("approve", "Before somebody else does.")


async def main() -> None:
    with House() as house:
        mara = house.person("Mara", "party")
        mara.create("Ten years")
        mara.releases("workspace")
        client = Client(house.url, "party", house.token("Planner"))
        await client.claim("plan")
        agent = (await client.me())["id"]
        hosting = asyncio.create_task(asyncio.to_thread(host, mara, agent))
        desk = Desk(client, "run-1")
        print(await run(desk, ScriptedModel(script()), "Find us a hall for forty people."))
        await hosting
        print("Booked:", *desk.booked)


if __name__ == "__main__":
    asyncio.run(main())
