"""How granian's requests reach Django, and how a line of events stays open without a thread."""
