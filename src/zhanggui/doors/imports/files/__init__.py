"""Files as tables of text: CSV in any usual encoding, Parquet, XLSX, and JSON lines.

Every column becomes text, as it stands in the file, and every row keeps its number, so that a refused line can be given
back as it came.
"""
