"""A figure of a region with unit, year and source, stored once."""
