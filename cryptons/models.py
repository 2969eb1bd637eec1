"""What the project itself remembers."""

from django.db import models


class Heartbeat(models.Model):
    """When something that runs in the background was last heard of: the row `worker` (`cryptons.tasks.beat`)."""

    name = models.CharField(max_length=40, primary_key=True, db_column="_id")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
