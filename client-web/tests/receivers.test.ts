import { expect, test } from "vitest";
import type { Holding } from "../src/doc/control";
import type { Card } from "../src/doc/members";
import type { Person } from "../src/doc/presence";
import { receiversOf } from "../src/workspace/pen/receivers";

test("HAND1 the pen is offered to whoever may write, but for its owner and oneself, those first who are here", () => {
  const members = [
    card("mara", "editor"),
    card("planner", "editor"),
    card("ravi", "admin"),
    card("zoe", "editor"),
    card("guest", "viewer"),
  ];
  const people = [person("mara", true), person("zoe", false)];
  const found = receiversOf({ members, people, queues: [], holding: heldBy("planner") });
  expect(found.map(({ key }) => key)).toEqual(["member:zoe", "member:ravi", "queue:people"]);
});

function card(id: string, role: string): Card {
  return { id, name: id, kind: "human", role };
}

function person(id: string, isMe: boolean): Person {
  return { id, name: id, kind: "human", isMe, place: [], isActive: false };
}

function heldBy(id: string): Holding {
  return {
    item: "plan",
    owner: { kind: "member", id },
    ownerName: id,
    epoch: 1,
    inherited: null,
    sinceMs: 1,
    isCatchingUp: false,
  };
}
