"""Inserting thousands of rows at once: what a row does not say takes the field's default, prepared only once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections, models, router


def insert_many(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows of `{attname: value}` in one statement; unknown names are passed over, keys are not answered.

    `bulk_create` prepares each field of each row: with sixty fields, of which a dozen are given, that is five times
    the work. Signals and save() are not called, as with `bulk_create`.
    """
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    position = {field.attname: number for number, field in enumerate(fields)}
    # A default that is called gives each row its own value (uid, the moment); the others are the same for all.
    called = [(number, field) for number, field in enumerate(fields) if field.has_default() and callable(field.default)]
    template = [field.get_db_prep_save(field.get_default(), connection) for field in fields]
    prepared = []
    for row in rows:
        values = list(template)
        for name, value in row.items():
            number = position.get(name)
            if number is not None:
                values[number] = fields[number].get_db_prep_save(value, connection)
        for number, field in called:
            if field.attname not in row:
                values[number] = field.get_db_prep_save(field.get_default(), connection)
        prepared.append(values)
    if not prepared:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        # Names come from the models, values go as parameters.
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", prepared)  # noqa: S608


def update_many(model: type[models.Model], rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Update rows of `(key, {attname: value})`, those with the same names in one statement sent many times.

    The caller holds the rows (select_for_update) and has compared their versions. `bulk_update` writes one CASE for
    each column with a branch for each row: for rows that change in different columns that is ten times the work.
    """
    connection = connections[router.db_for_write(model)]
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    for key, values in rows:
        names = tuple(sorted(values))
        given = [fields[name].get_db_prep_save(values[name], connection) for name in names]
        alike.setdefault(names, []).append([*given, key])
    with connection.cursor() as cursor:
        for names, prepared in alike.items():
            columns = ", ".join(f"{quote(str(fields[name].column))} = %s" for name in names)
            where = quote(str(model._meta.pk.column))
            # Names come from the models, values go as parameters.
            cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {where} = %s", prepared)  # noqa: S608
