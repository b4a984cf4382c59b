"""Signing any frozen document: rounds, the three ways to sign, evidence, and the check that anyone can make."""
