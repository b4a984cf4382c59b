"""The baseline: plain Django with its admin and django-import-export, on the same rows."""
