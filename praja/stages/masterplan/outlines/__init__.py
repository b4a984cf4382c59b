"""The books of the guide, and how a region orders, names and leaves out their chapters."""
