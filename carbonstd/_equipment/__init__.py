"""Lists of equipment graded by efficiency standards and held against lists of what is obsolete."""
