"""Pages as they are printed: lines with places turned back into headings, columns and tables."""
