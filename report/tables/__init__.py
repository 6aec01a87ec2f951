"""The tables of the report: typed cells under headers with units."""
