"""What a reviewer fills in."""

from django import forms
from django.http import QueryDict

from reviews.models import MOST_STARS, Review

_WORDS = {5: "very good", 4: "good", 3: "all right", 2: "not so good", 1: "poor"}


class ReviewForm(forms.Form):
    """Stars and words."""

    rating = forms.TypedChoiceField(
        label="Stars",
        coerce=int,
        choices=[(stars, f"{stars} – {_WORDS[stars]}") for stars in range(MOST_STARS, 0, -1)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how many stars you give.", "invalid_choice": "Choose 1 to 5 stars."},
    )
    title = forms.CharField(label="In a few words", max_length=120, required=False)
    comment = forms.CharField(
        label="Your review",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="What is it like to use? What should others know before they buy?",
        error_messages={"required": "Write a few words."},
    )

    @classmethod
    def of(cls, review: Review | None, data: QueryDict | None = None) -> "ReviewForm":
        """Return the form, filled with what was sent or with the review there is."""
        written = {name: getattr(review, name) for name in ("rating", "title", "comment")} if review else {}
        return cls(data or None, initial=written)
