"""What every test of every folder may use."""

# The small country.
pytest_plugins = ["tests.country"]
