"""DRF's renderer, negotiation and parser, on `cryptons.api.wire`."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from cryptons.api import envelope, wire
from cryptons.api.requests import plain


class EnvelopeRenderer(BaseRenderer):
    """Puts every answer of a view into the envelope; a list's `meta` is an attribute of the response (`cryptons.api.paging`)."""

    media_type = envelope.JSON
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the answer's bytes."""
        response = (renderer_context or {})["response"]
        if response.exception or response.status_code >= 400:
            return wire.dumps(envelope.failure(data))
        return wire.dumps(envelope.success(data, getattr(response, "meta", None)))


class EventRenderer(EnvelopeRenderer):
    """Lets in who accepts events alone. The events come ready from `cryptons.streams`; what is rendered here is a refusal, in JSON."""

    media_type = "text/event-stream"
    format = "events"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the refusal's bytes."""
        (renderer_context or {})["response"]["Content-Type"] = envelope.JSON
        return super().render(data, accepted_media_type, renderer_context)


class Negotiation(DefaultContentNegotiation):
    """Knows what nearly everybody accepts, and works out the rest as DRF does."""

    usual = frozenset({"*/*", envelope.JSON, f"{envelope.JSON}, text/plain, */*"})
    """What browsers, curl and programs send; no header at all is the first."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Any:
        """Return the renderer to use and the media type that was accepted. Raises NotAcceptable."""
        if plain(request).META.get("HTTP_ACCEPT", "*/*") in self.usual:
            first = next(iter(renderers))
            if first.media_type == envelope.JSON:
                return first, envelope.JSON
        return super().select_renderer(request, renderers, format_suffix)


class StrictJSONParser(JSONParser):
    """Reads a body of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes (DRF hands it over through Django, which counts)."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what was sent. Raises ParseError."""
        return wire.loads(stream.read())
