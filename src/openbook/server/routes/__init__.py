"""The routes, one file each: a function that makes them from what they work with."""
