"""The public MCP client, connected as a client's own configuration file says.

Arguments: configuration file, workspace, eras (`legacy`, `auto` or a protocol version). Prints one
JSON object: what was seen in each era. `PENHOLD_URL` and `PENHOLD_TOKEN` are what the file refers to.
"""

import asyncio
import json
import os
import re
import sys
import tomllib
import uuid
import warnings

import httpx2
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

PATIENCE = 60

# Claude Code writes ${NAME} or ${NAME:-default}, Cursor ${env:NAME}.
VARIABLE = re.compile(r"\$\{(?:env:)?(\w+)(?::-([^}]*))?\}")


def filled_in(value):
    if isinstance(value, str):
        return VARIABLE.sub(lambda name: os.environ.get(name[1]) or name[2] or "", value)
    if isinstance(value, list):
        return [filled_in(one) for one in value]
    if isinstance(value, dict):
        return {key: filled_in(one) for key, one in value.items()}
    return value


def servers(path):
    """What a configuration file says about its servers, as its client understands it."""
    with open(path, "rb") as file:
        if not path.endswith(".toml"):
            return filled_in(json.load(file)["mcpServers"])
        found = tomllib.load(file)["mcp_servers"]
    for server in found.values():
        if variable := server.get("bearer_token_env_var"):
            server["headers"] = {"Authorization": f"Bearer {os.environ[variable]}"}
        server["env"] = {name: os.environ[name] for name in server.get("env_vars", [])}
    return found


def connection(server):
    if "url" in server:
        http = httpx2.AsyncClient(headers=server.get("headers", {}), timeout=PATIENCE)
        return streamable_http_client(server["url"], http_client=http)
    env = {"PATH": os.environ["PATH"], **server.get("env", {})}
    return StdioServerParameters(command=server["command"], args=server.get("args", []), env=env)


async def rename(workspace):
    """Somebody else changes the workspace."""
    headers = {"Authorization": f"Bearer {os.environ['PENHOLD_TOKEN']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as http:
        address = f"{os.environ['PENHOLD_URL']}/api/v1/workspaces/{workspace}"
        (await http.patch(address, json={"title": f"Renamed {uuid.uuid4()}"})).raise_for_status()


async def told_of_change(client, updated, uri, workspace):
    """The address in the notification that follows a change, by the era's own way."""
    if client.protocol_version < "2026-07-28":
        await client.subscribe_resource(uri)
        await rename(workspace)
        told = await updated.get()
        await client.unsubscribe_resource(uri)
        return told
    async with client.listen(resource_subscriptions=[uri]) as events:
        await rename(workspace)
        async for event in events:
            return str(event.uri)


async def every_kind_of_answer(client, workspace):
    """The client checks each answer against the schema that the tool promises."""

    async def call(tool, **arguments):
        result = await client.call_tool(tool, {"workspace": workspace, **arguments})
        assert not result.is_error, f"{tool}: {result.content}"
        return result.structured_content

    owners = await call("workspace_read", section="owners", format="json")
    epoch = next(one["epoch"] for one in owners["document"] if one["item"] == "notes")
    claimed = await call("claim", item="notes", epoch=epoch)
    await call("renew", item="notes", epoch=claimed["epoch"])
    text = await call("workspace_read", path="notes")
    await call("workspace_edit", path="notes", base=text["base"], text="Two venues fit.\n")
    await call("workspace_edit", path="notes", append="And a third.")
    await call("workspace_edit", edits=[{"do": "patch", "at": "briefing", "set": {"confidence": 0.5}}])
    await call("suggest", target="notes", quote="Two venues", replacement="Three venues")
    await call("comment", target="notes", quote="a third", text="Which?")
    await call("context_packet")
    await call("source_search", q="ramp")
    await call(
        "approval_ask",
        title="Book the hall",
        action={"kind": "book", "arguments": {"deposit": 400}},
        why="It has a ramp.",
        reversible=False,
        risk=0.6,
    )
    now = await call("await_change")
    # Since the beginning: every kind of event that there has been.
    await call("await_change", cursor=1, only="everything")
    await call("await_change", cursor=now["cursor"], hold=0)
    await call("release", item="notes", epoch=claimed["epoch"])


async def tour(server, era, workspace):
    updated = asyncio.Queue()

    async def heard(message):
        if getattr(message, "method", None) == "notifications/resources/updated":
            updated.put_nowait(str(message.params.uri))

    async with Client(connection(server), mode=era, message_handler=heard) as client:
        tools = (await client.list_tools()).tools
        for tool in tools:
            Draft202012Validator.check_schema(tool.input_schema)
            Draft202012Validator.check_schema(tool.output_schema)
        # The client checks each structured answer against the tool's output schema.
        listed = await client.call_tool("workspace_list", {})
        read = await client.call_tool("workspace_read", {"workspace": workspace, "section": "plan"})
        unfit = await client.call_tool("workspace_read", {"workspace": workspace, "section": "all of it"})
        missing = await client.call_tool("workspace_read", {"workspace": "nowhere"})
        await every_kind_of_answer(client, workspace)
        try:
            unknown = await client.call_tool("answer_for_the_person", {})
        except MCPError as error:
            unknown = error
        uri = f"penhold://{workspace}/plan"
        return {
            "version": client.protocol_version,
            # Without a greeting, nobody introduces themselves.
            "server": client.server_info.name if client.server_info else None,
            "instructions": client.instructions,
            "tools": [tool.name for tool in tools],
            "listed": [one["id"] for one in listed.structured_content["items"]],
            "read": read.content[0].text,
            "read_is_error": bool(read.is_error),
            "unfit": unfit.content[0].text if unfit.is_error else None,
            "missing": missing.content[0].text if missing.is_error else None,
            "unknown": str(unknown),
            "templates": [
                one.uri_template for one in (await client.list_resource_templates()).resource_templates
            ],
            "resources": [str(one.uri) for one in (await client.list_resources()).resources],
            "resource": (await client.read_resource(uri)).contents[0].text,
            "told": await told_of_change(client, updated, uri, workspace),
        }


async def main(path, workspace, *eras):
    [server] = servers(path).values()
    seen = {era: await asyncio.wait_for(tour(server, era, workspace), PATIENCE) for era in eras}
    print(json.dumps(seen))


# Old ways of the protocol are deprecated, and tested on purpose.
warnings.simplefilter("ignore")
asyncio.run(main(*sys.argv[1:]))
