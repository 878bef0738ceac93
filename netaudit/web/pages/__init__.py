"""The pages, one file a page: each lists its ROUTES."""
