"""Reading and writing the document."""

import pytest
from penhold import Refused


async def agt9_a_text_is_merged_with_what_a_person_wrote_meanwhile(world, client):
    notes = await client.text("notes")
    world.mara.writes("notes", append="The mill has no ramp.")
    written = await client.write("notes", notes["text"].replace("fit", "fit us"), notes["base"])
    assert [hunk["outcome"] for hunk in written["hunks"]] == ["applied"]
    assert "Two venues fit us." in written["now"]["text"]
    assert "The mill has no ramp." in written["now"]["text"]


async def agt9_passages_are_replaced_and_lines_appended(client):
    await client.replace("notes", "Two venues", "Three venues")
    written = await client.append("notes", "One is a mill.")
    assert written["now"]["text"].startswith("Three venues fit.")
    assert written["now"]["text"].rstrip().endswith("One is a mill.")
    with pytest.raises(Refused) as twice:
        await client.replace("notes", "e", "E")
    assert twice.value.code == "ambiguous" and twice.value.status == 409


async def agt9_lists_and_fields_are_edited_all_or_none(world, client):
    world.mara.releases("workspace")
    add = {"do": "add", "to": "plan/steps", "value": {"title": "Call the mill"}}
    written = await client.edit([add, {"do": "patch", "at": "plan", "set": {"goal": "A venue."}}])
    assert len(written["changed"]) == 2 and written["now"] is None
    document = await client.document()
    assert document["plan"]["goal"] == "A venue."
    assert [step["title"] for step in document["plan"]["steps"]] == ["Call the mill"]
    assert "Call the mill" in await client.markdown()


async def agt9_edits_that_do_not_fit_are_named_with_an_example_and_change_nothing(client):
    before = await client.document()
    for edits, words in [
        ([{"do": "paint"}], "edits[0]: field `do`"),
        ([{"do": "patch", "at": "plan"}], "for example"),
        ({"do": "patch"}, "expected a sequence"),
        ([{"do": "add", "to": "plan/steps", "value": float("nan")}], "not JSON compliant"),
    ]:
        with pytest.raises(ValueError) as unfit:
            await client.edit(edits)
        assert words in str(unfit.value)
    with pytest.raises(TypeError):
        await client.edit([{"do": object()}])
    for path in ["..", "chapter/1"]:
        with pytest.raises((ValueError, Refused)):
            await client.text(path)
    assert await client.document() == before


async def agt9_suggestions_and_comments_hold_on_to_their_passage(world, client):
    made = await client.suggest("notes", "Three venues", quote="Two venues", reason="Miscounted.")
    assert made["quote"] == "Two venues" and made["reason"] == "Miscounted."
    thread = await client.comment("notes", "Which two?", quote="Two venues")
    thread = await client.reply(thread["id"], "The hall and the mill.")
    assert [one["text"] for one in thread["comments"]] == ["Which two?", "The hall and the mill."]
    assert [one["id"] for one in await client.suggestions()] == [made["id"]]
    assert [one["id"] for one in await client.threads()] == [thread["id"]]
    assert (await client.text("notes"))["text"] == "Two venues fit.\n"


async def agt9_what_an_agent_does_not_hold_becomes_suggestions(world, client):
    step = {"do": "patch", "at": "plan", "set": {"goal": "A venue by May."}}
    written = await client.edit([step], reason="There was none.")
    assert len(written["suggestions"]) == 1
    assert (await client.document())["plan"]["goal"] == ""
