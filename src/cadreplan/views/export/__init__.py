"""A plan as files for people: pure tables first, then workbook, CSV, calendars and pages made of them."""
