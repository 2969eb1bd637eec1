"""What the project itself remembers."""

from django.db import models

from cryptons.db import KeyedModel


class Heartbeat(models.Model):
    """When something that runs in the background was last heard of: the row `worker` (`cryptons.tasks.beat`)."""

    name = models.CharField(max_length=40, primary_key=True, db_column="_id")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Change(KeyedModel):
    """A change of what pages show, written in its transaction and taken away once the worker has told it (`cryptons.freshness`).

    `topics` are places on the board of marks, separated by commas.
    """

    topics = models.TextField()

    def __str__(self) -> str:
        return self.topics
