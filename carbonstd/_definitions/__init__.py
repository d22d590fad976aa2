"""What definition files hold: methods, tables, vocabularies and the register, and how a name leads to one."""
