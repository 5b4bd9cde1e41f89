"""From a table to records: which column is which, how its dates and numbers are written, what is rejected and why."""
