"""The result workbook with its live formulas."""
