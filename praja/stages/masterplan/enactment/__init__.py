"""How a regulation enacts the plan: its stages, who holds it, its articles and the draft as Word."""
