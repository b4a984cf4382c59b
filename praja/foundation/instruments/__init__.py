"""Questionnaires and indices as versioned data, the answers given to them, and scores that explain themselves."""
