"""Tests of what files may be, how they are kept and who gets them."""
