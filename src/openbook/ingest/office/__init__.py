"""Office files: packages of XML, their sheets, styles and limits."""
