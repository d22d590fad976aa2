"""The workbook to fill."""
