"""A case from a workbook, and what all workbooks share."""
