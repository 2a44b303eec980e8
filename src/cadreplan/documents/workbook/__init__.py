"""Excel workbooks: the parts of the file, the cells of a sheet, a sheet as rows of texts."""
