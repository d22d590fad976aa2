"""Quality-control plans: the workbook to fill, a filled one, and a case held against it."""
