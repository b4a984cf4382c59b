"""The e-sign gateway that a region runs on its own network: two generations behind one interface, and one that is fake."""
