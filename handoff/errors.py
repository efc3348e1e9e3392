"""Everything the handoff package refuses; the message is meant for the person who reads it."""

from __future__ import annotations


class HandoffError(Exception):
    """The conversation is not in a state that allows this."""


class UnknownConversation(HandoffError):
    """There is no such conversation."""


class AlreadyClaimed(HandoffError):
    """Someone else holds this conversation; reload the list to see who."""


class NotWaiting(HandoffError):
    """This conversation is not waiting in the queue."""


class NotHolder(HandoffError):
    """You do not hold this conversation; claim it first."""


class ConversationClosed(HandoffError):
    """This conversation is closed; it opens again when the customer writes."""


class OtherCustomer(HandoffError):
    """This conversation belongs to another customer; begin a new one."""


class UnknownUpload(HandoffError):
    """There is no such upload in this conversation; send the picture again."""


class NothingToRate(HandoffError):
    """There is no conversation to rate: it has to be over, with something said in it."""


class NothingToSplit(HandoffError):
    """No customer signed in to this conversation, or that has been undone already."""


class LeadOnly(HandoffError):
    """Only a lead may do this; ask one."""


class MessageIdTaken(HandoffError):
    """Somebody else used this `client_message_id` here; send it again under a new one."""


class LeaseLost(HandoffError):
    """The reply is out of date: the customer wrote again, or somebody else took over."""


class SignInFailed(HandoffError):
    """E-mail address or password is wrong."""


class NotSignedIn(HandoffError):
    """Nobody is signed in; sign in at the desk first."""


class PersonExists(HandoffError):
    """There is already an account with this e-mail address."""


class WrongCsrf(HandoffError):
    """The page is out of date; reload it and try again."""
