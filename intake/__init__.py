"""What offices hand in as workbooks, read all-or-nothing."""
