"""The report forms a document prints, as data and filled."""
