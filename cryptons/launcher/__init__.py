"""Starting the whole store on one machine with one command: checks, preparation, and the processes that run it."""


class LaunchError(Exception):
    """The store cannot start; the message is one line that names the setting and says what to do."""
