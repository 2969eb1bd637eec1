"""The OpenAPI 3 description, made from the views themselves: their `access`, limits, parsers and `described` methods."""

from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from cryptons.api import refusals, schema_parts
from cryptons.api.describe import Description, description_of
from cryptons.api.fields import Flag, Number, Shape, Text, Whole
from cryptons.api.paging import PageMetaShape
from cryptons.api.views import ANYONE, STAFF, USER

_DONE = {200: "Done.", 201: "Made."}
_TOKEN = ["UNAUTHENTICATED", "TOKEN_EXPIRED", "TOKEN_REVOKED"]
_PATH = {
    "product_id": "The product's id; where it is read or written, its slug will do.",
    "category_id": "The category's id or slug.",
    "order_id": "The order's id or its number.",
    "item_id": "The id of the cart's line.",
    "review_id": "The review's id.",
    "session_id": "The session's id.",
}
_NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
_NO_NUL = r"^[^\x00]*$"


class DetailShape(Shape):
    """What is wrong with one field, dotted where it is nested; what else is told depends on the code."""

    field = Text()
    message = Text()
    product = Text(required=False, help_text="OUT_OF_STOCK: the id of the product.")
    left = Whole(required=False, help_text="OUT_OF_STOCK: how many can be had.")
    order_id = Text(required=False, help_text="The order that was placed all the same.")
    order_number = Text(required=False, help_text="The number of that order.")


class ErrorBodyShape(Shape):
    """What went wrong: `code` for programs, `message` for people."""

    code = Text()
    message = Text()
    details = DetailShape(many=True, required=False)


class ErrorAnswer(Shape):
    """The envelope around an error."""

    success = Flag()
    error = ErrorBodyShape()


class EndpointSchema(AutoSchema):
    """Reads an ApiView."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation: what DRF's views show, our headers, and every refusal."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        told = self._told
        sent = ["X-Request-ID", *(["Idempotency-Key"] if told.idempotent else []), *told.headers]
        sent += ["If-None-Match"] if told.conditional else []
        operation["parameters"] = [*operation.get("parameters", []), *schema_parts.sent_refs(sent)]
        more = (["ETag"] if told.conditional else []) + (["Idempotent-Replayed"] if told.idempotent else [])
        for answer in operation["responses"].values():
            answer["headers"] = schema_parts.header_refs(*more)
        self.resolve_serializer(ErrorAnswer, "response")
        for status, codes in refusals.by_status(self._refusals(told)).items():
            operation["responses"][str(status)] = self._refusal(status, codes)
        return operation

    def get_request_serializer(self) -> Any:
        """Return the shape of the body."""
        return self._told.takes

    def get_response_serializers(self) -> Any:
        """Return the shape of each good status."""
        told = self._told
        statuses = [told.status] + ([told.also] if told.also else [])
        if told.streams:
            examples = [OpenApiExample("Example", value=told.streams, response_only=True, media_type=_EVENTS)]
            return {
                (200, _EVENTS): OpenApiResponse(
                    schema_parts.EVENT, description="A line that stays open.", examples=examples
                )
            }
        good = answer_shape(told.gives, many=told.many or told.paged, meta=_meta_of(told))
        answers: dict[int, Any] = {
            status: OpenApiResponse(good, description=_DONE[status], examples=_answered(told)) for status in statuses
        }
        if told.conditional:
            answers[304] = OpenApiResponse(description="Nothing changed since the ETag that was sent.")
        return answers

    def get_override_parameters(self) -> list[Any]:
        """Return what the address may say."""
        return [self._told.query] if self._told.query else []

    def get_auth(self) -> list[Any]:
        """Return whether a token is needed; `{}` is nothing. A view with a proof of its own names it in `security`."""
        own = getattr(self.view, "security", None)
        if own is not None:
            return list(own)
        if self._access != ANYONE:
            return [{"bearer": []}]
        return [{}, {"bearer": []}] if self.view.get_authenticators() else [{}]

    def get_extensions(self) -> dict[str, Any]:
        """Return who may: `x-access` is anyone, user or staff, `x-permission` what the staff have to hold."""
        if self._access in {ANYONE, USER, STAFF}:
            return {"x-access": self._access}
        return {"x-access": STAFF, "x-permission": self._access}

    def get_tags(self) -> list[str]:
        """Return the first part of the path after /api."""
        return [self.path.strip("/").split("/")[1]]

    def get_summary(self) -> str:
        """Return the first sentence of what the method says of itself."""
        return str(self.get_description()).partition("\n")[0].partition(". ")[0].rstrip(".")

    def get_operation_id(self) -> str:
        """Return a name such as `auth_sessions_delete`, which stays as long as the address does."""
        parts = [part for part in self.path.strip("/").split("/")[1:] if not part.startswith("{")]
        ends = ["one"] if self.path.endswith("}") else []
        return "_".join([*(part.replace("-", "_") for part in parts), *ends, self.method.lower()])

    def get_examples(self) -> list[OpenApiExample]:
        """Return the body to try."""
        example = self._told.example
        return [OpenApiExample("Example", value=dict(example), request_only=True)] if example else []

    @property
    def _told(self) -> Description:
        handler = getattr(self.view, self.method.lower(), None)
        return description_of(handler) or Description()

    @property
    def _access(self) -> str:
        return str(getattr(self.view, "access", {}).get(self.method, USER))

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.replace("Shape", "")

    def _resolve_path_parameters(self, variables: Any) -> Any:
        found = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]  # it has no types
        for parameter in found:
            parameter["description"] = _PATH.get(parameter["name"], "The id.")
        return found

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """Say of what is sent what `cryptons.api.fields` asks of it."""
        schema = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # it has no types
        if type(schema) is dict and "$ref" not in schema:
            _refine(schema, field, is_sent=direction == "request")
        return schema

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """Say of what is sent that it may have no other keys."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]  # it has no types
        if direction == "request" and isinstance(serializer, Shape):
            _say_what_is_text(schema.get("properties", {}), serializer)
            if not (serializer.ignored or serializer.extensible):
                schema["additionalProperties"] = False
            if serializer.any_of:
                schema["anyOf"] = [{"required": [name]} for name in serializer.any_of]
        return schema

    def _refusal(self, status: int, codes: list[str]) -> dict[str, Any]:
        component = ResolvedComponent(
            name=schema_parts.refusal_name(codes),
            type=ResolvedComponent.RESPONSE,
            schema=schema_parts.refusal(status, codes),
            object=tuple(codes),
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def _refusals(self, told: Description) -> set[str]:
        found = {"VALIDATION_ERROR", *refusals.codes_of([400, 406, 429, 500, 503, *told.errors])}
        if self.view.get_authenticators():
            found |= set(_TOKEN)
        if self._access not in {ANYONE, USER}:
            found.add("FORBIDDEN")
        if "{" in self.path:
            found.add("NOT_FOUND")
        if told.takes:
            found |= {"PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"}
        return found | ({"REQUEST_IN_PROGRESS", "IDEMPOTENCY_KEY_REUSED"} if told.idempotent else set())


_EVENTS = "text/event-stream"


@cache
def answer_shape(gives: type[Shape] | None, *, many: bool, meta: type[Shape] | None) -> Any:
    """Return the envelope around what a method gives."""
    fields: dict[str, Any] = {"success": serializers.BooleanField()}
    if gives is None:
        fields["data"] = serializers.JSONField(allow_null=True)
        name = "Nothing"
    else:
        fields["data"] = gives(many=many)
        name = gives.__name__.removesuffix("Shape") + ("List" if many else "")
    if meta is not None:
        fields["meta"] = meta()
    return type(f"{name}Page" if meta else f"{name}Answer", (serializers.Serializer,), fields)


def _meta_of(told: Description) -> type[Shape] | None:
    return (told.meta or PageMetaShape) if told.paged else None


def _answered(told: Description) -> list[OpenApiExample]:
    """Return an example of the answer, where the shape has one of itself."""
    if told.gives is None:
        return [OpenApiExample("Example", value={"success": True, "data": None}, response_only=True)]
    one = told.gives.example
    if one is None:
        return []
    is_list = told.many or told.paged
    value: dict[str, Any] = {"success": True, "data": [one] if is_list else one}
    meta = _meta_of(told)
    if meta is not None:
        value["meta"] = {**(PageMetaShape.example or {}), **(meta.example or {})}
    return [OpenApiExample("Example", value=value, response_only=True)]


def _refine(schema: dict[str, Any], field: Any, *, is_sent: bool) -> None:
    if not is_sent:
        for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "readOnly"):
            schema.pop(bound, None)  # what is answered was not checked against them
    if isinstance(field, Whole):
        schema["format"] = "int32" if field.max_value is not None and field.max_value < 2**31 else "int64"
    elif isinstance(field, Number):
        schema["format"] = "double"
        if is_sent:
            schema["multipleOf"] = float(f"1e-{field.decimal_places}")


def _say_what_is_text(properties: dict[str, Any], shape: Shape) -> None:
    for name, field in shape.fields.items():
        if isinstance(field, Text) and properties[name].get("type") == "string":
            properties[name].setdefault("pattern", _NO_NUL if field.allow_blank else _NOT_BLANK)
