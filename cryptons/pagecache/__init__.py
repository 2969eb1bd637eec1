"""Answers that are the same for everybody, kept as bytes for as long as nothing that they show has changed.

What is good and what is not is decided by `cryptons.freshness`: a kept answer is used while the marks stand that stood before it was made.

`answering` is the outside: whoever is a stranger and asks in a plain way is answered there, before Django has looked at the request.
`keeping` is where what was made for them is kept.
`frames` is the inside: a page with holes where the template says `{% personal "…" %}`, which are filled for each person, and the bodies of
the API's public answers, for people who are signed in. Of the cart's page only what stands around the cart is kept, of checkout and
accounts nothing.
"""

from cryptons.pagecache.frames import framed, hole, impersonal
from cryptons.pagecache.keeping import PageCacheMiddleware

__all__ = ["PageCacheMiddleware", "framed", "hole", "impersonal"]
