"""The table of the words: a full-text index of SQLite, a column of words with its index on PostgreSQL."""

from django.db import migrations

MAKE = {
    "sqlite": ["CREATE VIRTUAL TABLE search_words USING fts5(title, text, scope, tokenize = 'ascii')"],
    "postgresql": [
        "CREATE TABLE search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX search_words_of_rows ON search_words USING gin (words)",
    ],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):

    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, remove)]
