"""Handing a role over: what is still open, who takes it on, and what was typed goes along."""
