"""The pages, one file per job of a person."""
