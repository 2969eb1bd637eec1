"""The address book."""

from uuid import UUID

from django.contrib import messages
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services
from accounts.models import Address, User
from accounts.postal import ADDRESS_FIELDS
from accounts.postal_form import AddressForm
from accounts.selectors import address_of, addresses_of
from accounts.views.common import member, members_only, show_refusal
from cryptons.errors import DomainError, NotFound


@require_GET
@members_only
def addresses(request: HttpRequest) -> HttpResponse:
    """Show the address book."""
    return render(request, "accounts/addresses.html", {"addresses": addresses_of(user=member(request))})


@require_http_methods(["GET", "POST"])
@members_only
def address_add(request: HttpRequest) -> HttpResponse:
    """Add an address."""
    user = member(request)
    form = AddressForm(request.POST or None, initial={"full_name": f"{user.first_name} {user.last_name}".strip()})
    return _edit(request, form, None)


@require_http_methods(["GET", "POST"])
@members_only
def address_edit(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Change an address."""
    address = _own(member(request), address_id)
    initial = {**model_to_dict(address, [*ADDRESS_FIELDS, "label"]), "make_default": address.is_default}
    return _edit(request, AddressForm(request.POST or None, initial=initial), address)


@require_http_methods(["GET", "POST"])
@members_only
def address_delete(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Ask once, then take an address out of the book."""
    user = member(request)
    address = _own(user, address_id)
    if request.method == "GET":
        return render(request, "accounts/address_delete.html", {"address": address})
    try:
        services.delete_address(user=user, address_id=address_id)
    except NotFound as error:
        raise Http404(error.message) from error
    messages.success(request, "The address is deleted.")
    return redirect("accounts:addresses")


@require_POST
@members_only
def address_default(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Use an address first from now on."""
    try:
        services.make_default_address(user=member(request), address_id=address_id)
    except NotFound as error:
        raise Http404(error.message) from error
    messages.success(request, "This address is used first from now on.")
    return redirect("accounts:addresses")


def _own(user: User, address_id: UUID) -> Address:
    try:
        return address_of(user=user, address_id=address_id)
    except NotFound as error:
        raise Http404(error.message) from error


def _edit(request: HttpRequest, form: AddressForm, address: Address | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.save_address(
                user=member(request),
                data=form.address(),
                address_id=address.pk if address else None,
                label=form.cleaned_data["label"],
                make_default=form.cleaned_data["make_default"],
            )
        except NotFound as error:
            raise Http404(error.message) from error
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The address is saved.")
            return redirect("accounts:addresses")
    return render(request, "accounts/address_form.html", {"form": form, "address": address})
