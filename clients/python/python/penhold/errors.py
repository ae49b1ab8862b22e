"""Why something was not done. `str(error)` says what happened and what to do."""

from typing import Any

from .types import Owner, Unsent


class PenholdError(Exception):
    """Something was not done."""


class Refused(PenholdError):
    """The server says no, and what to do instead. Nothing has changed."""

    code: str
    """Which problem it is, stable, such as `stale` or `not_owner`."""
    status: int
    """The HTTP status."""
    owner: Owner
    """Who holds the item, when that is what stands in the way."""
    owner_name: str | None
    """That owner's name."""
    epoch: int | None
    """The item's epoch now."""
    more: dict[str, Any]
    """Everything else that the server told, such as what a briefing lacks."""

    def __init__(
        self,
        detail: str,
        code: str,
        status: int,
        owner: Owner,
        owner_name: str | None,
        epoch: int | None,
        more: dict[str, Any],
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.status = status
        self.owner = owner
        self.owner_name = owner_name
        self.epoch = epoch
        self.more = more


class Unreachable(PenholdError):
    """The server did not answer for as long as the client is patient. A command may have been
    carried out all the same: ask again with the same key, or look."""


class Unreadable(PenholdError):
    """The server answered what this version does not understand."""


class Denied(PenholdError):
    """The server refused an edit of a peer, which joins again by itself."""

    path: str
    """Where the edit would have written; empty if it is not about one place."""
    unsent: list[Unsent]
    """What the peer had written and the server did not have yet."""

    def __init__(self, detail: str, path: str, unsent: list[Unsent]) -> None:
        super().__init__(detail)
        self.path = path
        self.unsent = unsent


class Stopped(PenholdError):
    """The server closed for good; the peer does not try again."""

    code: int
    """The close code."""
    unsent: list[Unsent]
    """What the peer had written and the server did not have yet."""

    def __init__(self, detail: str, code: int, unsent: list[Unsent]) -> None:
        super().__init__(detail)
        self.code = code
        self.unsent = unsent


class Closed(PenholdError):
    """The peer was closed."""
