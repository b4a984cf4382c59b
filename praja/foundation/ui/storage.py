"""Static files under names that change with their content, the addresses inside script modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """As whitenoise's, and `import "./drafts.js"` is rewritten too, so that a browser never mixes two versions."""

    support_js_module_import_aggregation = True
