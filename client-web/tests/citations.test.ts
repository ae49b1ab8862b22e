import { describe, expect, test } from "vitest";
import { citation, citedIn, naming } from "../src/doc/citations";

const LETTER = { title: "Ethics letter", uri: "https://ethics.example/12", kind: "document" };
const NOTES = { title: "Call notes", uri: "notes/calls", kind: "notes" };
const SOURCES = [LETTER, NOTES];

describe("WEB13 sources of facts", () => {
  test.each([
    ["Approval ends in May [1]", [0]],
    ["As the ethics LETTER says, and [2]", [0, 1]],
    ["See https://ethics.example/12 for more", [0]],
    ["Three clinics agreed", []],
    ["A list [1](https://elsewhere.example) and [7]", []],
  ])("%s", (fact, places) => {
    expect(citedIn(fact, SOURCES).map(({ at }) => at)).toEqual(places);
  });

  test("what is put after a fact is found in it again, whether there is an address or not", () => {
    expect(citedIn(`It ends in May${citation(LETTER, 0, LETTER.uri)}`, SOURCES)).toHaveLength(1);
    expect(citedIn(`They agreed${citation(NOTES, 1, null)}`, SOURCES)).toHaveLength(1);
  });

  test("names too short to tell anything name nothing", () => {
    const terse = { title: "a", uri: "b", kind: "link" };
    expect(citedIn("a fact about a b", [terse])).toEqual([]);
  });

  test("an entity is told by the sources that hold its value or its name", () => {
    const found = naming({ key: "ethics", value: "E-12" }, SOURCES);
    expect(found.map(({ source }) => source)).toEqual([LETTER]);
    expect(naming({ key: "budget", value: 40 }, SOURCES)).toEqual([]);
  });
});
