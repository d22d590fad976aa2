"""Several methods on one workbook."""
