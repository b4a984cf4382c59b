"""Setting a plan up: agencies, people, deadlines and what is asked of whom."""
