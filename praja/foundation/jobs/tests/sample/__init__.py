"""An app with jobs for tests; only the test's own worker processes install it."""
