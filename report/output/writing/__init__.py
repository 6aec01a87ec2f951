"""What both writers share: records and tables to HTML, and the Report that templates see."""
