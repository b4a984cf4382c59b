"""Choosing by several criteria: weights, rankings, the best set under rules, and how firm a choice is."""
