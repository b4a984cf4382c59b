"""How ready the region is: nature, structure, infrastructure, superstructure and culture, element by element."""
