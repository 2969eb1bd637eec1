"""Server-sent events: answers that go on, and the hub that sends to all who listen."""
