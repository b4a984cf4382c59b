"""The roadmap tested: actions, money counted once, warnings, codes, the timeline and the poster."""
