"""One figure followed down to the cells, clauses and tables it came from."""
