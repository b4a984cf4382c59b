"""Targets tested: the tree of the RPJMD, its workbook, orphans and holes."""
