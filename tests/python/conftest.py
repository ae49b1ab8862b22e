"""One server for all tests, and for each test a workspace, a person, and clients that are checked."""

import itertools
import sys
from pathlib import Path

import pytest
from checked import Checked
from penhold import Client, Peer

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.append(str(EXAMPLES))
from stage import House  # noqa: E402

BRIEFING = {
    "intent": "Learn what keeps clinics from booking online.",
    "next_step": "Agree on how many to ask.",
    "actions": [{"text": "Asked three clinics", "outcome": "done"}],
    "constraints": ["Done by May."],
}


class World:
    """A workspace that is Mara's, with notes that are open."""

    numbers = itertools.count()

    def __init__(self, house):
        self.house = house
        self.workspace = f"w{next(self.numbers)}"
        self.mara = house.person("Mara", self.workspace)

    def create(self, **content):
        self.mara.create("Survey", **content)
        return self

    def where(self, name):
        return self.house.url, self.workspace, self.house.token(name)

    def client(self, name="Planner"):
        return Checked(Client(*self.where(name)), "Client")

    def peer(self, name="Planner"):
        return Peer(*self.where(name))


@pytest.fixture(scope="session")
def house():
    with House() as house:
        yield house


@pytest.fixture
def world(house):
    return World(house).create(notes="Two venues fit.\n", briefing=BRIEFING)


@pytest.fixture
def client(world):
    return world.client()
