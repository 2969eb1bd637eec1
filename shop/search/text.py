"""A column with the folded words of a row, in which the database alone finds parts of words.

The text is short and has an index with all that a list is sorted and divided by. So looking at every row means reading that index from one
end to the other, and no row.
"""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

from shop.search.words import fold

LONGEST_TEXT = 400
"""Signs of a text; what is beyond them is not searched. An index of PostgreSQL takes no more than about 2,700 bytes."""
FEW = 500
"""So many rows at most are named one by one."""
Row = TypeVar("Row", bound=models.Model)


def text_of(*texts: str) -> str:
    """Return what is searched of a row that consists of `texts`; sorted by it, rows are in the order of the first, the second, and so on.

    Two spaces stand between them: they go before anything that makes a text longer.
    """
    return "  ".join(map(fold, texts))[:LONGEST_TEXT]


class SearchTextField(models.CharField[str, str]):
    """The row's `spelled()`, whenever the field is written."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """Return what is written."""
        text: str = model_instance.spelled()
        setattr(model_instance, self.attname, text)
        return text

    def deconstruct(self) -> Any:
        """Return a plain column: the models of migrations have no `spelled`."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class Spelled(models.Model):
    """A row that is found by parts of words. `spelled_from` are the columns that its text is made of."""

    search_text = SearchTextField(max_length=LONGEST_TEXT, default="", editable=False)
    spelled_from: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Store the row, and its text where something is stored that it is made of."""
        fields, deferred = options.get("update_fields"), self.get_deferred_fields()
        if fields is not None and not self.spelled_from.isdisjoint(fields):
            options["update_fields"] = {*fields, "search_text"}
        elif fields is None and "search_text" in deferred and not self.spelled_from <= deferred:
            self.search_text = ""  # Django writes only what was read or set; what is written here, `pre_save` says.
        super().save(**options)

    def spelled(self) -> str:
        """Return the `text_of` this row."""
        raise NotImplementedError


def spell(row: "QuerySet[Any]") -> None:
    """Write the text of one row anew, in the transaction in which an update went past `save`: nobody else writes the row meanwhile."""
    row.update(search_text=row.get().spelled())


def containing(rows: "QuerySet[Row]", typed: str) -> "QuerySet[Row]":
    """Return those of `rows` whose text has all the words that were typed, or parts of words; none where only signs were typed."""
    return rows.filter(has_words(typed))


def has_words(typed: str) -> Q:
    """Return the condition of `containing`."""
    words = fold(typed).split()
    return Q(*(Q(search_text__contains=word) for word in words)) if words else Q(pk__in=())


def few_keys(found: "QuerySet[Any]") -> list[Any] | None:
    """Return the keys of `found`, or None where they are more than `FEW`."""
    keys = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    return keys if len(keys) <= FEW else None


def containing_once(rows: "QuerySet[Row]", typed: str) -> "QuerySet[Row]":
    """Return the same as `containing`, by their keys where they are few: so nothing that follows looks at every row once more."""
    found = containing(rows, typed)
    keys = few_keys(found)
    return found if keys is None else rows.filter(pk__in=keys)
