"""What every stage stands on, in the order of settings.FOUNDATION; each folder may import those before it."""
