"""HTML and what is turned into it: parsed, judged for visibility, walked into blocks."""
