"""Help-desk exports: one layout a file, and what all of them share. Knows neither files nor folders."""
