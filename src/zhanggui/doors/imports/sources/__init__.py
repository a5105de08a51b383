"""Ways of reading: each turns the files of one kind into documents in the workbench (see `documents`)."""
