"""The parts of a page that are somebody's own."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from cryptons.pagecache import hole
from cryptons.templatetags.parts import drawn

register = template.Library()


@register.simple_tag(takes_context=True)
def personal(context: Context, name: str) -> SafeString:
    """Include the template `name`, which may use the request and what context processors give and nothing else.

    On a page that is kept (`cryptons.pagecache.impersonal`) it is rendered anew for each person.
    """
    left_open = hole(context.get("request"), name)
    if left_open:
        return mark_safe(left_open)  # noqa: S308 (a comment of our own making, filled before it is sent)
    if context.template is None:
        raise template.TemplateSyntaxError("{% personal %} works in a template that is being rendered.")
    with context.push():
        return context.template.engine.get_template(name).render(context)


@register.simple_tag(takes_context=True)
def for_visitor(context: Context, name: str) -> SafeString:
    """Draw the part `name` (`cryptons.templatetags.parts`), which is told whether its reader `is_known`, and `is_staff`."""
    user = context["user"]
    return drawn(name, is_known=user.is_authenticated, is_staff=user.is_staff)
