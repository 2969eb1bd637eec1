"""The OpenAPI 3 description, made from the views themselves: their `access`, limits, parsers and `described` methods."""

from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from cryptons.api.describe import Description, description_of
from cryptons.api.envelope import CODES, MESSAGES
from cryptons.api.fields import Shape
from cryptons.api.views import ANYONE, USER

_MEANINGS = {
    **MESSAGES,
    409: "It clashes with how things stand.",
    422: "This Idempotency-Key came with another request.",
}
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 printable characters. The same key and body get the same answer for 24 hours.",
)
_HEADERS = {
    "X-Request-ID": ("string", "The id of this request in the store's log."),
    "RateLimit-Limit": ("integer", "How many requests a window allows."),
    "RateLimit-Remaining": ("integer", "How many are left in it."),
    "RateLimit-Reset": ("integer", "In how many seconds a new one may open."),
}


class DetailShape(serializers.Serializer[Any]):
    """What is wrong with one field, dotted where it is nested."""

    field = serializers.CharField()
    message = serializers.CharField()


class ErrorBody(serializers.Serializer[Any]):
    """What went wrong: `code` for programs, `message` for people."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = DetailShape(many=True, required=False)


class ErrorAnswer(serializers.Serializer[Any]):
    """The envelope around an error."""

    success = serializers.BooleanField(default=False)
    error = ErrorBody()


class PageMeta(serializers.Serializer[Any]):
    """Where in a list one is."""

    page = serializers.IntegerField()
    limit = serializers.IntegerField()
    total = serializers.IntegerField()
    pages = serializers.IntegerField()


class EndpointSchema(AutoSchema):
    """Reads an ApiView."""

    @property
    def _told(self) -> Description:
        handler = getattr(self.view, self.method.lower(), None)
        return description_of(handler) or Description()

    @property
    def _access(self) -> str:
        return str(getattr(self.view, "access", {}).get(self.method, USER))

    def get_request_serializer(self) -> Any:
        """Return the shape of the body."""
        return self._told.takes

    def get_response_serializers(self) -> Any:
        """Return the shape of each status."""
        told = self._told
        good = answer_shape(told.gives, told.many or told.paged, told.paged)
        statuses = [told.status] + ([told.also] if told.also else [])
        answers: dict[int, Any] = {status: OpenApiResponse(good, description="Done.") for status in statuses}
        if told.conditional:
            answers[304] = OpenApiResponse(description="Nothing changed since the ETag that was sent.")
        for status in sorted(self._refusals(told)):
            answers[status] = OpenApiResponse(ErrorAnswer, description=_MEANINGS.get(status, CODES.get(status, "")))
        return answers

    def get_override_parameters(self) -> list[Any]:
        """Return what the address and the headers may say."""
        told = self._told
        return [*([told.query] if told.query else []), *([_KEY] if told.idempotent else [])]

    def get_auth(self) -> list[Any]:
        """Return whether a token is needed; a view with a proof of its own names it in `security`."""
        own = getattr(self.view, "security", None)
        if own is not None:
            return list(own)
        return [] if self._access == ANYONE else [{"bearer": []}]

    def get_tags(self) -> list[str]:
        """Return the first part of the path after /api."""
        return [self.path.strip("/").split("/")[1]]

    def get_operation_id(self) -> str:
        """Return a name such as `auth_sessions_delete`, which stays as long as the address does."""
        parts = [part for part in self.path.strip("/").split("/")[1:] if not part.startswith("{")]
        ends = ["one"] if self.path.endswith("}") else []
        return "_".join([*(part.replace("-", "_") for part in parts), *ends, self.method.lower()])

    def get_examples(self) -> list[OpenApiExample]:
        """Return the body to try."""
        example = self._told.example
        return [OpenApiExample("Example", value=dict(example), request_only=True)] if example else []

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """Say of what is sent that it may have no other keys."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]  # it has no types
        if (
            direction == "request"
            and isinstance(serializer, Shape)
            and not (serializer.ignored or serializer.extensible)
        ):
            schema["additionalProperties"] = False
        return schema

    def _refusals(self, told: Description) -> set[int]:
        found = {400, 406, 429, 503, *told.errors}
        if self._access != ANYONE or self.view.get_authenticators():
            found.add(401)
        if self._access not in {ANYONE, USER}:
            found.add(403)
        if "{" in self.path:
            found.add(404)
        if told.takes:
            found |= {413, 415}
        return found | ({409, 422} if told.idempotent else set())


@cache
def answer_shape(gives: type[Shape] | None, many: bool, paged: bool) -> Any:
    """Return the envelope around what a method gives."""
    fields: dict[str, Any] = {"success": serializers.BooleanField(default=True)}
    if gives is None:
        fields["data"] = serializers.JSONField(allow_null=True)
        name = "Nothing"
    else:
        fields["data"] = gives(many=many)
        name = gives.__name__.removesuffix("Shape") + ("List" if many else "")
    if paged:
        fields["meta"] = PageMeta()
    return type(f"{name}Page" if paged else f"{name}Answer", (serializers.Serializer,), fields)


def add_headers(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say of every answer which headers it has (a postprocessing hook of drf-spectacular)."""
    headers = {
        name: {"schema": {"type": kind}, "description": meaning, "required": True}
        for name, (kind, meaning) in _HEADERS.items()
    }
    for path in result["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                answer.setdefault("headers", {}).update(headers)
    return result
