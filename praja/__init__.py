"""Praja: making, agreeing, carrying out and proving a smart-city masterplan."""
