"""What can go wrong in the product; one place maps these to HTTP, one to exit codes."""

from __future__ import annotations


class BotError(Exception):
    """Something about this request or this set-up is wrong."""


class BadSettings(BotError):
    """A setting is missing, impossible, or fits no other."""


class BadThreshold(BotError):
    """A threshold lies above 0 and below 1; one of 0 would answer everything."""


class BadMessage(BotError):
    """A customer's message that cannot be taken as it is."""


class MessageEmpty(BadMessage):
    """The message has no words; write something first."""


class MessageTooLong(BadMessage):
    """The message is longer than 4,000 characters; please send it in parts."""


class MessageUnreadable(BadMessage):
    """The message holds control characters or binary data; please send text."""


class InvalidToken(BotError):
    """The token is malformed or not ours; start a new session without it."""


class ExpiredToken(BotError):
    """The token has expired; start a new session without it."""


class InvalidIdentity(InvalidToken):
    """The identity token is not one that the shop's server may sign; sign a new one."""


class ExpiredIdentity(ExpiredToken):
    """The identity token has expired; let the shop's server sign a new one."""


class UnsupportedUpload(BotError):
    """This is no picture that can be shown; send a JPEG, PNG, WebP or GIF."""


class UploadTooLarge(BotError):
    """The picture is too large; send a smaller one."""


class ModelFailed(BotError):
    """The language model gave no usable answer."""


class OrdersUnavailable(BotError):
    """The shop's orders cannot be read right now."""


class Infrastructure(BotError):
    """A part that the bot needs is not there."""


class PortTaken(Infrastructure):
    """Another program listens on this port; stop it or set KEFU_PORT."""


class DataFolderInUse(Infrastructure):
    """Another kefu server uses this data folder; stop it, or set KEFU_DATA to another folder."""


class DatabaseShared(Infrastructure):
    """Another kefu process works on this database; set KEFU_CHROMA_URL for all, or stop it."""

    def __init__(self) -> None:
        super().__init__(
            "another kefu process works on this database, and one with embedded Chroma must be "
            "alone; set KEFU_CHROMA_URL to a Chroma server for all of them, or stop the other one"
        )


class WrongSchema(Infrastructure):
    """The database is of another version; run `kefu migrate`."""


class WrongControlToken(BotError):
    """The control token is not this server's; run the command as the user who runs the server."""


class TooManyRequests(BotError):
    """Too many requests; please wait a moment."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests; please try again in {retry_after} s.")
        self.retry_after = retry_after
