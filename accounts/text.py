"""What may stand in one line that a person typed."""

import unicodedata

from django.core.exceptions import ValidationError

# Control characters, lone surrogates, line and paragraph separators; and the marks that turn the direction of what follows, with
# which a name could be made to read as something else on a parcel or in the admin.
_REFUSED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_refused(character: str) -> bool:
    """Return whether `character` has no place in a line of text."""
    return character in _DIRECTION_MARKS or unicodedata.category(character) in _REFUSED_CATEGORIES


def validate_line(value: str) -> None:
    """Refuse invisible characters that could break a label, a log line or a mail header. Raises ValidationError."""
    if not value.isprintable() and any(is_refused(character) for character in value):
        raise ValidationError(
            "Remove the invisible characters (a line break or a tab, for example) and try again.", code="invisible"
        )
