"""Strategies, programmes and actions with their years, money and dependencies: the action plan and the roadmap."""
