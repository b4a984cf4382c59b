"""Quick wins: nominated, scored, chosen as the best set under rules, decided by the head of region, described, renewed."""
