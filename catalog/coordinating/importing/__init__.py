"""Tables that a coordinator brings in: read, looked at row by row, settled where somebody could be meant twice, and
saved in one transaction. What is shown before is exactly what is saved, or nothing is."""
