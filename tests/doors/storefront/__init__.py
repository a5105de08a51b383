"""The shop's pages, asked over HTTP."""
