"""How granian's requests reach Django, and how a line of events stays open without a thread."""

UNREAD = "cryptons.unread"
"""Where the environment of a request says why its body was not read: the status to answer with, and a text."""
