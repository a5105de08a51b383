"""The back office: `/api/office/`."""
